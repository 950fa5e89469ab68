import Glibc
import HTTPTypes
import Hummingbird
import NIOCore

/// The connection was cut on purpose; nothing more can be written to it.
struct ConnectionCut: Error {}

/// An answer with its body in memory, before anything goes wrong with it.
struct PlainAnswer: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields
    var bytes: [UInt8]

    var response: Response {
        Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

/// What a trouble does to a connection and to the answer on it.
struct TroubledConnection: Sendable {
    /// The connection that the request came on.
    let channel: any Channel
    /// The port that can be closed.
    let door: HubDoor

    /// - Returns: what is sent instead of `answer`.
    /// - Throws: ``ConnectionCut`` once the connection is reset.
    func response(_ trouble: Trouble, instead answer: PlainAnswer) async throws -> Response {
        switch trouble {
        case .reset, .resetAfter:
            await channel.reset()
            throw ConnectionCut()
        case .refuse(let duration):
            // The port is closed first: a client that sees the reset and comes again at once is refused.
            await door.close(for: duration)
            await channel.reset()
            throw ConnectionCut()
        case .cutAnswer: return cut(answer)
        case .page(let code, let html), .pageAfter(let code, let html): return Self.page(code, html)
        case .slow(let piece, let pause): return dripping(answer, piece: piece, pause: pause)
        case .truncated:
            var answer = answer
            answer.bytes.removeLast(answer.bytes.count - answer.bytes.count / 2)
            return answer.response
        case .huge(let bytes): return Self.huge(answer, bytes: bytes)
        case .fault, .expired, .closed, .offline, .maintenance: return answer.response
        }
    }

    private func cut(_ answer: PlainAnswer) -> Response {
        let half = ByteBuffer(bytes: answer.bytes.prefix(answer.bytes.count / 2))
        return Self.streamed(answer, length: answer.bytes.count) { [channel] writer in
            try await writer.write(half)
            await channel.reset()
            throw ConnectionCut()
        }
    }

    private func dripping(_ answer: PlainAnswer, piece length: Int, pause: Duration) -> Response {
        let all = ByteBuffer(bytes: answer.bytes)
        return Self.streamed(answer, length: answer.bytes.count) { writer in
            var rest = all
            while let piece = rest.readSlice(length: min(max(length, 1), rest.readableBytes)), piece.readableBytes > 0 {
                try await writer.write(piece)
                if rest.readableBytes > 0 { try await Task.sleep(for: pause) }
            }
            try await writer.finish(nil)
        }
    }

    /// A string of so many bytes as the call's value; never less than its frame.
    private static func huge(_ answer: PlainAnswer, bytes: Int) -> Response {
        let head = "<?xml version='1.0'?>\n<methodResponse><params><param><value><string>"
        let tail = "</string></value></param></params></methodResponse>\n"
        let filling = max(0, bytes - head.utf8.count - tail.utf8.count)
        let piece = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 18)
        return streamed(answer, length: head.utf8.count + filling + tail.utf8.count) { writer in
            try await writer.write(ByteBuffer(string: head))
            var left = filling
            while left > 0 {
                let count = min(left, piece.readableBytes)
                try await writer.write(piece.getSlice(at: piece.readerIndex, length: count) ?? piece)
                left -= count
            }
            try await writer.write(ByteBuffer(string: tail))
            try await writer.finish(nil)
        }
    }

    private static func streamed(
        _ answer: PlainAnswer, length: Int,
        _ write: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        var headers = answer.headers
        headers[.contentLength] = String(length)
        return Response(
            status: answer.status, headers: headers, body: ResponseBody(contentLength: length, write))
    }

    /// The statuses that web servers and proxies answer by themselves; their words are not known by number alone.
    private static let usualStatuses: [HTTPResponse.Status] = [
        .badRequest, .unauthorized, .forbidden, .notFound, .requestTimeout, .contentTooLarge, .tooManyRequests,
        .internalServerError, .badGateway, .serviceUnavailable, .gatewayTimeout,
    ]

    /// A page as proxies make them; what is no status becomes 502.
    private static func page(_ code: Int, _ html: String?) -> Response {
        let code = (200...599).contains(code) ? code : 502
        let status = usualStatuses.first { $0.code == code } ?? HTTPResponse.Status(code: code)
        let reason = "\(status.code) \(status.reasonPhrase)"
        let text =
            html ?? """
                <!DOCTYPE HTML>
                <html><head>
                <title>\(reason)</title>
                </head><body>
                <h1>\(reason)</h1>
                <p>The proxy server could not handle the request.</p>
                </body></html>

                """
        return Response(
            status: status, headers: [.contentType: "text/html; charset=iso-8859-1"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

extension Channel {
    /// Closes the connection with RST: what was written before goes out, the other side then reads "connection reset".
    func reset() async {
        // No lingering means for the kernel: drop what was not sent and reset.
        if let socket = self as? any SocketOptionProvider {
            try? await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        try? await close().get()
    }
}
