/// How a text is written.
enum YAMLStyle {
    /// Without quotes, where libyaml finds no sign in it that forbids that.
    case plain
    /// Always in double quotes.
    case quoted

    /// Quotes whatever any reader of YAML 1.1 or 1.2 could take for something else than this text.
    init(for text: String) {
        if case .string = YAMLScalarMeaning(plain: text), !Self.looksLikeMore(text) {
            self = .plain
        } else {
            self = .quoted
        }
    }

    /// Texts that only other readers than PyYAML resolve: `y`, `n`, the numbers of YAML 1.2 (`1e5`, `0o17`, `-.5`), and
    /// texts of several lines, which would be folded.
    private static func looksLikeMore(_ text: String) -> Bool {
        if ["y", "Y", "n", "N"].contains(text) { return true }
        if text.unicodeScalars.contains(where: { $0 == "\n" || $0 == "\r" || $0 == "\t" }) { return true }
        guard let first = text.unicodeScalars.first else { return true }
        guard ("0"..."9").contains(first) || first == "+" || first == "-" || first == "." else { return false }
        return Double(text) != nil || text.hasPrefix("0o")
    }
}

extension Double {
    /// The shortest text that gives this number again, in the form that YAML 1.1 requires: a point always, and a sign
    /// in the exponent.
    var yamlText: String {
        if isNaN { return ".nan" }
        if isInfinite { return self < 0 ? "-.inf" : ".inf" }
        let text = description
        guard !text.contains("."), let exponent = text.firstIndex(of: "e") else { return text }
        return text[..<exponent] + ".0" + text[exponent...]
    }
}
