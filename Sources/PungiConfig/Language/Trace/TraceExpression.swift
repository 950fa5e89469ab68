/// Writes what stands at a place in the configuration's own language, shortened.
enum TraceExpression {
    private static let longest = 160

    static func text(of node: Int, in trace: ConfigTrace) -> String {
        var text = ""
        write(node, trace, depth: 0, &text)
        guard text.unicodeScalars.count > longest else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(longest - 3))) + "..."
    }

    /// Depth and length are limited: nobody reads more, and a value may be of any size.
    private static func write(_ node: Int, _ trace: ConfigTrace, depth: Int, _ text: inout String) {
        guard depth < 6, text.utf8.count < longest else {
            text += "..."
            return
        }
        switch trace.nodes[node] {
        case .literal(let value): text += ConfigText.short(value, longest)
        case .variable(let name, _, _): text += name
        case .formatted(let template, _, let arguments):
            text += ConfigText.short(.string(template), longest) + " % "
            write(arguments, trace, depth: depth + 1, &text)
        case .container(let opening, _, let parts):
            text.append(opening)
            for (index, part) in parts.enumerated() {
                if index > 0 { text += ", " }
                guard text.utf8.count < longest else {
                    text += "..."
                    break
                }
                if let key = part.keyNode {
                    write(key, trace, depth: depth + 1, &text)
                    text += ": "
                }
                write(part.node, trace, depth: depth + 1, &text)
            }
            text.append(opening == "[" ? "]" : opening == "(" ? ")" : "}")
        }
    }
}

/// Values in the configuration's own language, for a person: strings in double quotes, as configs have them.
package enum ConfigText {
    /// The text of a value, cut after about `limit` characters.
    package static func short(_ value: ConfigValue, _ limit: Int) -> String { short(value.kind, limit) }

    static func short(_ kind: ConfigValue.Kind, _ limit: Int) -> String {
        let text: String
        switch kind {
        case .string(let content):
            let start = content.unicodeScalars.prefix(limit)
            let quote = start.contains("\"") ? "'" : "\""
            text =
                quote + String(String.UnicodeScalarView(start)) + (start.endIndex < content.endIndex ? "..." : "")
                + quote
            return text
        case .list(let items): text = "[" + list(items, limit) + "]"
        case .tuple(let items): text = "(" + list(items, limit) + ")"
        case .dict(let dict): text = dict.isEmpty ? "{}" : "{\(dict.count) \(dict.count == 1 ? "key" : "keys")}"
        default: text = ConfigValue(kind, at: SourceLocation(file: "", line: 0, column: 0)).description
        }
        return text
    }

    private static func list(_ items: [ConfigValue], _ limit: Int) -> String {
        var text = ""
        for (index, item) in items.enumerated() {
            guard text.utf8.count < limit else { return text + ", ..." }
            // A list in a list is told by its size: values may be of any depth.
            let inner = item.items.map { "[\($0.count) \($0.count == 1 ? "item" : "items")]" } ?? short(item, limit)
            text += (index > 0 ? ", " : "") + inner
        }
        return text
    }
}
