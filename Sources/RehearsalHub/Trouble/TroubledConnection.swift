import Glibc
import Hummingbird
import NIOCore

/// The connection of a request, as far as a trouble needs it.
struct TroubledConnection: Sendable {
    let channel: any Channel

    /// Breaks it as a crashed peer would: with a reset, not with an orderly end.
    func reset() async {
        // Without it the system says goodbye in good form.
        try? await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try? await channel.close().get()
    }

    /// Nobody will read it: the connection is gone.
    static var noAnswer: Response { Response(status: .badGateway) }
}

/// A request's context that knows its connection.
struct HubRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let connection: TroubledConnection

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        connection = TroubledConnection(channel: source.channel)
    }
}

extension ResponseBody {
    /// Half of `bytes`, then a broken connection; the length that was promised is the whole.
    static func cut(_ bytes: [UInt8], _ connection: TroubledConnection) -> ResponseBody {
        ResponseBody(contentLength: bytes.count) { writer in
            try await writer.write(ByteBuffer(bytes: bytes.prefix(bytes.count / 2)))
            await connection.reset()
        }
    }

    /// `bytes` in pieces, with a pause after each.
    static func dripping(_ bytes: [UInt8], piece: Int, pause: Duration) -> ResponseBody {
        ResponseBody(contentLength: bytes.count) { writer in
            var rest = bytes[...]
            while !rest.isEmpty {
                try await writer.write(ByteBuffer(bytes: rest.prefix(max(1, piece))))
                rest = rest.dropFirst(max(1, piece))
                try await Task.sleep(for: pause)
            }
            try await writer.finish(nil)
        }
    }

    /// One text of so many bytes, made while it is sent.
    static func huge(_ bytes: Int) -> ResponseBody {
        let head = "<?xml version='1.0'?><methodResponse><params><param><value><string>"
        let tail = "</string></value></param></params></methodResponse>"
        return ResponseBody(contentLength: head.utf8.count + bytes + tail.utf8.count) { writer in
            try await writer.write(ByteBuffer(string: head))
            var rest = bytes
            while rest > 0 {
                let count = min(rest, 1 << 20)
                try await writer.write(ByteBuffer(repeating: UInt8(ascii: "a"), count: count))
                rest -= count
            }
            try await writer.write(ByteBuffer(string: tail))
            try await writer.finish(nil)
        }
    }
}
