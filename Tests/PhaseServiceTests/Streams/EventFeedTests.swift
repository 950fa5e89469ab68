import Foundation
import ProductMD
import TestSupport
import Testing

@testable import PhaseService

@Suite("Lines of a run, numbered")
struct EventFeedTests {
    static func withFile(_ body: (URL) async throws -> Void) async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("feed-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try await body(file)
    }

    static func append(_ text: String, to file: URL) throws {
        if !FileManager.default.fileExists(atPath: file.path) { try Data().write(to: file) }
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    /// All frames behind a line, as a reader gets them.
    static func read(_ feed: EventFeed, after last: Int = 0) async -> [EventFeed.Frame] {
        var all: [EventFeed.Frame] = []
        var last = last
        while case let frames = await feed.frames(after: last), let newest = frames.last {
            all += frames
            last = newest.number
        }
        return all
    }

    @Test("come whole, with their numbers and names; one that is being written waits")
    func lines() async throws {
        try await Self.withFile { file in
            let feed = EventFeed(path: file.path)
            await feed.readOn(isOver: false)
            #expect(await feed.count == 0)
            try Self.append("{\"event\": \"run\"}\n{\"event\": \"plan", to: file)
            await feed.readOn(isOver: false)
            #expect(
                await Self.read(feed).map { String(decoding: $0.bytes, as: UTF8.self) } == [
                    "id: 1\nevent: run\ndata: {\"event\": \"run\"}\n\n"
                ])
            try Self.append("ned\"}\ntorn\rx\n{\"event\": \"a b\"}\n", to: file)
            await feed.readOn(isOver: false)
            let names = await Self.read(feed, after: 1).map { String(decoding: $0.bytes, as: UTF8.self) }
            #expect(
                names == [
                    "id: 2\nevent: planned\ndata: {\"event\": \"planned\"}\n\n",
                    "id: 3\nevent: unreadable\ndata: torn x\n\n",
                    "id: 4\nevent: unreadable\ndata: {\"event\": \"a b\"}\n\n",
                ])
            #expect(await Self.read(feed, after: 4).isEmpty)
            #expect(await Self.read(feed, after: 99).isEmpty)
        }
    }

    @Test("are the same whether they are kept ready or read from the file again")
    func old() async throws {
        try await Self.withFile { file in
            let feed = EventFeed(path: file.path)
            let number = UInt64.random(in: 0...UInt64.max)
            print("seed of generated lines: \(number)")
            var seed = SeededGenerator(seed: number)
            var lines: [String] = []
            for _ in 0..<40 {
                let more = (0..<Int.random(in: 1...200, using: &seed)).map { _ in
                    "{\"event\": \"observed\", \"x\": \""
                        + String(repeating: "y", count: Int.random(in: 0...4000, using: &seed)) + "\"}"
                }
                lines += more
                try Self.append(more.map { $0 + "\n" }.joined(), to: file)
                await feed.readOn(isOver: false)
            }
            for start in [0, 1, lines.count / 2, lines.count - 1] {
                let frames = await Self.read(feed, after: start)
                #expect(frames.map(\.number) == Array(start + 1...lines.count))
                let data = frames.map {
                    String(decoding: $0.bytes, as: UTF8.self).split(separator: "\n")[2].dropFirst(6)
                }
                #expect(data.map(String.init) == Array(lines[start...]))
            }
        }
    }

    @Test("begin again when the file is another one")
    func replaced() async throws {
        try await Self.withFile { file in
            let feed = EventFeed(path: file.path)
            try Self.append("{\"event\": \"a\"}\n{\"event\": \"b\"}\n", to: file)
            await feed.readOn(isOver: false)
            try FileManager.default.removeItem(at: file)
            try Self.append("{\"event\": \"c\"}\n", to: file)
            await feed.readOn(isOver: false)
            #expect(await Self.read(feed).count == 1)
        }
    }

    @Test("wake whoever waits: by a line, by the end, by a beat")
    func waiting() async throws {
        try await Self.withFile { file in
            let feed = EventFeed(path: file.path)
            async let first: Void = feed.wait(after: 0)
            while await !feed.hasReaders { await Task.yield() }
            try Self.append("{\"event\": \"a\"}\n", to: file)
            await feed.readOn(isOver: false)
            await first
            async let second: Void = feed.wait(after: 1)
            while await !feed.hasReaders { await Task.yield() }
            await feed.beat()
            await second
            async let third: Void = feed.wait(after: 1)
            while await !feed.hasReaders { await Task.yield() }
            await feed.readOn(isOver: true)
            await third
            #expect(await feed.isOver)
            // Over: nobody waits any more.
            await feed.wait(after: 1)
        }
    }

    @Test("a reader that gives up waits no more")
    func cancelled() async throws {
        try await Self.withFile { file in
            let feed = EventFeed(path: file.path)
            let task = Task { await feed.wait(after: 0) }
            while await !feed.hasReaders { await Task.yield() }
            task.cancel()
            await task.value
            #expect(await !feed.hasReaders)
        }
    }
}

@Suite("What readers of a page know")
struct ChangeBoardTests {
    @Test("is told once, the newest only, in the order of the changes")
    func changes() async {
        let board = ChangeBoard()
        await board.put("a", kind: "run", 1)
        await board.put("b", kind: "run", 2)
        let all = await board.all()
        #expect(all.items.map(\.value) == [1, 2])
        await board.put("a", kind: "run", 1)
        await board.put("a", kind: "run", 3)
        await board.put("a", kind: "run", 4)
        let next = await board.next(after: all.version)
        #expect(next.items.map(\.value) == [4])
        #expect(await board.all().items.map(\.key) == ["b", "a"])
        await board.remove("b")
        #expect(await board.all().items.map(\.key) == ["a"])
    }

    @Test("a value whose mark is the same is no news")
    func marks() async {
        let board = ChangeBoard()
        await board.put("a", kind: "run", 1, mark: "x")
        let first = await board.all()
        await board.put("a", kind: "run", 2, mark: "x")
        #expect(await board.all().version == first.version)
        await board.put("a", kind: "run", 2, mark: "y")
        #expect(await board.next(after: first.version).items.map(\.value) == [2])
    }

    @Test("whoever waits is woken by the end")
    func end() async {
        let board = ChangeBoard()
        await board.end()
        #expect(await board.next(after: 0).isOver)
    }
}
