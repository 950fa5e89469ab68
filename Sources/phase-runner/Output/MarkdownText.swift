/// Words in Markdown as GitHub, GitLab and Forgejo read it.
enum MarkdownText {
    static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

    /// Between as many backticks as the text does not have in a row. A bar would end a table's cell even there, so a
    /// text with one is written as HTML.
    static func code(_ text: String) -> String {
        let text = TerminalText.safe(text)
        guard !text.contains("|") else {
            let escaped = text.unicodeScalars.map { scalar in
                scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == " "
                    ? String(Character(scalar)) : "&#\(scalar.value);"
            }
            return "<code>\(escaped.joined())</code>"
        }
        var fence = "`"
        while text.contains(fence) { fence += "`" }
        let pad = text.hasPrefix("`") || text.hasSuffix("`") ? " " : ""
        return fence + pad + text + pad + fence
    }

    /// Nothing in it is markup, or mentions a person.
    static func plain(_ text: String) -> String {
        var plain = ""
        for character in TerminalText.safe(text) {
            if "\\`*_{}[]<>#|~@&!".contains(character) { plain.append("\\") }
            plain.append(character)
        }
        return plain
    }

    /// A link, or its words where the address is none that a page may lead to.
    static func link(_ words: String, _ address: String?) -> String {
        guard let address, !address.contains(where: { "()<>\\ ".contains($0) }) else { return words }
        return "[\(words)](\(address))"
    }
}
