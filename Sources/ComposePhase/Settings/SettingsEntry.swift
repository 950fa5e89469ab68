package import LibYAML
package import PungiConfig

/// A value of a settings file with its place and its path (`limits.tasks`). Each reading gives nil and a finding where
/// the value is something else.
package struct SettingsEntry {
    let node: YAMLNode
    /// The file's path, for messages and for relative paths in it.
    package let file: String
    /// `limits.tasks`, `images[0]`; empty for the whole file.
    package let path: String
    package let findings: SettingsFindings

    package init(node: YAMLNode, file: String, path: String, findings: SettingsFindings) {
        self.node = node
        self.file = file
        self.path = path
        self.findings = findings
    }

    package var location: SourceLocation {
        SourceLocation(file: file, line: node.location.line, column: node.location.column)
    }

    /// `null`, `~`, or nothing at all behind the colon.
    package var isNull: Bool {
        guard case .scalar(let text, isPlain: true, _) = node else { return false }
        return YAMLScalarMeaning(plain: text) == .null
    }

    package func complain(_ code: String, _ message: String, fix: String? = nil) {
        findings.add(code, "\(path.isEmpty ? "the file" : path) \(message)", at: location, fix: fix)
    }

    private func mismatch(_ expected: String, fix: String? = nil) {
        complain("type", "must be \(expected), but is \(kind)", fix: fix)
    }

    /// What the value is, for messages.
    private var kind: String {
        switch node {
        case .sequence: return "a list"
        case .mapping: return "a mapping"
        case .scalar(let text, let isPlain, _):
            guard isPlain else { return "the text '\(SettingsFindings.shown(text))'" }
            switch YAMLScalarMeaning(plain: text) {
            case .null: return "empty"
            case .bool: return "\(text), which YAML takes for true or false"
            case .int, .double, .unusableNumber: return "the number \(SettingsFindings.shown(text))"
            case .date, .merge, .value, .string: return "the text '\(SettingsFindings.shown(text))'"
            }
        }
    }

    // MARK: Scalars

    /// A whole number in plain digits. YAML 1.1 has more forms, which say something else than they seem to: `010` is 8
    /// and `1:30` is 90.
    package func integer(atLeast least: Int = .min) -> Int? {
        guard case .scalar(let text, isPlain: true, _) = node else {
            mismatch("a whole number")
            return nil
        }
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let isPlainNumber = !digits.isEmpty && digits.utf8.allSatisfy { (48...57).contains($0) }
        guard isPlainNumber, digits == "0" || digits.first != "0" else {
            mismatch("a whole number", fix: "write it in plain digits, without a 0 in front")
            return nil
        }
        guard let number = Int(text), abs(number) < 1 << 53 else {
            complain("value", "is larger than any use can be", fix: "leave it out to have no limit")
            return nil
        }
        guard number >= least else {
            complain("value", "is \(number), but must be \(least) or more")
            return nil
        }
        return number
    }

    /// A length of time in seconds.
    package func duration(allowsZero: Bool = false) -> Double? {
        guard case .scalar(let text, _, _) = node, !isNull else {
            mismatch("a length of time", fix: "write \(DurationText.forms)")
            return nil
        }
        do {
            let seconds = try DurationText.seconds(text)
            if seconds > 0 || allowsZero { return seconds }
            complain("duration", "is 0, but must be longer", fix: "leave it out to have the default")
        } catch {
            let shown = SettingsFindings.shown(text)
            switch error {
            case .negative: complain("duration", "is negative: '\(shown)'")
            case .tooLong: complain("duration", "is longer than ten years: '\(shown)'")
            case .malformed:
                complain("duration", "is not a length of time: '\(shown)'", fix: "write \(DurationText.forms)")
            }
        }
        return nil
    }

    /// A text that is not empty. What YAML takes for a number or a truth value is refused: `1.10` would lose its zero
    /// in other readers.
    package func text() -> String? {
        guard case .scalar(let text, let isPlain, _) = node else {
            mismatch("a text")
            return nil
        }
        if isPlain {
            switch YAMLScalarMeaning(plain: text) {
            case .string, .date, .merge, .value: break
            default:
                mismatch("a text", fix: "put it in quotes")
                return nil
            }
        }
        guard !text.isEmpty else {
            complain("value", "is empty")
            return nil
        }
        return text
    }

    /// One of a few words.
    package func word(of words: [String]) -> String? {
        guard let text = text() else { return nil }
        if words.contains(text) { return text }
        complain(
            "value", "is '\(SettingsFindings.shown(text))', but must be one of \(words.joined(separator: ", "))",
            fix: nearest(to: text, in: words).map { "did you mean '\($0)'?" })
        return nil
    }

    package func flag() -> Bool? {
        if case .scalar(let text, isPlain: true, _) = node, case .bool(let flag) = YAMLScalarMeaning(plain: text) {
            return flag
        }
        mismatch("true or false")
        return nil
    }

    // MARK: Collections

    /// The values of a list. Nothing at all is a list of none.
    package func list() -> [SettingsEntry]? {
        if isNull { return [] }
        guard case .sequence(let nodes, _) = node else {
            mismatch("a list", fix: "begin each entry with '- '")
            return nil
        }
        return nodes.enumerated().map {
            SettingsEntry(node: $1, file: file, path: "\(path)[\($0)]", findings: findings)
        }
    }

    /// The entries of a mapping, with the places of their keys.
    package func entries() -> [(key: String, place: SourceLocation, entry: SettingsEntry)]? {
        guard case .mapping(let pairs, _) = node else {
            mismatch("a mapping", fix: "write a line 'KEY: VALUE' for each entry")
            return nil
        }
        return pairs.map { pair in
            let path = "\(path.isEmpty ? "" : path + ".")\(SettingsFindings.shown(pair.key))"
            let place = SourceLocation(file: file, line: pair.keyLocation.line, column: pair.keyLocation.column)
            return (pair.key, place, SettingsEntry(node: pair.value, file: file, path: path, findings: findings))
        }
    }

    /// The members of a mapping that has the keys of `kind` in ``SettingsKeys``; nil stands for the entry's own path.
    package func table(_ kind: String? = nil) -> SettingsTable? {
        guard let entries = entries() else { return nil }
        let kind = kind ?? path
        let known = findings.keys.byPath[kind] ?? []
        var members: [String: SettingsEntry] = [:]
        for (key, place, entry) in entries {
            guard known.contains(key) else {
                findings.add(
                    "unknown-key", "there is no setting '\(entry.path)'", at: place,
                    fix: findings.keys.advice(on: key, in: kind, known: known, nearest: nearest(to: key, in: known)))
                continue
            }
            members[key] = entry
        }
        return SettingsTable(itself: self, members: members)
    }
}

/// A mapping whose keys are known.
package struct SettingsTable {
    package let itself: SettingsEntry
    fileprivate let members: [String: SettingsEntry]

    fileprivate init(itself: SettingsEntry, members: [String: SettingsEntry]) {
        self.itself = itself
        self.members = members
    }

    /// The value of a key, if it is there.
    package subscript(key: String) -> SettingsEntry? { members[key] }

    /// The mapping of a section. One with nothing in it, such as a heading whose lines are all comments, says nothing.
    package func section(_ key: String) -> SettingsTable? {
        guard let entry = members[key], !entry.isNull else { return nil }
        return entry.table()
    }

    /// Hands over the value of a key: what was read, or nil for `null`, which sets the default again. A key that is not
    /// there or that is wrong changes nothing.
    package func set<Value>(_ key: String, _ read: (SettingsEntry) -> Value?, _ apply: (Value?) -> Void) {
        guard let entry = members[key] else { return }
        if entry.isNull { return apply(nil) }
        if let value = read(entry) { apply(value) }
    }

    /// The entry of a key that must be there.
    package func required(_ key: String) -> SettingsEntry? {
        if let entry = members[key], !entry.isNull { return entry }
        itself.complain("required", "has no '\(key)'")
        return nil
    }
}
