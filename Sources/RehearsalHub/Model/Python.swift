import Koji

/// Values as Python prints them: the hub's fault texts hold such forms.
enum Python {
    /// Python's `repr` of a text.
    static func repr(_ text: String) -> String {
        let quote: Character = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var result = String(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where Character(scalar) == quote: result += "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\x" + (digits.count == 1 ? "0" : "") + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + String(quote)
    }

    /// Python's `repr` of a value; members of structs stand in order.
    static func repr(_ value: XMLRPCValue) -> String {
        switch value {
        case .null: "None"
        case .bool(let flag): flag ? "True" : "False"
        case .int(let number): String(number)
        case .double(let number): String(number)
        case .string(let text), .date(let text): repr(text)
        case .bytes(let bytes): "<\(bytes.count) bytes>"
        case .array(let items): "[" + items.map { repr($0) }.joined(separator: ", ") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { "\(repr($0.key)): \(repr($0.value))" }.joined(
                    separator: ", ")
                + "}"
        }
    }

    /// The name of the value's class.
    static func className(_ value: XMLRPCValue) -> String {
        switch value {
        case .null: "NoneType"
        case .bool: "bool"
        case .int: "int"
        case .double: "float"
        case .string, .date: "str"
        case .bytes: "bytes"
        case .array: "list"
        case .object: "dict"
        }
    }

    /// What `pprint.pformat` gives for a value within a width of 72, as schema faults print it.
    static func pretty(_ value: XMLRPCValue) -> String {
        var printer = PrettyPrinter()
        printer.print(value, indent: 0, allowance: 0, level: 1)
        return printer.text
    }
}

/// Python's `pprint` for the values that occur in schemas and requests.
private struct PrettyPrinter {
    private(set) var text = ""
    private let width = 72

    mutating func print(_ value: XMLRPCValue, indent: Int, allowance: Int, level: Int) {
        let short = Python.repr(value)
        guard short.count > width - indent - allowance else {
            text += short
            return
        }
        switch value {
        case .object(let members):
            text += "{"
            printMembers(members.sorted { $0.key < $1.key }, indent: indent + 1, allowance: allowance + 1, level: level)
            text += "}"
        case .array(let items):
            text += "["
            for (index, item) in items.enumerated() {
                if index > 0 { text += ",\n" + blanks(indent + 1) }
                let room = index == items.count - 1 ? allowance + 1 : 1
                print(item, indent: indent + 1, allowance: room, level: level + 1)
            }
            text += "]"
        case .string(let string):
            print(string, indent: indent, allowance: allowance, level: level)
        case .null, .bool, .int, .double, .bytes, .date:
            text += short
        }
    }

    private mutating func printMembers(
        _ members: [(key: String, value: XMLRPCValue)], indent: Int, allowance: Int, level: Int
    ) {
        for (index, member) in members.enumerated() {
            if index > 0 { text += ",\n" + blanks(indent) }
            let key = Python.repr(member.key)
            text += key + ": "
            let room = index == members.count - 1 ? allowance : 1
            print(member.value, indent: indent + key.count + 2, allowance: room, level: level + 1)
        }
    }

    /// A long text is broken between words into several texts below each other.
    private mutating func print(_ string: String, indent: Int, allowance: Int, level: Int) {
        let indent = level == 1 ? indent + 1 : indent
        let allowance = level == 1 ? allowance + 1 : allowance
        var chunks: [String] = []
        var current = ""
        let parts = Self.words(string)
        for (index, part) in parts.enumerated() {
            let room = width - indent - (index == parts.count - 1 ? allowance : 0)
            if Python.repr(current + part).count > room {
                if !current.isEmpty { chunks.append(Python.repr(current)) }
                current = part
            } else {
                current += part
            }
        }
        if !current.isEmpty { chunks.append(Python.repr(current)) }
        let joined = chunks.joined(separator: "\n" + blanks(indent))
        text += level == 1 && chunks.count > 1 ? "(\(joined))" : joined
    }

    private func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

    /// The words of a text, each with the blanks behind it.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var current = ""
        for character in text {
            if !character.isWhitespace, current.last?.isWhitespace == true {
                words.append(current)
                current = ""
            }
            current.append(character)
        }
        return current.isEmpty ? words : words + [current]
    }
}
