import ProductMD

/// Values that a comparison must not show: it goes into logs and pull requests.
enum HiddenValue {
    static let text: JSONValue = "(not shown)"

    private static let words = ["password", "passphrase", "secret", "token"]

    static func hides(_ key: String) -> Bool {
        let key = key.lowercased()
        return words.contains { key.contains($0) }
    }

    /// The value without secrets, whatever it is made of.
    static func shown(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(withoutUser(text))
        case .array(let items): .array(items.map(shown))
        case .object(let members):
            .object(
                Dictionary(members.map { ($0.key, hides($0.key) ? text : shown($0.value)) }) { first, _ in first })
        default: value
        }
    }

    /// `https://user:password@host/` without what stands before the host.
    private static func withoutUser(_ text: String) -> String {
        guard let slashes = text.firstRange(of: "://") else { return text }
        let end = text[slashes.upperBound...].firstIndex { "/?#".contains($0) } ?? text.endIndex
        guard let at = text[slashes.upperBound..<end].lastIndex(of: "@") else { return text }
        return text[..<slashes.upperBound] + "…" + text[at...]
    }
}
