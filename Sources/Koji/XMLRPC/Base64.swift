/// Base64 as in MIME: lines of 76 characters.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// 64 marks white space, 65 what does not belong, 66 the padding.
    private static let digits: [UInt8] = {
        var digits = [UInt8](repeating: 65, count: 256)
        for (value, byte) in alphabet.enumerated() { digits[Int(byte)] = UInt8(value) }
        for byte in " \t\r\n".utf8 { digits[Int(byte)] = 64 }
        digits[Int(UInt8(ascii: "="))] = 66
        return digits
    }()

    /// With a line feed before, after every line, and so at the end, as Python's XML-RPC library writes it.
    static func encoded(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = [UInt8(ascii: "\n")]
        text.reserveCapacity(bytes.count / 57 * 77 + 80)
        for start in stride(from: 0, to: bytes.count, by: 57) {
            let line = bytes[start..<min(start + 57, bytes.count)]
            for first in stride(from: line.startIndex, to: line.endIndex, by: 3) {
                let group = line[first..<min(first + 3, line.endIndex)]
                var bits = 0
                for index in 0..<3 { bits = bits << 8 | (index < group.count ? Int(group[first + index]) : 0) }
                for index in 0..<4 {
                    let digit = alphabet[bits >> (18 - 6 * index) & 63]
                    text.append(index <= group.count ? digit : UInt8(ascii: "="))
                }
            }
            text.append(UInt8(ascii: "\n"))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// nil if it is not base64. White space anywhere is passed over; padding must be complete.
    static func decoded(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        var padding = 0
        for byte in text.utf8 {
            let digit = digits[Int(byte)]
            if digit == 64 { continue }
            if digit == 66 {
                padding += 1
                continue
            }
            guard digit < 64, padding == 0 else { return nil }
            bits = bits << 6 | UInt32(digit)
            count += 1
            if count % 4 == 0 {
                bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
                bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
                bytes.append(UInt8(truncatingIfNeeded: bits))
            }
        }
        switch (count % 4, padding) {
        case (0, 0):
            break
        case (2, 2):
            bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
        case (3, 1):
            bytes.append(UInt8(truncatingIfNeeded: bits >> 10))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
        default:
            return nil
        }
        return bytes
    }
}
