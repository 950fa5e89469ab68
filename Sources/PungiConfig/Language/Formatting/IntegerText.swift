/// The digits of whole numbers of any size in other bases than ten.
enum IntegerText {
    /// The digits of the number's magnitude in base 8 or 16, in lower case, without a prefix.
    static func digits(_ number: ConfigInteger, bitsPerDigit: Int) -> String {
        if let small = number.int { return String(small.magnitude, radix: 1 << bitsPerDigit) }
        var limbs = decimalLimbs(number)
        var digits: [UInt8] = []
        // Each division takes several digits at once.
        let digitsPerStep = 24 / bitsPerDigit
        let divisor = UInt64(1) << UInt64(bitsPerDigit * digitsPerStep)
        while !limbs.isEmpty {
            var rest: UInt64 = 0
            for index in limbs.indices {
                let value = rest * 1_000_000_000 + limbs[index]
                limbs[index] = value / divisor
                rest = value % divisor
            }
            limbs.removeFirst(limbs.prefix { $0 == 0 }.count)
            for _ in 0..<digitsPerStep {
                digits.append(Array("0123456789abcdef".utf8)[Int(rest & (UInt64(1) << UInt64(bitsPerDigit) - 1))])
                rest >>= UInt64(bitsPerDigit)
            }
        }
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return String(decoding: digits.reversed(), as: UTF8.self)
    }

    /// The magnitude in groups of nine decimal digits, highest first.
    private static func decimalLimbs(_ number: ConfigInteger) -> [UInt64] {
        var digits = number.text.utf8.drop { $0 == UInt8(ascii: "-") }
        var limbs: [UInt64] = []
        while !digits.isEmpty {
            let size = (digits.count - 1) % 9 + 1
            limbs.append(digits.prefix(size).reduce(0) { $0 * 10 + UInt64($1 - UInt8(ascii: "0")) })
            digits = digits.dropFirst(size)
        }
        return limbs
    }
}
