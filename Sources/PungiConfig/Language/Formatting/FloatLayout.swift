internal import Glibc

/// A float with a given number of digits: C's `%e`, `%f` and `%g`, which Python shares.
enum FloatLayout {
    enum Conversion: String {
        case exponent = "e"
        case fixed = "f"
        case general = "g"
    }

    /// The text, in lower case, with a `-` for negative numbers and no other sign.
    static func text(_ value: Double, conversion: Conversion, precision: Int, alternate: Bool) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        let format = "%\(alternate ? "#" : "").*\(conversion.rawValue)"
        let places = Int32(clamping: precision)
        return withVaList([places, value]) { arguments in
            // The largest float has 309 digits before the point.
            var buffer = [CChar](repeating: 0, count: Int(places) + 400)
            let count = vsnprintf(&buffer, buffer.count, format, arguments)
            return String(decoding: buffer.prefix(max(0, Int(count))).map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }
}
