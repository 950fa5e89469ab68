import Foundation

/// A directory for the files of one part, gone when the part is.
///
/// Others may read it: a web server that is started as root works as somebody else.
struct Scratch {
    let url: URL

    /// Makes a new directory for the time of `body`.
    static func with<Value>(_ name: String, _ body: (Scratch) async throws -> Value) async throws -> Value {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("front-\(name)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        defer { try? FileManager.default.removeItem(at: url) }
        return try await body(Scratch(url: url))
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// Writes a file; gives its path.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: path(name), atomically: false, encoding: .utf8)
        return path(name)
    }

    /// What stands in a file; empty if there is none.
    func text(_ name: String) -> String { (try? String(contentsOfFile: path(name), encoding: .utf8)) ?? "" }
}
