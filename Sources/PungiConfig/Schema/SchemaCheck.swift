internal import OrderedCollections

/// Holds a configuration against Pungi's schema.
///
/// Source of the rules: Pungi's validator as measured. The complaints are its complaints, option by option; texts,
/// places and likely fixes are ours. Where it names only the value that fits none of several shapes, the shape that
/// was probably meant is taken and its complaints are told.
package struct SchemaCheck {
    /// Who is to take the configuration.
    package enum Reader: Sendable {
        /// Pungi's own phase, which refuses what only the newest hub plugin knows.
        case pungi
        /// This program, which takes that with a warning.
        case phaseRunner
    }

    /// What came of it.
    package struct Outcome: Sendable {
        /// The configuration with defaults filled in and old names replaced.
        package let document: ConfigDocument
        package let diagnostics: [Diagnostic]
    }

    private let reader: Reader
    private var diagnostics: [Diagnostic] = []
    /// The way to the value being looked at; texts are made of it only for a complaint.
    private var path: [Step] = []
    /// The path that Pungi would name: that of the outermost value with several possible shapes.
    private var namedDepth: Int?

    private enum Step {
        case key(String)
        case index(Int)
    }

    private init(reader: Reader) { self.reader = reader }

    /// All that is wrong with a configuration, and what it is with defaults.
    package static func run(_ document: ConfigDocument, for reader: Reader = .phaseRunner) -> Outcome {
        var filled = document
        var check = SchemaCheck(reader: reader)
        check.fillIn(&filled)
        check.walk(filled)
        check.diagnostics += OptionRelations.complaints(about: filled)
        return Outcome(document: filled, diagnostics: check.diagnostics)
    }

    /// One value against one shape, for files in other forms.
    static func complaints(about value: ConfigValue, at option: String, _ shape: Shape) -> [Diagnostic] {
        var check = SchemaCheck(reader: .phaseRunner)
        check.path = [.key(option)]
        check.look(value, shape)
        return check.diagnostics
    }

    // MARK: The top level

    private mutating func fillIn(_ document: inout ConfigDocument) {
        for (name, value) in document.values {
            guard let option = PungiOptions.byName[name], Renaming.isNeeded(in: option.shape) else { continue }
            path = [.key(name)]
            var renaming = Renaming(path: name)
            document.values[name] = renaming.applied(to: value, option.shape)
            diagnostics += renaming.diagnostics
        }
        let place = SourceLocation(file: document.path, line: 1, column: 1)
        for option in PungiOptions.all where document.values[option.name] == nil {
            if let standard = option.standard { document.values[option.name] = standard.value(at: place) }
        }
    }

    private mutating func walk(_ document: ConfigDocument) {
        let start = SourceLocation(file: document.path, line: 1, column: 1)
        for (name, value) in document.values {
            guard let option = PungiOptions.byName[name] else {
                unknownOption(name, at: document.definitions[name])
                continue
            }
            if let removal = option.removal {
                add(
                    .warning, "config.removed", "\(name) was removed from Pungi: \(removal.reason)",
                    at: document.definitions[name] ?? value.location, option: name, fix: removal.advice)
                continue
            }
            path = [.key(name)]
            look(value, option.shape)
        }
        path = []
        for option in PungiOptions.all where option.isRequired && document.values[option.name] == nil {
            add(.error, "config.required", "\(option.name) is not set, but Pungi requires it", at: start, option: "")
        }
    }

    private mutating func unknownOption(_ name: String, at location: SourceLocation?) {
        let known = PungiOptions.all.filter { $0.removal == nil }.map(\.name)
        let near = nearest(to: name, in: known)
        add(
            .warning, "config.unknown-option", "\(name) is no option of Pungi's", at: location, option: name,
            notes: FallbackNames.effective.contains(name) ? ["image phases use it all the same, as a fallback"] : [],
            fix: near.map { "did you mean `\($0)`?" })
    }

    // MARK: Values

    private mutating func look(_ value: ConfigValue, _ shape: Shape) {
        switch shape {
        case .anything: return
        case .string, .url, .boolean, .integer, .number, .none:
            if !Self.fits(value, shape) { wrongType(value, shape) }
        case .regex: lookAtPattern(value, shape)
        case .word(let words):
            guard case .string(let text) = value.kind else { return wrongType(value, shape) }
            if !words.contains(text) {
                add(
                    .error, "config.enum", "\(pathText) is '\(shown(text))', but must be \(shape.expected)",
                    at: value.location, fix: nearest(to: text, in: words).map { "write '\($0)'" })
            }
        case .oneOfNumbers(let numbers):
            guard Self.fits(value, .number) else { return wrongType(value, shape) }
            if !numbers.contains(where: {
                SlotKey(ConfigValue(.int(ConfigInteger($0)), at: value.location)) == SlotKey(value)
            }) {
                wrongType(value, shape)
            }
        case .list(let item, let least, let most):
            guard let items = value.items else { return wrongType(value, shape) }
            if items.count < least || items.count > most { wrongLength(value, items.count, shape) }
            for (index, element) in items.enumerated() { step(.index(index)) { $0.look(element, item) } }
        case .row(let shapes, let least):
            guard let items = value.items else { return wrongType(value, shape) }
            if items.count < least || items.count > shapes.count { wrongLength(value, items.count, shape) }
            for (index, (element, shape)) in zip(items, shapes).enumerated() {
                step(.index(index)) { $0.look(element, shape) }
            }
        case .mapping(let mapping): look(value, mapping, shape)
        case .either(let shapes): look(value, either: shapes, shape)
        }
    }

    /// Whether a plain value is of the kind that a plain shape wants.
    private static func fits(_ value: ConfigValue, _ shape: Shape) -> Bool {
        switch (shape, value.kind) {
        case (.string, .string), (.url, .string), (.boolean, .bool), (.integer, .int), (.number, .int),
            (.number, .float), (.none, .none), (.anything, _):
            true
        default: false
        }
    }

    private mutating func lookAtPattern(_ value: ConfigValue, _ shape: Shape) {
        guard case .string(let text) = value.kind else { return wrongType(value, shape) }
        do {
            _ = try VariantPattern(text)
        } catch {
            add(
                .error, "config.regex", "\(pathText) is no regular expression: \(error)", at: value.location,
                notes: ["the pattern is '\(shown(text))'"])
        }
    }

    private mutating func look(_ value: ConfigValue, _ mapping: MappingShape, _ shape: Shape) {
        guard let dict = value.dict else { return wrongType(value, shape) }
        for (key, inner) in dict.entries {
            guard case .string(let name) = key.kind else {
                if !mapping.takesOthers || mapping.keys != nil { wrongKey(key) }
                continue
            }
            if let option = mapping[name] {
                if option.isNewerThanPungi { tellOfPungi(name, at: key.location) }
                step(.key(name)) { $0.look(inner, option.shape) }
            } else if let rule = mapping.keys, rule.match.matches(name) {
                step(.key(name)) { $0.look(inner, rule.shape) }
            } else if !mapping.takesOthers {
                if mapping.keys == nil { unknownKey(name, of: mapping, at: key.location) } else { wrongKey(key) }
            }
        }
        for option in mapping.options where option.isRequired && dict[option.name] == nil {
            let what = mapping.noun == MappingShape.block ? "every block" : "it"
            add(
                .error, "config.required", "\(pathText) has no '\(option.name)', which \(what) needs",
                at: value.location)
        }
    }

    /// The first shape that fits; else the complaints of the one that was probably meant.
    private mutating func look(_ value: ConfigValue, either shapes: [Shape], _ whole: Shape) {
        let outer = namedDepth
        namedDepth = outer ?? path.count
        defer { namedDepth = outer }
        let before = diagnostics.count
        var best: [Diagnostic]?
        for shape in shapes where Self.isOfKind(value, shape) {
            look(value, shape)
            let found = Array(diagnostics[before...])
            diagnostics.removeSubrange(before...)
            guard found.contains(where: { $0.severity == .error }) else {
                diagnostics += found
                return
            }
            if best.map({ found.count < $0.count }) ?? true { best = found }
        }
        if let best { diagnostics += best } else { wrongType(value, whole) }
    }

    /// Whether a value is what a shape is made of, whatever is inside.
    private static func isOfKind(_ value: ConfigValue, _ shape: Shape) -> Bool {
        switch shape {
        case .regex, .word: value.string != nil
        case .oneOfNumbers: fits(value, .number)
        case .list, .row: value.items != nil
        case .mapping: value.dict != nil
        case .either(let shapes): shapes.contains { isOfKind(value, $0) }
        default: fits(value, shape)
        }
    }

    // MARK: Complaints

    private mutating func step(_ step: Step, _ body: (inout SchemaCheck) -> Void) {
        path.append(step)
        body(&self)
        path.removeLast()
    }

    private var pathText: String { Self.text(path[...]) }

    private static func text(_ steps: ArraySlice<Step>) -> String {
        steps.map {
            switch $0 {
            case .key(let name): name
            case .index(let index): String(index)
            }
        }.joined(separator: ".")
    }

    private mutating func wrongType(_ value: ConfigValue, _ shape: Shape) {
        add(
            .error, "config.type", "\(pathText) is \(value.kindName), but must be \(shape.expected)",
            at: value.location, fix: likelyFix(value, shape))
    }

    /// The mistakes that people make most often have an obvious cure.
    private func likelyFix(_ value: ConfigValue, _ shape: Shape) -> String? {
        switch (shape, value.kind) {
        case (.string, .int(let number)), (.url, .int(let number)): "quote it: \"\(number.text)\""
        case (.boolean, .int(let number)) where number.int == 1: "write True"
        case (.boolean, .int(let number)) where number.int == 0: "write False"
        case (.boolean, .string(let text)) where ["true", "yes", "1", "on"].contains(text.lowercased()): "write True"
        case (.boolean, .string(let text)) where ["false", "no", "0", "off"].contains(text.lowercased()):
            "write False"
        case (.integer, .string(let text)), (.number, .string(let text)):
            text.utf8.allSatisfy { (48...57).contains($0) } && !text.isEmpty ? "leave out the quotes: \(text)" : nil
        case (.list(of: .string, _, _), .string(let text)): "put it in brackets: [\"\(shown(text))\"]"
        case (.list(of: .mapping, _, _), .dict): "put it in brackets: [{...}]"
        case (.either(let shapes), _): shapes.lazy.compactMap { self.likelyFix(value, $0) }.first
        default: nil
        }
    }

    private mutating func wrongLength(_ value: ConfigValue, _ count: Int, _ shape: Shape) {
        add(
            .error, "config.length",
            "\(pathText) has \(count) \(count == 1 ? "item" : "items"), but must be \(shape.expected)",
            at: value.location)
    }

    private mutating func wrongKey(_ key: ConfigValue) {
        let isPattern = path.count == 1 && path.first.map { Self.text([$0]) } == "imagebuilder"
        add(
            .error, "config.pattern",
            "a key of \(pathText) is \(key.kindName), but must be \(isPattern ? "a variant pattern" : "a text")",
            at: key.location, fix: isPattern ? "write a regular expression such as \"^IoT$\"" : nil)
    }

    private mutating func unknownKey(_ name: String, of mapping: MappingShape, at location: SourceLocation) {
        let known = mapping.options.filter { $0.removal == nil }.flatMap { [$0.name] + $0.aliases + $0.appended }
        add(
            .error, "config.unknown-key", "\(pathText) has an unknown key '\(shown(name))'", at: location,
            notes: ["known keys: " + known.sorted().joined(separator: ", ")],
            fix: nearest(to: name, in: known).map { "did you mean '\($0)'?" })
    }

    private mutating func tellOfPungi(_ name: String, at location: SourceLocation) {
        add(
            reader == .pungi ? .error : .warning, "config.not-in-pungi",
            "\(pathText).\(name) is taken by the newest hub plugin, but Pungi's own phase refuses it", at: location)
    }

    private mutating func add(
        _ severity: Severity, _ code: String, _ message: String, at location: SourceLocation?, option: String? = nil,
        notes: [String] = [], fix: String? = nil
    ) {
        var diagnostic = Diagnostic(
            severity: severity, code: code, message: message, location: location, notes: notes, fix: fix)
        diagnostic.option = option ?? Self.text(path.prefix(namedDepth ?? path.count))
        diagnostics.append(diagnostic)
    }

    private func shown(_ text: String) -> String { String(text.prefix(60)) }
}

/// Options that Pungi's schema does not know and its image phases act on: `global_seed` and the like.
enum FallbackNames {
    static let effective: Set<String> = [
        "global_seed", "global_scratch", "global_types", "imagebuilder_types", "global_description_scm",
        "global_description_path", "global_type", "global_type_attr", "global_bundle_name_format",
        "global_repo_releasever",
    ]
}
