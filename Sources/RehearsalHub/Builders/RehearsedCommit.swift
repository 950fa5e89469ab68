/// The commit that an ostree ref stands at in a rehearsal: there is no repository, and so nothing to ask.
struct RehearsedCommit: Sendable, Hashable {
    let url: String
    /// Its `$arch` replaced.
    let ref: String

    /// 64 hexadecimal digits that follow from URL and ref alone: all images of a ref carry the same commit.
    var checksum: String {
        let fingerprint = "\(url) \(ref)".utf8.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        var source = SplitMix(seed: fingerprint)
        return (0..<4).map { _ in
            let digits = String(source.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
