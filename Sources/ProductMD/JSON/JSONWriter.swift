/// Writes JSON byte for byte as Python's `json` does, which productmd and Pungi use.
package enum JSONWriter {
    /// Indented by 4, keys sorted by code point, ASCII only, no final newline.
    package static func pretty(_ value: JSONValue) -> [UInt8] {
        var out: [UInt8] = []
        write(value, indent: 0, &out)
        return out
    }

    /// A value as ``pretty(_:)`` writes it inside others: every line but the first is indented by `indent` more.
    static func pretty(_ value: JSONValue, inside indent: Int) -> [UInt8] {
        var out: [UInt8] = []
        write(value, indent: indent, &out)
        return out
    }

    /// One line with a newline at its end, for files of one document a line.
    package static func line(_ value: JSONValue) -> [UInt8] {
        var out: [UInt8] = []
        write(value, indent: nil, &out)
        out.append(UInt8(ascii: "\n"))
        return out
    }

    /// - Parameter indent: the depth, or nil to write on one line.
    private static func write(_ value: JSONValue, indent: Int?, _ out: inout [UInt8]) {
        switch value {
        case .null: out += "null".utf8
        case .bool(let flag): out += (flag ? "true" : "false").utf8
        case .int(let number): out += String(number).utf8
        case .double(let number): out += PythonFloat.repr(number).utf8
        case .string(let text): writeString(text, &out)
        case .array(let items):
            writeItems(items, brackets: ("[", "]"), indent, &out) { item, deeper, out in
                write(item, indent: deeper, &out)
            }
        case .object(let members):
            let sorted = members.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
            writeItems(sorted, brackets: ("{", "}"), indent, &out) { member, deeper, out in
                writeString(member.key, &out)
                out += ": ".utf8
                write(member.value, indent: deeper, &out)
            }
        }
    }

    private static func writeItems<Item>(
        _ items: [Item], brackets: (open: String, close: String), _ indent: Int?, _ out: inout [UInt8],
        _ write: (Item, Int?, inout [UInt8]) -> Void
    ) {
        out += brackets.open.utf8
        let deeper = indent.map { $0 + 4 }
        for (index, item) in items.enumerated() {
            if index > 0 { out += (indent == nil ? ", " : ",").utf8 }
            if let deeper { newLine(deeper, &out) }
            write(item, deeper, &out)
        }
        if let indent, !items.isEmpty { newLine(indent, &out) }
        out += brackets.close.utf8
    }

    private static func newLine(_ spaces: Int, _ out: inout [UInt8]) {
        out.append(UInt8(ascii: "\n"))
        out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: spaces))
    }

    private static func writeString(_ text: String, _ out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for unit in text.utf16 {
            switch unit {
            case 0x22: out += "\\\"".utf8
            case 0x5C: out += "\\\\".utf8
            case 0x0A: out += "\\n".utf8
            case 0x0D: out += "\\r".utf8
            case 0x09: out += "\\t".utf8
            case 0x08: out += "\\b".utf8
            case 0x0C: out += "\\f".utf8
            case 0x20...0x7E: out.append(UInt8(unit))
            default:
                let digits = String(unit, radix: 16)
                out += "\\u".utf8
                out.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count))
                out += digits.utf8
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
