package import Foundation
package import Testing

/// Where things lie, seen from the checkout that this file is in.
package enum Checkout {
    /// The top of the checkout.
    package static let root: URL = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url
    }()

    /// Our own fixtures.
    package static let fixtures = root.appendingPathComponent("fixtures")

    /// Measured data that lies beside the checkout on the project's own machines and nowhere else.
    package static let shared = root.deletingLastPathComponent().appendingPathComponent("shared/data")

    /// Whether `shared` is there.
    package static let hasShared = FileManager.default.fileExists(atPath: shared.path)

    /// The bytes of a file below `shared`, e.g. `kobo-cases.json`.
    package static func sharedData(_ path: String) throws -> Data {
        try Data(contentsOf: shared.appendingPathComponent(path))
    }
}

extension Trait where Self == ConditionTrait {
    /// For tests that read `../shared`: what they check is also checked by fixtures of our own.
    package static var needsShared: Self {
        .enabled(if: Checkout.hasShared, "skipped: no ../shared")
    }

    /// For tests that compare with the Python programs that `scripts/test` installs.
    package static var needsPeers: Self {
        .enabled(
            if: PythonPeer.isInstalled || PythonPeer.isRequired,
            "skipped: no Python peers; scripts/test installs them")
    }
}
