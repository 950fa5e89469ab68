/// Checks a variants.xml against ``VariantsGrammar`` and collects all complaints.
struct VariantsChecker {
    private let source: MarkupSource
    private var diagnostics: [Diagnostic] = []

    /// So many complaints are given; who has more starts with these.
    private static let mostDiagnostics = 100

    /// All complaints, in the order of the file; empty for a valid document.
    static func check(_ root: MarkupElement, source: MarkupSource) -> [Diagnostic] {
        var checker = Self(source: source)
        if root.name == VariantsGrammar.root {
            checker.check(root)
        } else {
            checker.complain(
                "element", "the outermost element is <\(root.name)>, not <\(VariantsGrammar.root)>", at: root.location)
        }
        return Array(
            checker.diagnostics.sorted {
                ($0.location?.line ?? 0, $0.location?.column ?? 0) < ($1.location?.line ?? 0, $1.location?.column ?? 0)
            }
            .prefix(mostDiagnostics))
    }

    private init(source: MarkupSource) { self.source = source }

    private mutating func check(_ element: MarkupElement) {
        guard let rule = VariantsGrammar.elements[element.name] else { return }
        checkAttributes(of: element, rule.attributes)
        switch rule.content {
        case .empty:
            if !element.children.isEmpty || !element.text.isEmpty {
                complain("content", "<\(element.name)> must be empty", at: element.location)
            }
        case .text:
            for child in element.children {
                complain(
                    "element", "<\(child.name)> is not allowed inside <\(element.name)>, which holds text only",
                    at: child.location)
            }
            checkSpace(of: element, rule)
        case .children(let children, let isOptional):
            if let location = element.textLocation {
                complain("text", "text is not allowed directly inside <\(element.name)>", at: location)
            }
            checkChildren(of: element, children, isOptional: isOptional)
        }
        for child in element.children { check(child) }
    }

    // MARK: children

    private mutating func checkChildren(
        of element: MarkupElement, _ rules: [VariantsGrammar.Child], isOptional: Bool
    ) {
        let names = rules.map(\.name)
        var seen: Set<String> = []
        var furthest = 0
        for child in element.children {
            guard let index = names.firstIndex(of: child.name) else {
                notAllowed(child, inside: element, names)
                continue
            }
            if index < furthest {
                complain(
                    "order", "<\(child.name)> must stand before <\(names[furthest])>", at: child.location,
                    notes: ["the order inside <\(element.name)> is: \(names.joined(separator: ", "))"])
            }
            if !rules[index].mayRepeat, seen.contains(child.name) {
                complain(
                    "element", "<\(child.name)> may stand only once inside <\(element.name)>", at: child.location)
            }
            seen.insert(child.name)
            furthest = max(furthest, index)
        }
        if isOptional, element.children.isEmpty, element.textLocation == nil { return }
        for rule in rules where rule.isRequired && !seen.contains(rule.name) {
            complain("element", "<\(element.name)> lacks <\(rule.name)>", at: element.location)
        }
    }

    private mutating func notAllowed(_ child: MarkupElement, inside element: MarkupElement, _ names: [String]) {
        let isKnown = VariantsGrammar.elements[child.name] != nil
        let likely =
            nearest(to: child.name, in: names)
            ?? (isKnown ? nil : nearest(to: child.name, in: Array(VariantsGrammar.elements.keys)))
        complain(
            "element",
            isKnown
                ? "<\(child.name)> is not allowed inside <\(element.name)>"
                : "unknown element <\(child.name)> inside <\(element.name)>", at: child.location,
            notes: ["allowed inside <\(element.name)>: \(names.joined(separator: ", "))"],
            fix: likely.map { "did you mean <\($0)>?" })
    }

    // MARK: attributes and text

    private mutating func checkAttributes(of element: MarkupElement, _ rules: [VariantsGrammar.Attribute]) {
        for attribute in element.attributes {
            guard let rule = rules.first(where: { $0.name == attribute.name }) else {
                let likely = nearest(to: attribute.name, in: rules.map(\.name))
                complain(
                    "attribute", "<\(element.name)> has no attribute \(attribute.name)", at: attribute.location,
                    fix: likely.map { "did you mean \($0)?" })
                continue
            }
            if let values = rule.values, !values.contains(attribute.value) {
                let likely = nearest(to: attribute.value, in: values)
                complain(
                    attribute.name == "type" ? "type" : "attribute",
                    "'\(attribute.value)' is not a value of \(attribute.name); it is one of "
                        + values.joined(separator: ", "),
                    at: attribute.location, fix: likely.map { "did you mean \($0)?" })
            }
        }
        for rule in rules where rule.isRequired && element.attribute(rule.name) == nil {
            complain("attribute", "<\(element.name)> lacks the attribute \(rule.name)", at: element.location)
        }
    }

    private mutating func checkSpace(of element: MarkupElement, _ rule: VariantsGrammar.Element) {
        guard rule.isTight, let first = element.text.unicodeScalars.first, let last = element.text.unicodeScalars.last,
            first.properties.isWhitespace || last.properties.isWhitespace
        else { return }
        let text = String(
            String.UnicodeScalarView(
                element.text.unicodeScalars.drop(while: \.properties.isWhitespace).reversed()
                    .drop(while: \.properties.isWhitespace).reversed()))
        complain(
            "whitespace", "there is white space around the text of <\(element.name)>", at: element.location,
            fix: "write <\(element.name)>\(text)</\(element.name)>")
    }

    // MARK: complaints

    private mutating func complain(
        _ code: String, _ message: String, at location: SourceLocation, notes: [String] = [], fix: String? = nil
    ) {
        diagnostics.append(
            Diagnostic(
                severity: .error, code: "variants.\(code)", message: message, location: location, notes: notes,
                fix: fix, sourceLine: source.line(location.line)))
    }
}
