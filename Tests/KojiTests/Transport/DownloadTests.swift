import Foundation
import Koji
import Synchronization
import Testing

/// Compared outside of the macro, which would print hundred thousands of bytes.
private func same(_ left: [UInt8], _ right: [UInt8]) -> Bool { left == right }

@Suite("Downloads into a descriptor", .timeLimit(.minutes(1)))
struct DownloadTests {
    private static let content = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }

    /// Serves `content`, with ranges unless told otherwise.
    private static func serve(_ request: LoopbackServer.Request) -> LoopbackServer.Answer {
        switch request.path {
        case "/whole": return .respond(200, body: content)
        case "/missing": return .respond(404, body: Array("no such file".utf8))
        case "/other-part": return .respond(206, headers: ["Content-Range": "bytes 7-9/10"], body: [1, 2, 3])
        case "/short":
            return .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n".utf8) + content[..<5000])
        default: break
        }
        guard let range = request.headers["range"], let first = Int(range.dropFirst(6).dropLast()) else {
            return .respond(200, body: content)
        }
        guard first < content.count else { return .respond(416, body: [0]) }
        return .respond(
            206, headers: ["Content-Range": "bytes \(first)-\(content.count - 1)/\(content.count)"],
            body: Array(content[first...]))
    }

    /// What a download put into a file, and what it told of.
    private func fetch(
        _ path: String, offset: Int = 0, limit: Int? = nil
    ) async throws -> (
        result: Result<HTTPDownloadResult, any Error>, file: [UInt8], seen: [UInt8], requests: [LoopbackServer.Request]
    ) {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        let descriptor = open(file.path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        defer { close(descriptor) }
        let seen = Seen()
        return try await withLoopback(answering: Self.serve) { server, transport in
            let download = HTTPDownload(
                url: server.url + path, offset: offset, descriptor: descriptor, limit: limit,
                onBytes: { bytes in seen.bytes.withLock { $0.append(contentsOf: bytes) } })
            let result: Result<HTTPDownloadResult, any Error>
            do {
                result = .success(try await transport.download(download))
            } catch {
                result = .failure(error)
            }
            return (result, Array(try Data(contentsOf: file)), seen.bytes.withLock { $0 }, server.requests)
        }
    }

    private final class Seen: Sendable {
        let bytes = Mutex<[UInt8]>([])
    }

    @Test("a whole file is written and seen in order, and is not asked for compressed")
    func whole() async throws {
        let outcome = try await fetch("/file")
        let result = try outcome.result.get()
        #expect(result.status == 200)
        #expect(result.bytes == Self.content.count)
        let isFileRight = same(outcome.file, Self.content)
        #expect(isFileRight)
        let isSeenRight = same(outcome.seen, Self.content)
        #expect(isSeenRight)
        #expect(outcome.requests.first?.headers["accept-encoding"] == nil)
        #expect(outcome.requests.first?.headers["range"] == nil)
    }

    @Test("with an offset only the rest is written", arguments: [("/file", 206), ("/whole", 200)])
    func rest(path: String, status: Int) async throws {
        let outcome = try await fetch(path, offset: 150_001)
        #expect(try outcome.result.get().status == status)
        #expect(outcome.requests.first?.headers["range"] == "bytes=150001-")
        let isFileRight = same(outcome.file, Array(Self.content[150_001...]))
        #expect(isFileRight)
        let isSeenRight = same(outcome.seen, outcome.file)
        #expect(isSeenRight)
    }

    @Test(
        "other statuses are told, and their bodies are dropped",
        arguments: [("/missing", 0, 404), ("/file", 200_000, 416)])
    func refused(path: String, offset: Int, status: Int) async throws {
        let outcome = try await fetch(path, offset: offset)
        #expect(try outcome.result.get().status == status)
        #expect(try outcome.result.get().bytes == 0)
        #expect(outcome.file.isEmpty)
        #expect(outcome.seen.isEmpty)
    }

    @Test("another part than was asked for is not written")
    func otherPart() async throws {
        let outcome = try await fetch("/other-part", offset: 3)
        #expect(outcome.result.failure is HTTPFailure)
        #expect(outcome.file.isEmpty)
    }

    @Test("a file that is longer than expected is not written any further")
    func tooLarge() async throws {
        let outcome = try await fetch("/file", limit: 100_000)
        #expect((outcome.result.failure as? HTTPFailure)?.kind == .tooLarge)
        #expect(outcome.file.count <= 100_000)
        let fitting = try await fetch("/file", limit: Self.content.count)
        #expect(try fitting.result.get().bytes == Self.content.count)
    }

    @Test("a connection that ends too early keeps what came, so that the rest can be asked for")
    func short() async throws {
        let outcome = try await fetch("/short")
        #expect((outcome.result.failure as? HTTPFailure)?.kind == .reset)
        let isFileRight = same(outcome.file, Array(Self.content[..<5000]))
        #expect(isFileRight)
    }

    @Test("a descriptor that cannot be written to is told with the system's number")
    func writeFails() async throws {
        try await withLoopback(answering: Self.serve) { server, transport in
            let descriptor = open("/dev/full", O_WRONLY)
            defer { close(descriptor) }
            let failure = await #expect(throws: HTTPFailure.self) {
                try await transport.download(HTTPDownload(url: server.url + "/file", descriptor: descriptor))
            }
            #expect(failure?.kind == .writeFailed(ENOSPC))
            #expect(failure?.errno == ENOSPC)
            #expect(failure?.isRetryable == false)
        }
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}
