import Foundation

/// The modules of the installed Apache, found where distributions put them.
struct ApacheModules {
    private let path: String

    static let folder: ApacheModules? = [
        "/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules",
    ].first { FileManager.default.fileExists(atPath: $0) }.map { ApacheModules(path: $0) }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    private func file(_ name: String) -> String { "\(path)/mod_\(name).so" }

    /// The lines that load modules. Those that are not there are part of the program itself.
    func lines(_ names: [String]) -> String {
        names.filter(has).map { "LoadModule \($0)_module \(file($0))" }.joined(separator: "\n")
    }
}
