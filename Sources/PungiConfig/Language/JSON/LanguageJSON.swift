internal import OrderedCollections

extension ConfigDocument {
    /// The whole configuration as Python's `json.dumps(..., indent=4, sort_keys=True)` writes it.
    ///
    /// Tuples become lists. Keys that are no strings become their JSON text, as in Python; where Python cannot sort or
    /// write keys (kinds mixed, tuples), strings come after all others and tuples become their JSON text too.
    package func languageJSON() -> String {
        var dict = ConfigDict()
        let nowhere = SourceLocation(file: path, line: 1, column: 1)
        for (name, value) in values { dict.set(ConfigValue(.string(name), at: nowhere), to: value) }
        return JSONText.indented(ConfigValue(.dict(dict), at: nowhere))
    }
}

/// Values as Python's `json` writes them.
enum JSONText {
    private enum Step {
        case value(ConfigValue, level: Int)
        case text(String)
    }

    /// With four blanks a level and sorted keys.
    static func indented(_ value: ConfigValue) -> String {
        String(decoding: bytes(of: value, indent: 4), as: UTF8.self)
    }

    /// In one line, for keys.
    static func compact(_ value: ConfigValue) -> String {
        String(decoding: bytes(of: value, indent: nil), as: UTF8.self)
    }

    /// Walks without recursion, so that the depth of a value costs no stack.
    private static func bytes(of root: ConfigValue, indent: Int?) -> [UInt8] {
        var output: [UInt8] = []
        var pending: [Step] = [.value(root, level: 0)]
        while let step = pending.popLast() {
            switch step {
            case .text(let text): output += text.utf8
            case .value(let value, let level):
                switch value.kind {
                case .list(let items), .tuple(let items):
                    let members = items.map { ("", $0) }
                    push(members, "[", "]", level, indent, &output, &pending)
                case .dict(let dict): push(members(of: dict), "{", "}", level, indent, &output, &pending)
                case .string(let text): write(text, &output)
                default: output += scalar(value).utf8
                }
            }
        }
        return output
    }

    private static func push(
        _ members: [(String, ConfigValue)], _ open: String, _ close: String, _ level: Int, _ indent: Int?,
        _ output: inout [UInt8], _ pending: inout [Step]
    ) {
        guard !members.isEmpty else {
            output += (open + close).utf8
            return
        }
        func lineBreak(_ level: Int) -> String { indent.map { "\n" + String(repeating: " ", count: $0 * level) } ?? "" }
        output += open.utf8
        pending.append(.text(lineBreak(level) + close))
        let between = (indent == nil ? ", " : ",") + lineBreak(level + 1)
        for (place, member) in members.enumerated().reversed() {
            pending.append(.value(member.1, level: level + 1))
            pending.append(.text((place > 0 ? between : lineBreak(1 + level)) + member.0))
        }
    }

    /// A dict's entries, sorted, each with its key as it is written.
    private static func members(of dict: ConfigDict) -> [(String, ConfigValue)] {
        let sorted = dict.entries.sorted { comesBefore($0.key, $1.key) }
        return sorted.map { entry in
            var key: [UInt8] = []
            write(keyText(entry.key), &key)
            return (String(decoding: key, as: UTF8.self) + ": ", entry.value)
        }
    }

    private static func keyText(_ key: ConfigValue) -> String {
        switch key.kind {
        case .string(let text): text
        case .list, .tuple, .dict: compact(key)
        default: scalar(key)
        }
    }

    private static func comesBefore(_ left: ConfigValue, _ right: ConfigValue) -> Bool {
        switch (left.kind, right.kind) {
        case (.string(let a), .string(let b)): return a.utf8.lexicographicallyPrecedes(b.utf8)
        case (_, .string): return true
        case (.string, _): return false
        default:
            guard let a = number(left), let b = number(right), a != b else { return keyText(left) < keyText(right) }
            return a < b
        }
    }

    private static func number(_ value: ConfigValue) -> Double? {
        switch value.kind {
        case .bool(let flag): flag ? 1 : 0
        case .int(let number): PythonFloat.nearest(to: number) ?? (number.isNegative ? -.infinity : .infinity)
        case .float(let number): number
        default: nil
        }
    }

    private static func scalar(_ value: ConfigValue) -> String {
        switch value.kind {
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): number.text
        case .float(let number):
            number.isNaN
                ? "NaN" : number.isInfinite ? (number < 0 ? "-Infinity" : "Infinity") : PythonFloat.text(number)
        default: "null"
        }
    }

    /// A string in quotes, all but printable ASCII escaped.
    private static func write(_ text: String, _ output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\"".utf8
            case "\\": output += "\\\\".utf8
            case "\n": output += "\\n".utf8
            case "\r": output += "\\r".utf8
            case "\t": output += "\\t".utf8
            case "\u{8}": output += "\\b".utf8
            case "\u{C}": output += "\\f".utf8
            case " "..."~": output.append(UInt8(truncatingIfNeeded: scalar.value))
            default:
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    output += ("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits).utf8
                }
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
