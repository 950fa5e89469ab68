import Glibc

/// Addresses of clients: single ones, networks (`10.1.0.0/16`, `fd00::/8`), and `unix` for those of the UNIX socket.
package struct AddressSet: Sendable, Hashable {
    private var networks: [Network] = []
    private var hasSocket = false

    private struct Network: Sendable, Hashable {
        let bytes: [UInt8]
        let bits: Int
    }

    /// A text that is no address.
    package struct Malformed: Error, Sendable {
        package let text: String
    }

    package init(_ texts: [String]) throws(Malformed) {
        for text in texts { try add(text) }
    }

    private mutating func add(_ text: String) throws(Malformed) {
        if text == "unix" {
            hasSocket = true
            return
        }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = Self.bytes(String(parts[0])) else { throw Malformed(text: text) }
        var bits = bytes.count * 8
        if parts.count == 2 {
            guard let number = Int(parts[1]), (0...bits).contains(number), parts[1].allSatisfy(\.isNumber) else {
                throw Malformed(text: text)
            }
            bits = number
        }
        networks.append(Network(bytes: bytes, bits: bits))
    }

    /// - Parameter address: of a client; nil for one of the UNIX socket.
    package func contains(_ address: String?) -> Bool {
        guard let address else { return hasSocket }
        guard let bytes = Self.bytes(address) else { return false }
        return networks.contains { network in
            network.bytes.count == bytes.count
                && (0..<network.bits).allSatisfy { bit in
                    let mask = UInt8(0x80) >> (bit % 8)
                    return bytes[bit / 8] & mask == network.bytes[bit / 8] & mask
                }
        }
    }

    /// The bytes of an address, IPv4 ones in IPv6's clothes as IPv4; nil when it is none.
    private static func bytes(_ text: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: &six) { Array($0) }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        return isMapped ? Array(bytes[12...]) : bytes
    }
}
