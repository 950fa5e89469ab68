/// Values as Python's `str`, `repr` and `ascii` write them.
package enum PythonRepr {
    /// `repr(value)`.
    package static func text(of value: ConfigValue) -> String {
        var writer = Writer(escapesNonASCII: false)
        writer.write(value)
        return writer.output
    }

    /// `ascii(value)`.
    package static func asciiText(of value: ConfigValue) -> String {
        var writer = Writer(escapesNonASCII: true)
        writer.write(value)
        return writer.output
    }

    /// `str(value)`: a string as it is, all else as `repr`.
    package static func plainText(of value: ConfigValue) -> String {
        if case .string(let string) = value.kind { string } else { text(of: value) }
    }

    /// `repr` of a string: in simple quotes, or in double ones if only that saves escapes.
    package static func text(of string: String) -> String {
        var writer = Writer(escapesNonASCII: false)
        writer.write(string)
        return writer.output
    }

    /// Walks without recursion, so that the depth of a value costs no stack.
    private struct Writer {
        private enum Step {
            case value(ConfigValue)
            case text(String)
        }

        let escapesNonASCII: Bool
        var output = ""

        init(escapesNonASCII: Bool) { self.escapesNonASCII = escapesNonASCII }

        mutating func write(_ value: ConfigValue) {
            var pending: [Step] = [.value(value)]
            while let step = pending.popLast() {
                switch step {
                case .text(let text): output += text
                case .value(let value): write(value, &pending)
                }
            }
        }

        private mutating func write(_ value: ConfigValue, _ pending: inout [Step]) {
            switch value.kind {
            case .none: output += "None"
            case .bool(let flag): output += flag ? "True" : "False"
            case .int(let number): output += number.text
            case .float(let number): output += PythonFloat.text(number)
            case .string(let text): write(text)
            case .list(let items): push(items, "[", "]", &pending)
            case .tuple(let items): push(items, "(", items.count == 1 ? ",)" : ")", &pending)
            case .dict(let dict):
                output += "{"
                pending.append(.text("}"))
                for (place, entry) in dict.entries.enumerated().reversed() {
                    pending.append(.value(entry.value))
                    pending.append(.text(": "))
                    pending.append(.value(entry.key))
                    if place > 0 { pending.append(.text(", ")) }
                }
            }
        }

        private mutating func push(_ items: [ConfigValue], _ open: String, _ close: String, _ pending: inout [Step]) {
            output += open
            pending.append(.text(close))
            for (place, item) in items.enumerated().reversed() {
                pending.append(.value(item))
                if place > 0 { pending.append(.text(", ")) }
            }
        }

        mutating func write(_ text: String) {
            let usesDouble = text.utf8.contains(UInt8(ascii: "'")) && !text.utf8.contains(UInt8(ascii: "\""))
            let quote: Unicode.Scalar = usesDouble ? "\"" : "'"
            var scalars = String.UnicodeScalarView()
            scalars.append(quote)
            for scalar in text.unicodeScalars {
                switch scalar {
                case quote, "\\":
                    scalars.append("\\")
                    scalars.append(scalar)
                case "\n": scalars.append(contentsOf: "\\n".unicodeScalars)
                case "\r": scalars.append(contentsOf: "\\r".unicodeScalars)
                case "\t": scalars.append(contentsOf: "\\t".unicodeScalars)
                default:
                    let mayShow = scalar.value < 0x7F || !escapesNonASCII
                    if mayShow && PythonUnicode.isPrintable(scalar) {
                        scalars.append(scalar)
                    } else {
                        scalars.append(contentsOf: Self.escape(scalar).unicodeScalars)
                    }
                }
            }
            scalars.append(quote)
            output.unicodeScalars.append(contentsOf: scalars)
        }

        private static func escape(_ scalar: Unicode.Scalar) -> String {
            let digits = String(scalar.value, radix: 16)
            let (letter, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
            return "\\" + letter + String(repeating: "0", count: width - digits.utf8.count) + digits
        }
    }
}
