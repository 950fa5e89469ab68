import Foundation

/// TCP ports on 127.0.0.1.
enum LoopbackPorts {
    /// Ports that nobody listens on. Others may take them before a server does, so a server that finds its port taken is
    /// started again with others; below the range that outgoing connections use this hardly ever happens.
    static func free(_ count: Int) throws -> [Int] {
        var ports: [Int] = []
        for port in (20_000..<32_000).shuffled() where ports.count < count {
            let isFree = withSocket(port) { descriptor, address, size in bind(descriptor, address, size) == 0 }
            if isFree { ports.append(port) }
        }
        guard ports.count == count else { throw PartFailure("no free ports on 127.0.0.1") }
        return ports
    }

    /// Whether somebody listens.
    static func answers(_ port: Int) -> Bool {
        withSocket(port) { descriptor, address, size in connect(descriptor, address, size) == 0 }
    }

    private static func withSocket(
        _ port: Int, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
