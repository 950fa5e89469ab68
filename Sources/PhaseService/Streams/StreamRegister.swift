import Hummingbird
import NIOCore

/// Every event stream that is open: how many there are, and whether its reader takes what it is sent.
actor StreamRegister {
    private struct Stream {
        let client: String
        let channel: any Channel
        /// When the write began that is going on.
        var writing: Double?
    }

    private var streams: [Int: Stream] = [:]
    private var number = 0
    private let now: @Sendable () -> Double
    /// A reader that takes nothing for so many seconds is let go.
    static let patience = 60.0

    init(now: @escaping @Sendable () -> Double) { self.now = now }

    var count: Int { streams.count }

    /// Begins a stream.
    ///
    /// - Throws: 429 when the client has too many, 503 when there are too many in all.
    func begin(_ client: String, _ channel: any Channel, _ limits: ServiceLimits) throws(Problem) -> Int {
        guard streams.values.count(where: { $0.client == client }) < limits.streamsPerClient else {
            var problem = Problem(
                429, "Too many streams", "this client has \(limits.streamsPerClient) event streams open; close some")
            problem.retryAfter = 30
            throw problem
        }
        guard streams.count < limits.streams else {
            var problem = Problem(503, "Too many streams", "\(limits.streams) event streams are open")
            problem.retryAfter = 30
            throw problem
        }
        number += 1
        // As if it were being written to: a reader that is gone before its stream begins is let go like one that is stuck.
        streams[number] = Stream(client: client, channel: channel, writing: now())
        return number
    }

    func end(_ stream: Int) { streams[stream] = nil }

    func beginWrite(_ stream: Int) { streams[stream]?.writing = now() }
    func endWrite(_ stream: Int) { streams[stream]?.writing = nil }

    /// Lets go whom nothing can be sent to.
    func dropStuck() {
        let limit = now() - Self.patience
        for (id, stream) in streams where (stream.writing ?? .infinity) < limit {
            stream.channel.close(promise: nil)
            streams[id] = nil
        }
    }

    /// Ends all: the service stops.
    func closeAll() {
        for stream in streams.values { stream.channel.close(promise: nil) }
        streams = [:]
    }
}

/// Writes one stream of server-sent events.
struct EventStream: Sendable {
    let register: StreamRegister
    let number: Int

    /// Writes, and notes how long that takes.
    func write(_ bytes: [UInt8], to writer: inout any ResponseBodyWriter) async throws {
        await register.beginWrite(number)
        try await writer.write(ByteBuffer(bytes: bytes))
        await register.endWrite(number)
    }

    /// A comment: says that the service is there, and finds out whether the reader is.
    static let beat = Array(": \n\n".utf8)

    /// Tells readers how long to wait before they come again, in milliseconds.
    static let opening = Array("retry: 2000\n\n".utf8)
}
