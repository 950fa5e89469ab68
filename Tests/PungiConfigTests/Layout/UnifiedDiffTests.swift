import Foundation
import PungiConfig
import TestSupport
import Testing

struct UnifiedDiffTests {
    @Test(
        "a diff says what changes with three lines around it",
        arguments: [
            ("a\n", "a\n", ""), ("", "a\n", "@@ -0,0 +1 @@\n+a\n"), ("a\nb\n", "", "@@ -1,2 +0,0 @@\n-a\n-b\n"),
            ("a", "a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"),
            ("a\nb", "x\nb", "@@ -1,2 +1,2 @@\n-a\n+x\n b\n\\ No newline at end of file\n"),
            (
                "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
                "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n"
            ),
            ("a\r\nb\r\n", "a\r\nc\r\n", "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n"),
            ("a\n", "a\n\n", "@@ -1 +1,2 @@\n a\n+\n"),
        ])
    func table(_ old: String, _ new: String, _ hunks: String) {
        let head = hunks.isEmpty ? "" : "--- a/f.conf\n+++ b/f.conf\n"
        let text = UnifiedDiff.text(old: Array(old.utf8), new: Array(new.utf8), path: "f.conf")
        #expect(Array(text.utf8) == Array((head + hunks).utf8))
    }

    @Test("changes far apart are hunks of their own")
    func apart() {
        let old = (1...20).map { "\($0)\n" }.joined()
        let new = old.replacingOccurrences(of: "2\n3\n", with: "2\nx\n3\n").replacingOccurrences(of: "18\n", with: "")
        let text = UnifiedDiff.text(old: Array(old.utf8), new: Array(new.utf8), path: "f")
        #expect(
            text.components(separatedBy: "\n").filter { $0.hasPrefix("@@") } == [
                "@@ -1,5 +1,6 @@", "@@ -15,6 +16,5 @@",
            ])
    }

    @Test("names with blanks and quotes are written as patch reads them")
    func names() {
        func head(_ path: String) -> Substring {
            UnifiedDiff.text(old: [], new: [97], path: path).prefix { $0 != "\n" }
        }
        #expect(head("a b.conf") == "--- a/a b.conf\t")
        #expect(head("a\"\n.conf") == "--- \"a/a\\\"\\012.conf\"")
    }

    @Test("a text that differs everywhere is one hunk, without long thought")
    func giant() {
        let old = (0..<5000).map { "o\($0)\n" }.joined()
        let new = (0..<5000).map { "n\($0)\n" }.joined()
        let text = UnifiedDiff.text(old: Array(old.utf8), new: Array(new.utf8), path: "f")
        #expect(text.hasPrefix("--- a/f\n+++ b/f\n@@ -1,5000 +1,5000 @@\n-o0\n"))
        #expect(text.utf8.count { $0 == UInt8(ascii: "\n") } == 10_003)
    }

    @Test("the real patch makes the new file out of the old one")
    func patch() throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        var random = SeededGenerator(seed: seed)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("diff-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var patch = ""
        var wanted: [String: [UInt8]] = [:]
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("sub dir"), withIntermediateDirectories: true)
        for number in 0..<60 {
            let name = "sub dir/\(number).conf"
            let old = Self.text(&random)
            let new = Bool.random(using: &random) ? Self.text(&random) : Self.changed(old, &random)
            try Data(old).write(to: folder.appendingPathComponent(name))
            patch += UnifiedDiff.text(old: old, new: new, path: name)
            wanted[name] = new
        }
        try Data(patch.utf8).write(to: folder.appendingPathComponent("p"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["patch", "-p1", "--binary", "--fuzz=0", "--silent", "-i", "p"]
        process.currentDirectoryURL = folder
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "seed \(seed): \(said)")
        for (name, bytes) in wanted {
            // patch takes a file away that becomes empty.
            let got = (try? Data(contentsOf: folder.appendingPathComponent(name))) ?? Data()
            #expect([UInt8](got) == bytes, "seed \(seed), \(name)")
        }
    }

    private static func text(_ random: inout SeededGenerator) -> [UInt8] {
        let lines = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
            ["a", "b", "  c", "", "é", "d\r"].randomElement(using: &random) ?? ""
        }
        return Array((lines.joined(separator: "\n") + (Bool.random(using: &random) ? "\n" : "")).utf8)
    }

    private static func changed(_ text: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var lines = text.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
        for _ in 0..<3 {
            let place = Int.random(in: 0..<lines.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: lines.insert(Array("new".utf8), at: place)
            case 1: lines[place] = Array("other".utf8)
            default: if lines.count > 1 { lines.remove(at: place) }
            }
        }
        return Array(lines.joined(separator: [10]))
    }
}
