/// How the build targets of the hosted service become targets with image-builder in their build tags.
package struct TargetRule: Sendable {
    /// Targets that are named one by one.
    private var named: [String: String] = [:]
    /// The new name of all others, `{}` standing for the old one.
    private var template = "{}-image-builder"

    package init() {}

    /// Takes a rule in: `OLD=NEW`, or a template with `{}`. False if it is neither.
    package mutating func add(_ text: String) -> Bool {
        if let equals = text.firstIndex(of: "=") {
            let (old, new) = (String(text[..<equals]), String(text[text.index(after: equals)...]))
            guard !old.isEmpty, !new.isEmpty else { return false }
            named[old] = new
            return true
        }
        guard text.contains("{}") else { return false }
        template = text
        return true
    }

    /// The new target. One that follows the template already stays.
    func target(for old: String) -> String {
        if let new = named[old] { return new }
        let parts = template.split(separator: "{}", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let (prefix, suffix) = (parts.first ?? "", parts.count > 1 ? parts[1] : "")
        guard !old.isEmpty, !(old.hasPrefix(prefix) && old.hasSuffix(suffix) && prefix.count + suffix.count > 0) else {
            return old
        }
        return prefix + old + suffix
    }
}
