import Foundation
import Testing

@testable import PhaseService

@Suite("Paths that users name")
struct PathRootsTests {
    @Test("lie below a root, whatever links and dots they have")
    func roots() throws {
        let top = FileManager.default.temporaryDirectory.appendingPathComponent("roots-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: top) }
        let files = FileManager.default
        for name in ["root/sub", "root2", "other"] {
            try files.createDirectory(at: top.appendingPathComponent(name), withIntermediateDirectories: true)
        }
        for name in [
            "root/a.conf", "root/sub/b.json", "root/sub/notes.txt", "root2/c.conf", "other/secret.conf",
            "root/.hidden.conf",
        ] {
            try Data("x".utf8).write(to: top.appendingPathComponent(name))
        }
        func link(_ name: String, _ target: String) throws {
            try files.createSymbolicLink(
                atPath: top.appendingPathComponent(name).path, withDestinationPath: target)
        }
        try link("root/out.conf", "../other/secret.conf")
        try link("root/outdir", "../other")
        try link("root/in.conf", "sub/b.json")
        let root = top.appendingPathComponent("root").path
        let roots = PathRoots([root, top.appendingPathComponent("root2").path])
        #expect(roots.file("a.conf")?.hasSuffix("/root/a.conf") == true)
        #expect(roots.file("sub/b.json") != nil)
        #expect(roots.file("c.conf")?.hasSuffix("/root2/c.conf") == true)
        #expect(roots.file("\(root)/a.conf") != nil)
        #expect(roots.file("sub/../a.conf") != nil)
        #expect(roots.file("in.conf")?.hasSuffix("/root/sub/b.json") == true)
        for name in [
            "", "missing.conf", "sub", "../other/secret.conf", "sub/../../other/secret.conf", "out.conf",
            "outdir/secret.conf", top.appendingPathComponent("other/secret.conf").path, "/etc/passwd", "a.conf\u{0}",
            "a.conf\n", String(repeating: "a/", count: 3000), root, "/",
        ] { #expect(roots.file(name) == nil, "\(name)") }
        // A directory whose name begins as a root's is not below it.
        #expect(PathRoots([root]).file(top.appendingPathComponent("root2/c.conf").path) == nil)
        #expect(roots.list(endings: [".conf", ".json"]) == ["a.conf", "c.conf", "sub/b.json"])
    }
}
