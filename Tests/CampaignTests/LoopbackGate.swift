import Foundation
import Synchronization

/// A port on 127.0.0.1 that passes connections on to another, and can go away: connections are then really refused,
/// and those that stand are broken.
final class LoopbackGate: Sendable {
    private struct State {
        var listener: Int32 = -1
        var pairs: [(Int32, Int32)] = []
    }

    let port: Int
    private let target: Int
    private let state = Mutex(State())

    struct Failure: Error {}

    init(to target: Int) throws {
        self.target = target
        let (descriptor, port) = try Self.listen(on: 0)
        self.port = port
        state.withLock { $0.listener = descriptor }
        accept(on: descriptor)
    }

    /// Refuses connections until the given real time has passed; returns at once.
    func goAway(for duration: Duration) {
        let old = state.withLock { state in
            defer { state.listener = -1 }
            return state.listener
        }
        guard old >= 0 else { return }
        // Closing alone would not wake the thread that accepts.
        shutdown(old, Int32(SHUT_RDWR))
        close(old)
        breakConnections()
        Thread.detachNewThread { [self] in
            Thread.sleep(forTimeInterval: duration / .seconds(1))
            guard let (descriptor, _) = try? Self.listen(on: port) else { return }
            state.withLock { $0.listener = descriptor }
            accept(on: descriptor)
        }
    }

    func end() {
        let old = state.withLock { state in
            defer { state.listener = -1 }
            return state.listener
        }
        if old >= 0 {
            shutdown(old, Int32(SHUT_RDWR))
            close(old)
        }
        breakConnections()
    }

    private func breakConnections() {
        // The threads that copy close what they hold.
        state.withLock { state in
            for (left, right) in state.pairs {
                shutdown(left, Int32(SHUT_RDWR))
                shutdown(right, Int32(SHUT_RDWR))
            }
            state.pairs.removeAll()
        }
    }

    private func accept(on listener: Int32) {
        Thread.detachNewThread { [self] in
            while true {
                let client = Foundation.accept(listener, nil, nil)
                guard client >= 0 else { return }
                guard let server = try? Self.connect(to: target) else {
                    close(client)
                    continue
                }
                state.withLock { $0.pairs.append((client, server)) }
                copy(client, server)
            }
        }
    }

    private func copy(_ client: Int32, _ server: Int32) {
        let open = Mutex(2)
        let shared = Shared(open: open, descriptors: [client, server])
        for (from, to) in [(client, server), (server, client)] {
            Thread.detachNewThread { [self] in
                var buffer = [UInt8](repeating: 0, count: 65_536)
                while true {
                    let count = recv(from, &buffer, buffer.count, 0)
                    guard count > 0, Self.sendAll(to, buffer[..<count]) else { break }
                }
                shutdown(to, Int32(SHUT_RDWR))
                shutdown(from, Int32(SHUT_RDWR))
                if shared.leave() {
                    state.withLock { $0.pairs.removeAll { $0 == (client, server) } }
                    close(client)
                    close(server)
                }
            }
        }
    }

    /// Of two threads the last one closes.
    private final class Shared: Sendable {
        private let open: Mutex<Int>

        init(open: consuming Mutex<Int>, descriptors: [Int32]) { self.open = open }

        func leave() -> Bool {
            open.withLock { open in
                open -= 1
                return open == 0
            }
        }
    }

    private static func sendAll(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func connect(to port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = address(port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Foundation.connect(descriptor, $0, size) }
        }
        guard status == 0 else {
            close(descriptor)
            throw Failure()
        }
        return descriptor
    }

    private static func listen(on port: Int) throws -> (Int32, Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = address(port)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        guard bound == 0, Foundation.listen(descriptor, 64) == 0 else {
            close(descriptor)
            throw Failure()
        }
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &size) }
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}
