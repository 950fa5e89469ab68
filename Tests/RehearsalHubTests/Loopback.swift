import Foundation
import Koji

@testable import RehearsalHub

/// Runs blocking work on a thread of its own, so that the server's tasks keep their threads.
func offThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
    }
}

/// A plain HTTP client on one connection, so that tests see exactly what is sent.
enum Loopback {
    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    struct Failure: Error { let text: String }

    /// Sends one request and reads until the server closes.
    static func send(
        _ method: String, _ path: String, port: Int, headers: [String: String] = [:], body: [UInt8] = []
    ) async throws -> Answer {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if method == "POST" { head += "Content-Length: \(body.count)\r\n" }
        let bytes = Array((head + "\r\n").utf8) + body
        return try parse(try await offThread { try exchange(bytes, port: port) })
    }

    private static func exchange(_ request: [UInt8], port: Int) throws -> [UInt8] {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(text: "no socket") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard status == 0 else { throw Failure(text: "cannot connect to \(port)") }
        var sent = 0
        while sent < request.count {
            let count = request[sent...].withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { break }
            sent += count
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return answer }
            answer += buffer[..<count]
        }
    }

    private static func parse(_ bytes: [UInt8]) throws -> Answer {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw Failure(text: "no answer: \(String(decoding: bytes, as: UTF8.self))")
        }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        return Answer(status: status, headers: headers, body: Array(bytes[end.upperBound...]))
    }

    /// One call of the hub's protocol.
    static func call(
        _ hub: RunningHub, _ method: String, _ args: [XMLRPCValue] = [], _ keywords: [String: XMLRPCValue] = [:],
        session: SessionClaim? = nil, path: String = "/kojihub"
    ) async throws -> XMLRPCValue {
        var headers = ["Content-Type": "text/xml"]
        if let session {
            headers["Koji-Session-Id"] = String(session.id)
            headers["Koji-Session-Key"] = session.key
            headers["Koji-Session-Callnum"] = session.callnum
        }
        let body = try XMLRPCCall(method: method, args: args, keywords: keywords).encoded()
        let answer = try await send("POST", path, port: hub.port, headers: headers, body: body)
        guard answer.status == 200 else { throw Failure(text: "\(answer.status) \(answer.text)") }
        switch try XMLRPCResponse.decode(answer.body) {
        case .value(let value): return value
        case .fault(let fault): throw fault
        }
    }

    /// A new session.
    static func login(_ hub: RunningHub) async throws -> SessionClaim {
        let login = try await call(hub, "login", [.string(hub.user), .string(hub.password)])
        return SessionClaim(
            id: login["session-id"].wholeNumber ?? 0, key: login["session-key"].textValue ?? "", callnum: nil)
    }
}

/// A directory of its own for a test; removed afterwards.
func withDirectory<Value: Sendable>(_ operation: (String) async throws -> Value) async throws -> Value {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("rehearsal-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try await operation(directory.path)
}

/// Settings whose tasks take milliseconds.
func quickSettings(_ root: String, _ change: (inout RehearsalSettings) -> Void = { _ in }) -> RehearsalSettings {
    var settings = RehearsalSettings(root: root)
    settings.times = TaskTimes(all: .milliseconds(20))
    change(&settings)
    return settings
}
