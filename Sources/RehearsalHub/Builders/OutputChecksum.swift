import CLibCrypto

extension OutputContent {
    /// The SHA-256 of the content in hexadecimal digits, made a piece at a time; nil if OpenSSL cannot do it.
    var sha256: String? {
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else { return nil }
        let size = size
        for start in stride(from: 0, to: size, by: 1 << 20) {
            let piece = bytes(in: start..<min(start + 1 << 20, size))
            guard piece.withUnsafeBytes({ EVP_DigestUpdate(context, $0.baseAddress, $0.count) }) == 1 else {
                return nil
            }
        }
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 32
        guard EVP_DigestFinal_ex(context, &digest, &length) == 1 else { return nil }
        let digits = Array("0123456789abcdef")
        return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
