import Foundation
import Koji
import Synchronization
import Testing

@testable import ComposePhase

@Suite("Fetching over HTTP")
struct WebFilesTests {
    /// What one request for a file comes to: so many bytes, then an end of some kind.
    enum Turn: Sendable {
        case whole
        /// Ends well, but early.
        case short(of: Int)
        /// The whole file, as a server without ranges sends it, in this version.
        case version(String)
        case breaks(after: Int, HTTPFailure.Kind)
        case status(Int)
    }

    /// Serves one file, turn by turn.
    final class Server: HTTPTransport {
        let content: [UInt8]
        private let turns: Mutex<[Turn]>
        let offsets = Mutex<[Int]>([])

        init(_ content: [UInt8], _ turns: [Turn]) {
            self.content = content
            self.turns = Mutex(turns)
        }

        func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse { HTTPResponse(status: 404) }

        func download(_ download: HTTPDownload) async throws(HTTPFailure) -> HTTPDownloadResult {
            offsets.withLock { $0.append(download.offset) }
            let turn = turns.withLock { $0.isEmpty ? .whole : $0.removeFirst() }
            switch turn {
            case .status(let status): return HTTPDownloadResult(status: status, bytes: 0)
            case .short(let count):
                write(content[download.offset..<download.offset + count], download)
                return HTTPDownloadResult(status: 206, bytes: count)
            case .version(let tag):
                write(content[download.offset...], download)
                return HTTPDownloadResult(
                    status: 200, headers: HTTPHeaders([HTTPHeader("ETag", tag)]), bytes: content.count)
            case .whole:
                write(content[download.offset...], download)
                return HTTPDownloadResult(status: download.offset == 0 ? 200 : 206, bytes: content.count)
            case .breaks(let count, let kind):
                write(content[download.offset..<min(content.count, download.offset + count)], download)
                throw HTTPFailure(kind: kind, url: download.url, message: "it broke")
            }
        }

        private func write(_ bytes: ArraySlice<UInt8>, _ download: HTTPDownload) {
            bytes.withUnsafeBytes { piece in
                _ = Foundation.write(download.descriptor, piece.baseAddress, piece.count)
                download.onBytes(piece)
            }
        }
    }

    static let content = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    private func fetch(
        _ turns: [Turn], budget: Double = 600, size: Int? = nil
    ) async throws -> (
        result: Result<HeldFile, FetchFailure>, server: Server, waits: [Double], file: [UInt8]
    ) {
        let server = Server(Self.content, turns)
        let waits = Mutex<[Double]>([])
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("fetch-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let files = WebFiles(
            topurl: "http://files/", transport: server, retry: RetryPolicy(readBudget: budget),
            sleep: { seconds in waits.withLock { $0.append(seconds) } })
        let result: Result<HeldFile, FetchFailure>
        do throws(FetchFailure) {
            result = .success(
                try await files.fetch(
                    WantedFile(path: "packages/a b", size: size), digests: ["sha256"], to: file, again: false))
        } catch {
            result = .failure(error)
        }
        let bytes = Array((try? Data(contentsOf: URL(fileURLWithPath: file))) ?? Data())
        return (result, server, waits.withLock { $0 }, bytes)
    }

    @Test("a file that is not there after some looks is final")
    func absent() async throws {
        let fetched = try await fetch(Array(repeating: .status(404), count: 9))
        guard case .failure(.final(let failure)) = fetched.result else {
            Issue.record("fetched")
            return
        }
        #expect(failure.message.contains("answered 404 for a b"))
        #expect(fetched.waits.count == 3)
    }

    /// What a killed process left, and what becomes of it.
    static let leftovers: [(left: Int, digest: Bool, again: Bool, offsets: [Int])] = [
        (400, true, false, [400]), (400, false, false, [0]), (400, true, true, [0]), (1000, true, false, []),
        (2000, true, false, [0]), (0, true, false, [0]),
    ]

