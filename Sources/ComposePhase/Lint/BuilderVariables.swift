/// Names with a dollar sign in what a builder is sent.
///
/// As koji-image-builder: it replaces `$arch` and `$basearch` in repositories and `$arch` in the ostree ref, as plain
/// text, and nothing else anywhere.
enum BuilderVariables {
    /// What stays in a text with its dollar sign after the builder replaced what it replaces.
    ///
    /// - Parameter replaced: e.g. `$arch`.
    static func left(in text: String, replaced: [String]) -> [String] {
        var rest = text
        for name in replaced { rest = rest.replacing(name, with: "") }
        var found: [String] = []
        var scalars = Substring(rest)
        while let dollar = scalars.firstIndex(of: "$") {
            var end = scalars.index(after: dollar)
            if end < scalars.endIndex, scalars[end] == "{", let brace = scalars[end...].firstIndex(of: "}") {
                end = scalars.index(after: brace)
            } else {
                while end < scalars.endIndex, scalars[end].isLetter || scalars[end].isNumber || scalars[end] == "_" {
                    end = scalars.index(after: end)
                }
            }
            found.append(String(scalars[dollar..<end]))
            scalars = scalars[end...]
        }
        return found
    }
}
