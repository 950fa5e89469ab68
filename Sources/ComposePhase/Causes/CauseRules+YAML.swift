package import LibYAML
import PungiConfig

extension CauseRules {
    /// Reads a list of rules: mappings of `name`, `where`, `pattern`, `class`, `remedy`, `general` and `source`.
    ///
    /// `where` is `any` and `general` is `no` when left out; `source` is for people.
    ///
    /// - Parameter name: what the document is called in errors.
    package init(yaml bytes: [UInt8], name: String) throws(YAMLFailure) {
        let document = try YAMLReader.read(bytes, name: name)
        guard case .sequence(let items, _) = document else {
            throw YAMLFailure("the rules must be a list", at: document.location, in: name)
        }
        var rules: [CauseRule] = []
        for item in items {
            let rule = try Self.rule(item, name)
            guard !rules.contains(where: { $0.name == rule.name }) else {
                throw YAMLFailure("there are two rules of the name \(rule.name)", at: item.location, in: name)
            }
            rules.append(rule)
        }
        self.init(rules)
    }

    private static let keys: Set = ["name", "where", "pattern", "class", "remedy", "general", "source"]

    private static func rule(_ node: YAMLNode, _ document: String) throws(YAMLFailure) -> CauseRule {
        guard case .mapping(let pairs, _) = node else {
            throw YAMLFailure("a rule must be a mapping", at: node.location, in: document)
        }
        if let stranger = pairs.first(where: { !keys.contains($0.key) }) {
            throw YAMLFailure("a rule has no key \(stranger.key)", at: stranger.keyLocation, in: document)
        }
        func text(_ key: String) throws(YAMLFailure) -> String? {
            guard let value = node[key] else { return nil }
            guard case .scalar(let text, _, _) = value, !text.isEmpty else {
                throw YAMLFailure("\(key) of a rule must be a text", at: value.location, in: document)
            }
            return text
        }
        func needed(_ key: String) throws(YAMLFailure) -> String {
            guard let text = try text(key) else {
                throw YAMLFailure("a rule needs a \(key)", at: node.location, in: document)
            }
            return text
        }
        func word<Word: RawRepresentable & CaseIterable>(_ key: String, _ text: String) throws(YAMLFailure) -> Word
        where Word.RawValue == String {
            if let word = Word(rawValue: text) { return word }
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw YAMLFailure(
                "\(key) is one of \(known), not \(EvidenceLine.cleaned(text))", at: node[key]?.location, in: document)
        }
        let general = try text("general") ?? "no"
        guard ["yes", "no"].contains(general) else {
            throw YAMLFailure("general is yes or no", at: node["general"]?.location, in: document)
        }
        let pattern = try needed("pattern")
        let place: CauseRule.Place = try word("where", try text("where") ?? "any")
        let kind: CauseClass = try word("class", try needed("class"))
        let (name, remedy) = (try needed("name"), try text("remedy"))
        do throws(PatternFailure) {
            return try CauseRule(
                name: name, place: place, pattern: pattern, kind: kind, remedy: remedy, isGeneral: general == "yes")
        } catch {
            throw YAMLFailure(
                "the pattern of the rule \(name) cannot be used: \(error)", at: node["pattern"]?.location, in: document)
        }
    }
}
