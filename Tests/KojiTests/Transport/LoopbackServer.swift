import Foundation
import Koji
import Synchronization

/// A tiny HTTP server on loopback that does exactly what a test says, bad manners included.
final class LoopbackServer: Sendable {
    struct Request: Sendable {
        let method: String
        let path: String
        /// Names in small letters.
        let headers: [String: String]
        let body: [UInt8]
        /// Which connection it came on, from 1.
        let connection: Int
        /// Which request of the server's life it is, from 1.
        let number: Int
    }

    enum Answer: Sendable {
        case respond(Int, headers: [String: String] = [:], body: [UInt8] = [])
        /// Closes the connection without a word.
        case cut
        /// Says nothing until the server ends.
        case hang
        /// These bytes, then the end of the connection.
        case raw([UInt8])
    }

    private struct State {
        var requests: [Request] = []
        var connections = 0
        var open: Set<Int32> = []
        var isStopped = false
    }

    let port: Int
    /// One element for each request that has fully arrived.
    let arrivals: AsyncStream<Request>

    private let listener: Int32
    private let state = Mutex(State())
    private let arrived: AsyncStream<Request>.Continuation
    private let answer: @Sendable (Request) -> Answer

    init(_ answer: @escaping @Sendable (Request) -> Answer) throws {
        (arrivals, arrived) = AsyncStream.makeStream()
        self.answer = answer
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, size) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, pointer, &size) == 0
            }
        }
        guard status else { throw CocoaError(.fileReadUnknown) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { self.accept() }
    }

    var url: String { "http://127.0.0.1:\(port)" }

    var requests: [Request] { state.withLock { $0.requests } }

    var connections: Int { state.withLock { $0.connections } }

    var openConnections: Int { state.withLock { $0.open.count } }

    func stop() {
        let open = state.withLock { state in
            state.isStopped = true
            return state.open
        }
        for descriptor in open + [listener] { shutdown(descriptor, Int32(SHUT_RDWR)) }
        arrived.finish()
    }

    private func accept() {
        while true {
            let descriptor = Foundation.accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            let connection: Int? = state.withLock { state in
                if state.isStopped { return nil }
                state.connections += 1
                state.open.insert(descriptor)
                return state.connections
            }
            guard let connection else {
                close(descriptor)
                break
            }
            Thread.detachNewThread { self.serve(descriptor, connection) }
        }
        close(listener)
    }

    private func serve(_ descriptor: Int32, _ connection: Int) {
        var buffer: [UInt8] = []
        while let request = next(descriptor, &buffer, connection) {
            arrived.yield(request)
            switch answer(request) {
            case .respond(let status, let headers, let body):
                var head = "HTTP/1.1 \(status) Text\r\nContent-Length: \(body.count)\r\n"
                for (name, value) in headers { head += "\(name): \(value)\r\n" }
                send(descriptor, Array((head + "\r\n").utf8) + body)
                continue
            case .raw(let bytes): send(descriptor, bytes)
            case .cut: break
            case .hang:
                var byte: UInt8 = 0
                _ = recv(descriptor, &byte, 1, 0)
            }
            break
        }
        _ = state.withLock { $0.open.remove(descriptor) }
        close(descriptor)
    }

    private func send(_ descriptor: Int32, _ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            sent += count
        }
    }

    private func next(_ descriptor: Int32, _ buffer: inout [UInt8], _ connection: Int) -> Request? {
        func more() -> Bool {
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { return false }
            buffer += piece[..<count]
            return true
        }
        var end: Range<Int>?
        while end == nil {
            end = buffer.firstRange(of: Array("\r\n\r\n".utf8))
            if end == nil, !more() { return nil }
        }
        guard let end else { return nil }
        let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ").map(String.init)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while buffer.count < end.upperBound + length { if !more() { return nil } }
        let body = Array(buffer[end.upperBound..<end.upperBound + length])
        buffer.removeFirst(end.upperBound + length)
        return state.withLock { state in
            let request = Request(
                method: words[0], path: words[1], headers: headers, body: body, connection: connection,
                number: state.requests.count + 1)
            state.requests.append(request)
            return request
        }
    }
}

/// A server and a transport for one test, both ended after it.
func withLoopback<Value: Sendable>(
    _ change: (inout TransportOptions) -> Void = { _ in },
    answering answer: @escaping @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer,
    _ operation: (LoopbackServer, CurlTransport) async throws -> Value
) async throws -> Value {
    let server = try LoopbackServer(answer)
    defer { server.stop() }
    var options = TransportOptions(version: "test")
    change(&options)
    let transport = CurlTransport(options: options)
    let result: Result<Value, any Error>
    do {
        result = .success(try await operation(server, transport))
    } catch {
        result = .failure(error)
    }
    await transport.close()
    return try result.get()
}
