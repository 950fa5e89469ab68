package import PungiConfig

/// One rule of what a line of a fault or a log says about the cause.
package struct CauseRule: Sendable, Hashable {
    /// Which texts a rule looks at.
    package enum Place: String, Sendable, Hashable, CaseIterable {
        case fault, log, any
    }

    /// Short; people write it into settings.
    package let name: String
    package let place: Place
    /// Searched in each line by itself, as Python's `re.search` does.
    package let pattern: SearchPattern
    package let kind: CauseClass
    /// What a person does about it.
    package let remedy: String?
    /// Whether the line comes with many causes: such a rule is asked only when no other knows any line.
    package let isGeneral: Bool

    /// - Throws: if the pattern cannot be used.
    package init(
        name: String, place: Place = .any, pattern: String, kind: CauseClass, remedy: String?, isGeneral: Bool = false
    ) throws(PatternFailure) {
        self.name = name
        self.place = place
        self.pattern = try SearchPattern(pattern)
        self.kind = kind
        self.remedy = remedy
        self.isGeneral = isGeneral
    }

    /// The last of some lines that the rule knows; nil if it knows none, or if its pattern takes too many steps.
    func lastMatch(in lines: [String]) -> String? {
        for line in lines.reversed() {
            switch pattern.search(line) {
            case .found: return line
            case .notFound: continue
            case .givenUp: return nil
            }
        }
        return nil
    }
}
