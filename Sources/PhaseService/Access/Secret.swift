import CLibCrypto

/// Random texts that let somebody in, and what is kept or shown of them.
package enum Secret {
    /// 256 random bits in hexadecimal, with a prefix by which a token is known where it should not be.
    package static func token() -> String {
        var generator = SystemRandomNumberGenerator()
        return prefix + hex((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    static let prefix = "prt_"

    /// SHA-256, hexadecimal: what is kept of a token.
    package static func digest(_ text: String) -> String {
        var output = [UInt8](repeating: 0, count: 32)
        let bytes = Array(text.utf8)
        EVP_Digest(bytes, bytes.count, &output, nil, EVP_sha256(), nil)
        return hex(output)
    }

    /// HMAC with SHA-256, hexadecimal: proves that a page was given a text by us, without giving the key away.
    static func seal(_ text: String, key: String) -> String {
        var output = [UInt8](repeating: 0, count: 32)
        var length = 0
        let (key, text) = (Array(key.utf8), Array(text.utf8))
        guard
            EVP_Q_mac(
                nil, "HMAC", nil, "SHA256", nil, key, key.count, text, text.count, &output, output.count, &length)
                != nil
        else { return "" }
        return hex(output)
    }

    /// Compares in a time that does not tell how much is alike.
    static func isEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        return left.count == right.count && !left.isEmpty && CRYPTO_memcmp(left, right, left.count) == 0
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
