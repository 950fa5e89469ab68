import Glibc

/// A TCP port on 127.0.0.1 that is ours though nobody listens on it.
///
/// While the hub refuses connections, its port must neither go to another program nor be picked by the kernel as the
/// other end of a client's own connection. A socket that is bound and never listens sees to both.
final class ReservedPort: Sendable {
    private let descriptor: Int32
    let number: Int

    /// - Parameter wanted: 0 takes a free port.
    /// - Throws: if the port is taken.
    init(_ wanted: Int) throws(HubFailure) {
        let what = "the rehearsal hub cannot listen on 127.0.0.1:\(wanted)"
        guard let port = UInt16(exactly: wanted) else { throw HubFailure("\(what): it is no port number") }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw HubFailure(system: what) }
        // With it on both sockets the one that listens may be bound to the same port.
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard let number = Self.bind(descriptor, port) else {
            let failure = HubFailure(system: what)
            close(descriptor)
            throw failure
        }
        self.descriptor = descriptor
        self.number = Int(number)
    }

    deinit { close(descriptor) }

    /// The port that the socket was bound to; nil and `errno` if it was not.
    private static func bind(_ descriptor: Int32, _ port: UInt16) -> UInt16? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port.bigEndian)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        // The socket calls take any kind of address by a pointer to its common beginning.
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        return isBound ? UInt16(bigEndian: address.sin_port) : nil
    }
}
