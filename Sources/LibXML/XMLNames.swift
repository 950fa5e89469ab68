/// Counts the different names in a document, about.
///
/// libxml2 keeps every name in a table that stops growing, so that a million different ones take minutes. A set of the
/// names would cost more than the reading of an honest document; bits that stand for hash values do as well. Two names
/// may share a bit and count once.
struct XMLNames {
    private var bits = [UInt64](repeating: 0, count: 4096)
    /// The names so far: never more than there are.
    private(set) var count = 0

    mutating func insert(_ range: Range<Int>, of bytes: [UInt8]) {
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0[range])) }
        let bit = hasher.finalize() & 0x3FFFF
        let mask: UInt64 = 1 << UInt64(bit & 63)
        guard bits[bit >> 6] & mask == 0 else { return }
        bits[bit >> 6] |= mask
        count += 1
    }
}
