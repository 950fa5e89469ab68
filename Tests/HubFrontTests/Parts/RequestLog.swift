import Foundation

/// The requests that a web server got, as it tells them line by line into a pipe with a name. Reading waits for them.
final class RequestLog: Sendable {
    /// One request.
    struct Entry: Sendable {
        let path: String
        /// Of the client's certificate: `NONE`, `SUCCESS`, `FAILED:reason`.
        let verification: String
        /// Of TLS, and of HTTP.
        let tls: String, http: String
        let status: Int
    }

    static let format = "%U %{SSL_CLIENT_VERIFY}x %{SSL_PROTOCOL}x %H %>s"

    let path: String
    private let descriptor: Int32

    init(at path: String) throws {
        self.path = path
        guard mkfifo(path, 0o600) == 0 else { throw PartFailure("cannot make the pipe \(path)") }
        // Open both ways: then neither side waits for the other to open it.
        descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw PartFailure("cannot open the pipe \(path)") }
    }

    deinit { close(descriptor) }

    /// Waits for the next request.
    func next() async throws -> Entry {
        let descriptor = descriptor
        let line = try await offThread {
            var bytes: [UInt8] = []
            while bytes.last != UInt8(ascii: "\n") {
                var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                guard poll(&ready, 1, 10_000) == 1 else { throw PartFailure("no more requests came") }
                var byte: UInt8 = 0
                guard read(descriptor, &byte, 1) == 1 else { throw PartFailure("the pipe of requests is broken") }
                bytes.append(byte)
            }
            return String(decoding: bytes.dropLast(), as: UTF8.self)
        }
        let fields = line.split(separator: " ").map(String.init)
        guard fields.count == 5, let status = Int(fields[4]) else { throw PartFailure("no request: \(line)") }
        return Entry(path: fields[0], verification: fields[1], tls: fields[2], http: fields[3], status: status)
    }
}
