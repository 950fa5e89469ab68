package import PungiConfig

/// What branching day asks of a config: edits with their reasons, and what a person has to look at.
///
/// Only texts are changed, never comments, keys or the names of variables. What a text becomes depends on the option that
/// it reaches; a variable's text is changed if all options that it reaches ask for the same.
package struct BranchProposal: Sendable {
    /// A file of the config.
    package struct File: Sendable {
        /// What it is called in places and patches.
        package let path: String
        package let bytes: [UInt8]

        package init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// A text that is to say something else.
    package struct Change: Sendable, Hashable {
        package let location: SourceLocation
        /// The options that it reaches: one, or all that a variable is used for.
        package let options: [String]
        package let old: String
        package let new: String
        package let reason: String
    }

    /// A text that names the old branch and stays.
    package struct Note: Sendable, Hashable {
        package let location: SourceLocation
        package let option: String
        package let text: String
        package let reason: String
    }

    package private(set) var changes: [Change] = []
    package private(set) var notes: [Note] = []
    /// The files as they would be, in the order given; those that stay as they are, too.
    package private(set) var edited: [File] = []

    /// - Parameter files: the main file and all that it imports, each once.
    /// - Throws: a file's form is not that of a config.
    package init(files: [File], _ request: BranchRequest) throws(ConfigFailure) {
        var trees: [SourceTree] = []
        for file in files { trees.append(try SourceTree.read(bytes: file.bytes, path: file.path)) }
        var uses = StringUses(trees)
        var edits = [[TextEdit]](repeating: [], count: files.count)
        for string in uses.strings {
            if let edit = decide(string, &uses, request) { edits[string.file].append(edit) }
        }
        for tree in trees { noteImports(of: tree, request) }
        changes.sort { $0.location < $1.location }
        notes.sort { $0.location < $1.location }
        for (file, edits) in zip(files, edits) {
            do {
                edited.append(File(path: file.path, bytes: try TextEdits.apply(edits, to: file.bytes)))
            } catch {
                throw ConfigFailure(
                    Diagnostic(
                        severity: .error, code: "config.syntax", message: "\(file.path) cannot be edited: \(error)"))
            }
        }
    }

    /// One patch of all files that change, in their order; `name` gives what a file is called in it.
    package func patch(of files: [File], name: (File) -> String) -> String {
        zip(files, edited).map { UnifiedDiff.text(old: $0.bytes, new: $1.bytes, path: name($0)) }.joined()
    }

    // MARK: Decisions

    private mutating func decide(
        _ string: PlacedString, _ uses: inout StringUses, _ request: BranchRequest
    ) -> TextEdit? {
        let names = BranchWords(string.text, request)
        if string.isKey {
            if names.namesBranch { note(string, string.place.path, "keys are not changed") }
            return nil
        }
        // Most texts name no branch: the options that they reach need not be asked for.
        guard !names.isEmpty || string.text.hasSuffix("main") || string.text.hasSuffix("master") else { return nil }
        let reached = uses.uses(of: string.place).sorted { ($0.option, $0.prefix) < ($1.option, $1.prefix) }
        guard let first = reached.first else {
            if names.namesBranch { note(string, string.place.path, "no option uses this") }
            return nil
        }
        var outcomes: [(outcome: BranchRule.Outcome, use: StringUse)] = []
        for use in reached { outcomes.append((Self.outcome(string.text, use, request), use)) }
        guard outcomes.contains(where: { $0.outcome != .untouched }) else {
            if names.namesBranch, reached.allSatisfy({ $0.rule == nil }) {
                note(string, first.option, "whether this option follows the branch is not known")
            }
            return nil
        }
        return agree(string, outcomes)
    }

    /// Changes the text if all options that it reaches ask for the same.
    private mutating func agree(
        _ string: PlacedString, _ outcomes: [(outcome: BranchRule.Outcome, use: StringUse)]
    ) -> TextEdit? {
        var wanted: [(new: String, reason: String, option: String)] = []
        for (outcome, use) in outcomes {
            switch outcome {
            case .change(let new, let reason): wanted.append((new, reason, use.option))
            case .unsure(let why):
                note(string, use.option, why)
                return nil
            case .untouched:
                note(string, use.option, "this option, too, has this text, and does not follow the branch")
                return nil
            }
        }
        guard let first = wanted.first else { return nil }
        if let other = wanted.first(where: { $0.new != first.new }) {
            note(
                string, string.place.path,
                "\(first.option) would ask for \"\(first.new)\", \(other.option) for \"\(other.new)\"")
            return nil
        }
        guard case .scalar(.string(_, let content)) = string.node.kind, first.new != string.text else { return nil }
        guard content.count == string.text.utf8.count else {
            note(string, first.option, "the text goes over several lines")
            return nil
        }
        changes.append(
            Change(
                location: string.node.location, options: Self.distinct(wanted.map(\.option)), old: string.text,
                new: first.new,
                reason: first.reason))
        return TextEdit(range: content, replacement: first.new)
    }

    private static func distinct(_ options: [String]) -> [String] {
        options.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    /// What an option asks a text to become, with what stands around it there.
    private static func outcome(_ text: String, _ use: StringUse, _ request: BranchRequest) -> BranchRule.Outcome {
        var (rule, prefix, text) = (use.rule, use.prefix, text)
        var lead = ""
        if prefix.isEmpty, use.option.hasSuffix("_template_var"), let sign = text.firstIndex(of: "=") {
            // Lorax' templates take `name=value`.
            rule = BranchRule(key: String(text[..<sign]))
            lead = String(text[...sign])
            text = String(text[sign...].dropFirst())
        }
        guard let rule else {
            let names = BranchWords(use.prefix + text + use.suffix, request).namesBranch
            return names ? .unsure("whether this option follows the branch is not known") : .untouched
        }
        switch rule.apply(to: prefix + text + use.suffix, request) {
        case .untouched: return .untouched
        case .unsure(let why): return .unsure(why)
        case .change(let whole, let reason):
            // The text around it is another's, whose turn comes, too.
            let own = BranchWords(text, request)
            if own.isEmpty, !prefix.isEmpty || !use.suffix.isEmpty { return .untouched }
            let newPrefix = Self.changed(prefix, rule, request)
            let newSuffix = Self.changed(use.suffix, rule, request)
            for (head, tail) in [(prefix, use.suffix), (newPrefix, newSuffix)]
            where whole.utf8.count >= head.utf8.count + tail.utf8.count && whole.hasPrefix(head)
                && whole.hasSuffix(tail)
            {
                prefix = String(whole.dropFirst(head.count).dropLast(tail.count))
                return .change(lead + prefix, reason: reason)
            }
            return .unsure("the text around it would have to change with it")
        }
    }

    private static func changed(_ text: String, _ rule: BranchRule, _ request: BranchRequest) -> String {
        if case .change(let new, _) = rule.apply(to: text, request) { new } else { text }
    }

    // MARK: Notes

    private mutating func note(_ string: PlacedString, _ option: String, _ reason: String) {
        notes.append(Note(location: string.node.location, option: option, text: string.text, reason: reason))
    }

    private mutating func noteImports(of tree: SourceTree, _ request: BranchRequest) {
        for imported in tree.imports where BranchWords(imported.path, request).namesBranch {
            notes.append(
                Note(
                    location: imported.location, option: "import", text: imported.path,
                    reason: "the file of the new branch may be called otherwise"))
        }
    }
}