    @Test("what a killed process left is gone on with, if it can be proven", arguments: leftovers)
    func continues(_ test: (left: Int, digest: Bool, again: Bool, offsets: [Int])) async throws {
        let content = Self.content
        let server = Server(content, [])
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("left-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        try Data((content + content).prefix(test.left)).write(to: URL(fileURLWithPath: file))
        let files = WebFiles(topurl: "http://files/", transport: server, sleep: { _ in })
        let wanted = WantedFile(
            path: "a", size: content.count, digest: test.digest ? .init(kind: "sha256", text: digest(content)) : nil)
        let held = try await files.fetch(wanted, digests: ["md5"], to: file, again: test.again)
        #expect(server.offsets.withLock { $0 } == test.offsets)
        #expect(held.digests["sha256"] == (test.digest ? digest(content) : nil))
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: file))) == content)
    }

    @Test("a part of another file is thrown away: behind its end, or of another version")
    func ofOnePiece() async throws {
        for turns: [Turn] in [[.breaks(after: 300, .reset), .status(416), .whole], [.version("1"), .whole]] {
            let fetched = try await fetch(turns)
            #expect(try fetched.result.get().digests == ["sha256": digest(Self.content)])
            #expect(fetched.file == Self.content)
        }
        let server = Server(Self.content, [.version("1"), .version("2"), .version("2")])
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("of-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let files = WebFiles(topurl: "http://files/", transport: server, sleep: { _ in })
        // The hub recorded more than the first answer has, so that it is asked again and meets another version.
        let wanted = WantedFile(path: "a", size: 1001)
        await #expect(throws: FetchFailure.self) {
            _ = try await files.fetch(wanted, digests: ["sha256"], to: file, again: false)
        }
        #expect(!FileManager.default.fileExists(atPath: file), "on a failure nothing stays")
    }

    private func digest(_ bytes: [UInt8]) -> String {
        let digest = RunningDigest(["sha256"])
        bytes.withUnsafeBytes { digest.update($0) }
        return digest.finish()["sha256"] ?? ""
    }

    static let healed: [[Turn]] = [
        [.whole], [.breaks(after: 0, .cannotConnect), .whole], [.breaks(after: 300, .reset), .whole],
        [.breaks(after: 1, .timeout), .breaks(after: 998, .reset), .whole], [.status(503), .breaks(after: 10, .reset)],
        [.status(404), .status(404), .status(404), .whole], [.short(of: 400), .short(of: 10), .whole],
    ]

    @Test("a fetch that breaks goes on where it was, and every byte is digested once", arguments: healed)
    func goesOn(_ turns: [Turn]) async throws {
        let fetched = try await fetch(turns, size: Self.content.count)
        let held = try fetched.result.get()
        #expect(held.size == Self.content.count)
        #expect(fetched.file == Self.content)
        #expect(held.digests == ["sha256": digest(Self.content)])
        var expected = [0]
        for turn in turns {
            switch turn {
            case .breaks(let count, _), .short(let count): expected.append((expected.last ?? 0) + count)
            case .status: expected.append(expected.last ?? 0)
            case .whole, .version: break
            }
        }
        #expect(fetched.server.offsets.withLock { $0 } == expected)
        #expect(fetched.waits.count == expected.count - 1)
    }

    static let final: [(turn: Turn, says: String)] = [
        (.status(302), "correct topurl"), (.status(403), "answered 403"), (.breaks(after: 5, .tls), "it broke"),
        (.breaks(after: 5, .writeFailed(ENOSPC)), "No space left"),
    ]

    @Test("what time does not heal is final", arguments: final)
    func isFinal(_ test: (turn: Turn, says: String)) async throws {
        let fetched = try await fetch([test.turn])
        guard case .failure(.final(let failure)) = fetched.result else {
            Issue.record("fetched")
            return
        }
        #expect(failure.message.contains(test.says), "\(failure.message)")
        #expect(fetched.waits.isEmpty)
    }

    @Test("when the time is used up the last trouble is told")
    func usedUp() async throws {
        let fetched = try await fetch(Array(repeating: .status(502), count: 50), budget: 100)
        guard case .failure(.final(let failure)) = fetched.result else {
            Issue.record("fetched")
            return
        }
        #expect(failure.message.contains("answered 502"))
        #expect((fetched.waits.reduce(0, +)) <= 100)
        #expect(fetched.waits.count > 3)
    }
}
