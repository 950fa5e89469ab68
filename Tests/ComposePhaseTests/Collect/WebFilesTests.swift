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
        _ turns: [Turn], budget: Double = 600
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
                try await files.fetch(WantedFile(path: "packages/a b"), digests: ["sha256"], to: file, again: false))
        } catch {
            result = .failure(error)
        }
        let bytes = Array((try? Data(contentsOf: URL(fileURLWithPath: file))) ?? Data())
        return (result, server, waits.withLock { $0 }, bytes)
    }

    private func digest(_ bytes: [UInt8]) -> String {
        let digest = RunningDigest(["sha256"])
        bytes.withUnsafeBytes { digest.update($0) }
        return digest.finish()["sha256"] ?? ""
    }

    static let healed: [[Turn]] = [
        [.whole], [.breaks(after: 0, .cannotConnect), .whole], [.breaks(after: 300, .reset), .whole],
        [.breaks(after: 1, .timeout), .breaks(after: 998, .reset), .whole], [.status(503), .breaks(after: 10, .reset)],
    ]

    @Test("a fetch that breaks goes on where it was, and every byte is digested once", arguments: healed)
    func goesOn(_ turns: [Turn]) async throws {
        let fetched = try await fetch(turns)
        let held = try fetched.result.get()
        #expect(held.size == Self.content.count)
        #expect(fetched.file == Self.content)
        #expect(held.digests == ["sha256": digest(Self.content)])
        var expected = [0]
        for turn in turns {
            switch turn {
            case .breaks(let count, _): expected.append((expected.last ?? 0) + count)
            case .status: expected.append(expected.last ?? 0)
            case .whole: break
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
