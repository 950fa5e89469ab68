/// Floating point numbers as Python writes them.
package enum PythonFloat {
    /// `repr`: the shortest digits that read back as the same number, with an exponent from 1e16 up and below 1e-4.
    package static func text(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        let sign = value.sign == .minus ? "-" : ""
        if value == 0 { return sign + "0.0" }
        let (digits, point) = shortestDigits(value.magnitude)
        let count = digits.utf8.count
        if point > 16 || point < -3 {
            let fraction = count > 1 ? "." + digits.dropFirst() : ""
            let exponent = point - 1
            let padding = abs(exponent) < 10 ? "0" : ""
            return "\(sign)\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(padding)\(abs(exponent))"
        }
        if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
        if count <= point { return sign + digits + String(repeating: "0", count: point - count) + ".0" }
        return sign + digits.prefix(point) + "." + digits.dropFirst(point)
    }

    /// The shortest digits of a positive number and where the point stands: `0.DIGITS` times ten to the `point`.
    private static func shortestDigits(_ value: Double) -> (digits: String, point: Int) {
        // Swift prints the shortest digits too, in another layout.
        var digits: [UInt8] = []
        var point: Int?
        var exponent = 0
        let printed = Array(value.description.utf8)
        for (index, byte) in printed.enumerated() {
            if byte == UInt8(ascii: ".") {
                point = digits.count
            } else if byte == UInt8(ascii: "e") {
                exponent = Int(String(decoding: printed[(index + 1)...], as: UTF8.self)) ?? 0
                break
            } else {
                digits.append(byte)
            }
        }
        var place = (point ?? digits.count) + exponent
        let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(zeros)
        place -= zeros
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (String(decoding: digits, as: UTF8.self), place)
    }

    /// The number as `int` if it is a whole one, exactly.
    package static func whole(_ value: Double) -> ConfigInteger? {
        guard value.isFinite, value == value.rounded(.towardZero) else { return nil }
        if let small = Int(exactly: value) { return ConfigInteger(small) }
        return ConfigInteger(decimal: FloatLayout.text(value, conversion: .fixed, precision: 0, alternate: false))
    }

    /// The `float` nearest to a whole number; nil if it is beyond all floats, where Python raises `OverflowError`.
    package static func nearest(to number: ConfigInteger) -> Double? {
        if let small = number.int { return Double(small) }
        guard let value = Double(number.text), value.isFinite else { return nil }
        return value
    }
}
