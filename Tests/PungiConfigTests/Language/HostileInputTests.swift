import Foundation
import OrderedCollections
import PungiConfig
import TestSupport
import Testing

struct HostileInputTests {
    @Test("brackets without end are refused, not followed", arguments: ["[", "(", "{1:", "'%s' % "])
    func deep(_ opening: String) throws {
        let found = try ConfigCase("a = " + String(repeating: opening, count: 100_000)).failure()
        #expect(found.map(\.code) == ["config.too-deep"])
    }

    @Test("what kobo can nest can be nested, on the small stack of a thread")
    func smallStack() throws {
        let depth = 495
        let text =
            "a = " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            + "\nb = " + String(repeating: "{'k': ", count: 494) + "1" + String(repeating: "}", count: 494)
            + "\nt = ()\n" + String(repeating: "t = (t)\n", count: 490) + "d = {t: t}\ns = '%r' % [a, b, d]\n"
        let done = DispatchSemaphore(value: 0)
        let result = Mutex(0)
        let thread = Thread {
            let document = try? ConfigCase(text).load()
            let same = document.map { $0["b"] == $0["b"] && $0["d"] == $0["d"] } ?? false
            result.set(same ? (document?.languageJSON().utf8.count ?? 0) : -1)
            done.signal()
        }
        thread.stackSize = 512 << 10
        thread.start()
        done.wait()
        #expect(result.value > 100_000)
    }

    private final class Mutex: @unchecked Sendable {
        // The semaphore orders the one write before the one read.
        private(set) var value: Int
        init(_ value: Int) { self.value = value }
        func set(_ new: Int) { value = new }
    }

    @Test("values that double themselves are refused before they fill the memory")
    func doubling() throws {
        let lists = "a = ['x']\n" + String(repeating: "a = [a, a]\n", count: 60)
        #expect(try ConfigCase(lists).failure().map(\.code) == ["config.too-large"])
        let deep = "a = []\n" + String(repeating: "a = [a]\n", count: 100_000)
        #expect(try ConfigCase(deep).failure().map(\.code) == ["config.too-deep"])
        let many = "a = 'x'\n" + (0..<30).map { "b\($0) = '%s' % ('\(String(repeating: "y", count: 9))',)\n" }.joined()
        #expect(try ConfigCase(many).load().values.count == 31)
    }

    @Test("many mistakes end in a list of bounded length")
    func manyMistakes() throws {
        let found = try ConfigCase(String(repeating: "a = [nope, nope]\n", count: 10_000)).failure()
        #expect(found.count == ConfigLimits.standard.findings + 1)
        let warned = try ConfigCase(String(repeating: "a = r'x'\n", count: 10_000)).load().warnings
        #expect(warned.count == ConfigLimits.standard.findings + 1)
    }

    @Test("unclosed quotes in an import do not cost time without end")
    func quotes() throws {
        let text = "from " + String(repeating: #"'\"#, count: 200) + String(repeating: "x", count: 1 << 20)
        #expect(try ConfigCase(text).failure().count == 1)
        let blanks = "from " + String(repeating: " ", count: 1 << 20) + "'"
        #expect(try ConfigCase(blanks).failure().map(\.code) == ["config.syntax"])
    }

    @Test("a byte that is not UTF-8 has its place named")
    func encoding() throws {
        let found = try ConfigCase(bytes: Array("a = 1\nb = 'é".utf8) + [0xFF, 0x27]).failure()
        #expect(found.map(\.code) == ["config.encoding"])
        #expect(found[0].location == SourceLocation(file: "/conf/main.conf", line: 2, column: 7))
    }

    @Test("missing files, directories and files too large are told apart")
    func unreadable() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("language-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let large = folder.appendingPathComponent("large.conf")
        try Data(repeating: 10, count: 100).write(to: large)
        var limits = ConfigLimits.standard
        limits.fileBytes = 99
        let wanted = [
            (folder.path, "directory"), (folder.path + "/none.conf", "No such file"), (large.path, "larger"),
            ("/dev/null", "regular"),
        ]
        for (path, reason) in wanted {
            let failure = #expect(throws: ConfigFailure.self) { try ConfigDocument.load(path: path, limits: limits) }
            #expect(failure?.diagnostics.first?.message.contains(reason) == true, "\(path)")
        }
        #expect(try ConfigDocument.load(path: large.path).openedFiles == [large.path])
    }

    @Test("every beginning of a configuration is read or refused", .timeLimit(.minutes(1)))
    func beginnings() throws {
        let path = Checkout.fixtures.appendingPathComponent("language/grammar.conf").path
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        var refused = 0
        for count in 0..<bytes.count {
            do {
                _ = try ConfigDocument.parse(bytes: Array(bytes[..<count]), path: path, imports: DiskFileSource())
            } catch { refused += 1 }
        }
        #expect(refused > bytes.count / 2)
    }
}
