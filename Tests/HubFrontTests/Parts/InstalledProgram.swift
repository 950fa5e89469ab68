import Foundation
import TestSupport
import Testing

/// Programs of other packages that these tests start, found where distributions put them.
enum InstalledProgram: String, CaseIterable {
    case openssl
    case kinit
    case krb5kdc
    case kdb5_util
    case kadminLocal = "kadmin.local"
    case apache

    private var names: [String] { self == .apache ? ["apache2", "httpd"] : [rawValue] }

    /// nil if it is not installed.
    var path: URL? {
        let inherited = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":").map(String.init) ?? []
        for folder in inherited + ["/usr/sbin", "/sbin", "/usr/bin"] {
            for name in names {
                let url = URL(fileURLWithPath: folder).appendingPathComponent(name)
                if FileManager.default.isExecutableFile(atPath: url.path) { return url }
            }
        }
        return nil
    }

    /// - Throws: ``PartFailure`` if it is not installed.
    func required() throws -> URL {
        guard let path else {
            throw PartFailure("\(names.joined(separator: " or ")) is not installed; scripts/prepare tests installs it")
        }
        return path
    }

    /// What these tests cannot do without and is not there.
    static let missing: [String] = {
        var missing = allCases.filter { $0.path == nil }.map(\.rawValue)
        if ApacheModules.folder?.has("auth_gssapi") != true { missing.append("mod_auth_gssapi") }
        return missing
    }()
}

/// A part of the stage that could not be set up, and why.
struct PartFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension Trait where Self == ConditionTrait {
    /// For tests that start a web server and a Kerberos realm. Under `scripts/test` a missing program is a failure.
    static var needsWebServer: Self {
        .enabled(
            if: InstalledProgram.missing.isEmpty && PythonPeer.isInstalled || PythonPeer.isRequired,
            """
            skipped: not installed: \((InstalledProgram.missing + (PythonPeer.isInstalled ? [] : ["Python peers"]))
                .joined(separator: ", ")); scripts/prepare tests installs them
            """)
    }
}
