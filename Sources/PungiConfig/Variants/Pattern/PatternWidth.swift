/// How many characters a part of a pattern can match. Python's rule for lookbehind looks at nothing else.
struct PatternWidth {
    static let endless = Int.max

    var least: Int
    /// ``endless`` if there is no bound, or one beyond all texts.
    var most: Int

    static let zero = Self(least: 0, most: 0)
    static let one = Self(least: 1, most: 1)

    var isFixed: Bool { least == most && most != Self.endless }

    static func + (left: Self, right: Self) -> Self {
        Self(least: add(left.least, right.least), most: add(left.most, right.most))
    }

    func repeated(least: Int, most: Int?) -> Self {
        let bound = most.map { Self.multiply(self.most, $0) } ?? (self.most == 0 ? 0 : Self.endless)
        return Self(least: Self.multiply(self.least, least), most: bound)
    }

    func union(_ other: Self) -> Self {
        Self(least: min(least, other.least), most: max(most, other.most))
    }

    private static func add(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? endless : sum
    }

    private static func multiply(_ left: Int, _ right: Int) -> Int {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? endless : product
    }
}

extension PatternParser {
    /// The width of a part, with the widths of the groups that are closed by now.
    func width(of syntax: PatternSyntax) -> PatternWidth {
        switch syntax {
        case .literal, .any, .set: .one
        case .anchor, .look: .zero
        case .sequence(let items): items.reduce(.zero) { $0 + width(of: $1) }
        case .choice(let items): items.dropFirst().reduce(width(of: items[0])) { $0.union(width(of: $1)) }
        case .repetition(let item, let least, let most, _): width(of: item).repeated(least: least, most: most)
        case .capture(let number, let item): groups[number] ?? width(of: item)
        case .scope(_, _, let item), .atomic(let item): width(of: item)
        case .backreference(let group): groups[group] ?? .zero
        case .conditional(_, let yes, let no): width(of: yes).union(no.map(width) ?? .zero)
        }
    }

    /// What Python refuses only after reading the whole: repetitions under the flag `t`.
    func checkWhole(_ syntax: PatternSyntax) throws(PatternFailure) {
        guard flags.contains(.template), Self.repeats(syntax) else { return }
        throw failure("nothing can be repeated under the flag t", at: 0)
    }

    private static func repeats(_ syntax: PatternSyntax) -> Bool {
        switch syntax {
        case .repetition: true
        case .literal, .any, .set, .anchor, .backreference: false
        case .sequence(let items), .choice(let items): items.contains(where: repeats)
        case .capture(_, let item), .scope(_, _, let item), .atomic(let item), .look(_, _, let item): repeats(item)
        case .conditional(_, let yes, let no): repeats(yes) || no.map(repeats) ?? false
        }
    }
}
