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
        let end = try await outcome(method, path, port: port, headers: headers, body: body)
        switch end {
        case .refused: throw Failure(text: "cannot connect to \(port)")
        case .ended(let bytes), .reset(let bytes): return try parse(bytes)
        }
    }

    /// How an exchange ended, as the system tells it.
    enum Outcome: Sendable, Hashable {
        /// ECONNREFUSED.
        case refused
        /// The server closed in good order, or enough was read.
        case ended([UInt8])
        /// ECONNRESET after these bytes.
        case reset([UInt8])
    }

    /// Sends one request and reads until the server closes, or until `most` bytes are there.
    static func outcome(
        _ method: String, _ path: String, port: Int, headers: [String: String] = [:], body: [UInt8] = [],
        most: Int = .max
    ) async throws -> Outcome {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
        if headers["Connection"] == nil { head += "Connection: close\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if method == "POST" { head += "Content-Length: \(body.count)\r\n" }
        let bytes = Array((head + "\r\n").utf8) + body
        return try await offThread { try exchange(bytes, port: port, most: most) }
    }

    /// Whether any program could have the port now.
    static func isFree(port: Int) throws -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(text: "no socket") }
        defer { close(descriptor) }
        var address = address(port: port)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func exchange(_ request: [UInt8], port: Int, most: Int) throws -> Outcome {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(text: "no socket") }
        defer { close(descriptor) }
        var address = address(port: port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard status == 0 else {
            if errno == ECONNREFUSED { return .refused }
            throw Failure(text: "cannot connect to \(port)")
        }
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
        while answer.count < most {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == ECONNRESET { return .reset(answer) }
            guard count > 0 else { break }
            answer += buffer[..<count]
        }
        return .ended(answer)
    }

    static func parse(_ bytes: [UInt8]) throws -> Answer {
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
        let answer = try await post(hub, method, args, keywords, session: session, path: path)
        guard answer.status == 200 else { throw Failure(text: "\(answer.status) \(answer.text)") }
        switch try XMLRPCResponse.decode(answer.body) {
        case .value(let value): return value
        case .fault(let fault): throw fault
        }
    }

    /// One call as it stands on the wire, whatever the answer is.
    static func post(
        _ hub: RunningHub, _ method: String, _ args: [XMLRPCValue] = [], _ keywords: [String: XMLRPCValue] = [:],
        session: SessionClaim? = nil, path: String = "/kojihub", headers more: [String: String] = [:]
    ) async throws -> Answer {
        var headers = ["Content-Type": "text/xml"].merging(more) { $1 }
        if let session {
            headers["Koji-Session-Id"] = String(session.id)
            headers["Koji-Session-Key"] = session.key
            if let callnum = session.callnum { headers["Koji-Session-Callnum"] = callnum }
        }
        let body = try XMLRPCCall(method: method, args: args, keywords: keywords).encoded()
        return try await send("POST", path, port: hub.port, headers: headers, body: body)
    }

    /// How one call ended.
    static func outcome(
        _ hub: RunningHub, _ method: String, _ args: [XMLRPCValue] = [], session: SessionClaim? = nil, most: Int = .max
    ) async throws -> Outcome {
        var headers = ["Content-Type": "text/xml"]
        if let session {
            headers["Koji-Session-Id"] = String(session.id)
            headers["Koji-Session-Key"] = session.key
            if let callnum = session.callnum { headers["Koji-Session-Callnum"] = callnum }
        }
        let body = try XMLRPCCall(method: method, args: args).encoded()
        return try await outcome("POST", "/kojihub", port: hub.port, headers: headers, body: body, most: most)
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

extension XMLRPCResponse {
    /// Nil for a value.
    var faultCode: Int? { if case .fault(let fault) = self { fault.code } else { nil } }
}
