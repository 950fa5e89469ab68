/// One value laid out as one `%` field asks.
struct FieldText {
    let spec: FormatSpec
    let conversion: Unicode.Scalar

    /// The field's text; nil if Python has no such conversion. `work` grows by the bytes made.
    func text(of value: ConfigValue, work: inout Int) throws(FormatProblem) -> String? {
        let text: String
        switch conversion {
        case "s": text = cut(PythonRepr.plainText(of: value), &work)
        case "r": text = cut(PythonRepr.text(of: value), &work)
        case "a": text = cut(PythonRepr.asciiText(of: value), &work)
        case "c": text = try character(value)
        case "d", "i", "u", "x", "X", "o": return padNumber(try integer(value))
        case "e", "E", "f", "F", "g", "G": return padNumber((prefix: "", digits: try float(value)))
        default: return nil
        }
        let missing = max(0, (spec.width ?? 0) - text.unicodeScalars.count)
        let blanks = String(repeating: " ", count: missing)
        return spec.isLeft ? text + blanks : blanks + text
    }

    private func cut(_ text: String, _ work: inout Int) -> String {
        work += text.utf8.count
        guard let precision = spec.precision else { return text }
        return String(text.unicodeScalars.prefix(precision))
    }

    private func character(_ value: ConfigValue) throws(FormatProblem) -> String {
        let code: Int?
        switch value.kind {
        case .string(let text) where text.unicodeScalars.count == 1: return text
        case .int(let number): code = number.int
        case .bool(let flag): code = flag ? 1 : 0
        default: throw FormatProblem(message: "%c requires int or char")
        }
        guard let code, (0...0x10FFFF).contains(code) else {
            throw FormatProblem(message: "%c arg not in range(0x110000)")
        }
        guard let scalar = Unicode.Scalar(UInt32(code)) else {
            throw FormatProblem(message: "%c of \(code) is half a character (a surrogate)")
        }
        return String(Character(scalar))
    }

    // MARK: Numbers

    /// The digits (with a `-`) and the prefix of their base.
    private func integer(_ value: ConfigValue) throws(FormatProblem) -> (prefix: String, digits: String) {
        let number = try whole(value)
        let digits: String
        switch conversion {
        case "x", "X": digits = IntegerText.digits(number, bitsPerDigit: 4)
        case "o": digits = IntegerText.digits(number, bitsPerDigit: 3)
        default: digits = number.isNegative ? String(number.text.dropFirst()) : number.text
        }
        let precision = spec.precision ?? 0
        guard precision <= PercentFormat.outputLimit else { throw PercentFormat.tooLong }
        let zeros = String(repeating: "0", count: max(0, precision - digits.utf8.count))
        let isDecimal = conversion == "d" || conversion == "i" || conversion == "u"
        let prefix = spec.isAlternate && !isDecimal ? "0\(conversion)" : ""
        let text = (number.isNegative ? "-" : "") + zeros + digits
        return (prefix, conversion == "X" ? text.uppercased() : text)
    }

    private func whole(_ value: ConfigValue) throws(FormatProblem) -> ConfigInteger {
        switch value.kind {
        case .int(let number): return number
        case .bool(let flag): return ConfigInteger(flag ? 1 : 0)
        case .float(let number) where conversion == "d" || conversion == "i" || conversion == "u":
            guard let whole = PythonFloat.whole(number.rounded(.towardZero)) else {
                throw FormatProblem(message: "cannot convert float \(PythonFloat.text(number)) to integer")
            }
            return whole
        default:
            let isDecimal = conversion == "d" || conversion == "i" || conversion == "u"
            throw FormatProblem(
                message: "%\(conversion) format: \(isDecimal ? "a real number" : "an integer") is required, "
                    + "not \(value.typeName)")
        }
    }

    private func float(_ value: ConfigValue) throws(FormatProblem) -> String {
        let number: Double
        switch value.kind {
        case .float(let given): number = given
        case .bool(let flag): number = flag ? 1 : 0
        case .int(let given):
            guard let nearest = PythonFloat.nearest(to: given) else {
                throw FormatProblem(message: "int too large to convert to float")
            }
            number = nearest
        default: throw FormatProblem(message: "must be real number, not \(value.typeName)")
        }
        let precision = spec.precision ?? 6
        guard precision <= PercentFormat.outputLimit else { throw PercentFormat.tooLong }
        let isUpper = conversion == "E" || conversion == "F" || conversion == "G"
        let kind: FloatLayout.Conversion =
            switch conversion {
            case "e", "E": .exponent
            case "f", "F": .fixed
            default: .general
            }
        let text = FloatLayout.text(number, conversion: kind, precision: precision, alternate: spec.isAlternate)
        return isUpper ? text.uppercased() : text
    }

    /// Sign, prefix, zeros or blanks, digits.
    private func padNumber(_ number: (prefix: String, digits: String)) -> String {
        var sign = ""
        var digits = number.digits
        if digits.utf8.first == UInt8(ascii: "-") {
            sign = "-"
            digits.removeFirst()
        } else if spec.hasSign {
            sign = "+"
        } else if spec.hasBlank {
            sign = " "
        }
        let length = sign.utf8.count + number.prefix.utf8.count + digits.utf8.count
        let missing = max(0, (spec.width ?? 0) - length)
        if spec.isZeroFilled && !spec.isLeft {
            return sign + number.prefix + String(repeating: "0", count: missing) + digits
        }
        let blanks = String(repeating: " ", count: missing)
        let text = sign + number.prefix + digits
        return spec.isLeft ? text + blanks : blanks + text
    }
}
