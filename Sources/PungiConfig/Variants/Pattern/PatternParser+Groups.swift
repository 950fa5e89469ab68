/// Everything that begins with `(`.
extension PatternParser {
    enum Group {
        case item(PatternSyntax)
        case comment
        /// `(?i)`: flags for the whole pattern.
        case flags(PatternFlags)
    }

    /// A group; its `(` has been taken.
    mutating func group(from start: PatternTokens.Token, isVerbose: Bool) throws(PatternFailure) -> Group {
        guard tokens.take("?") else {
            return .item(try capture(name: nil, from: start, isVerbose: isVerbose))
        }
        let sign = try extensionSign()
        guard !sign.isEscaped else { throw unknown("?\\\(sign.scalar)", sign) }
        switch sign.scalar {
        case "P":
            return .item(try named(from: start, isVerbose: isVerbose))
        case ":":
            return .item(.scope(on: [], off: [], try body(from: start, isVerbose: isVerbose)))
        case ">":
            return .item(.atomic(try body(from: start, isVerbose: isVerbose)))
        case "#":
            while let token = tokens.take() {
                if !token.isEscaped, token.scalar == ")" { return .comment }
            }
            throw failure("missing ), unterminated comment", at: start.position)
        case "=", "!":
            let inside = try body(from: start, isVerbose: isVerbose)
            return .item(.look(ahead: true, negated: sign.scalar == "!", inside))
        case "<":
            return .item(try lookbehind(from: start, isVerbose: isVerbose))
        case "(":
            return .item(try conditional(from: start, isVerbose: isVerbose))
        default:
            guard sign.scalar == "-" || PatternFlags(letter: sign.scalar) != nil || sign.scalar == "L" else {
                throw unknown("?\(sign.scalar)", sign)
            }
            return try flagged(sign, from: start, isVerbose: isVerbose)
        }
    }

    private mutating func extensionSign() throws(PatternFailure) -> PatternTokens.Token {
        guard let token = tokens.take() else { throw failure("unexpected end of pattern", at: tokens.position) }
        return token
    }

    private func unknown(_ sign: String, _ token: PatternTokens.Token) -> PatternFailure {
        failure("unknown extension \(sign)", at: token.position)
    }

    /// The inside of a group and its `)`.
    private mutating func body(
        from start: PatternTokens.Token, isVerbose: Bool
    ) throws(PatternFailure) -> PatternSyntax {
        let inside = try choice(isVerbose: isVerbose)
        try close(start)
        return inside
    }

    private mutating func close(_ start: PatternTokens.Token) throws(PatternFailure) {
        guard tokens.take(")") else {
            throw failure("missing ), unterminated subpattern", at: start.position)
        }
    }

    // MARK: captures and references

    private mutating func capture(
        name: String?, from start: PatternTokens.Token, isVerbose: Bool
    ) throws(PatternFailure) -> PatternSyntax {
        let number = groups.count
        groups.append(nil)
        if let name {
            if let former = names.updateValue(number, forKey: name) {
                throw failure(
                    "redefinition of group name '\(name)' as group \(number); was group \(former)",
                    at: start.position)
            }
        }
        let inside = try body(from: start, isVerbose: isVerbose)
        groups[number] = width(of: inside)
        return .capture(number, inside)
    }

    /// `(?P<name>...)` and `(?P=name)`; `(?P` has been taken.
    private mutating func named(
        from start: PatternTokens.Token, isVerbose: Bool
    ) throws(PatternFailure) -> PatternSyntax {
        let sign = try extensionSign()
        let position = tokens.position
        if !sign.isEscaped, sign.scalar == "<" {
            let name = try tokens.take(until: ">", what: "group name")
            guard name.isPatternIdentifier else {
                throw failure("bad character in group name '\(name)'", at: position)
            }
            return try capture(name: name, from: start, isVerbose: isVerbose)
        }
        guard !sign.isEscaped, sign.scalar == "=" else { throw unknown("?P\(sign.scalar)", sign) }
        let name = try tokens.take(until: ")", what: "group name")
        guard name.isPatternIdentifier else {
            throw failure("bad character in group name '\(name)'", at: position)
        }
        guard let group = names[name] else { throw failure("unknown group name '\(name)'", at: position) }
        try checkReference(group, at: position)
        return .backreference(group)
    }

    /// A group can be referred to when it is closed, and inside a lookbehind only if it began before that.
    func checkReference(_ group: Int, at position: Int) throws(PatternFailure) {
        guard group < groups.count, groups[group] != nil else {
            throw failure("cannot refer to an open group", at: position)
        }
        try checkLookbehind(group, at: position)
    }

    private func checkLookbehind(_ group: Int, at position: Int) throws(PatternFailure) {
        guard let groupsBeforeLookbehind else { return }
        guard group < groups.count, groups[group] != nil else {
            throw failure("cannot refer to an open group", at: position)
        }
        guard group < groupsBeforeLookbehind else {
            throw failure("cannot refer to group defined in the same lookbehind subpattern", at: position)
        }
    }

    // MARK: lookbehind and conditions

    /// `(?<=...)` and `(?<!...)`; `(?<` has been taken.
    private mutating func lookbehind(
        from start: PatternTokens.Token, isVerbose: Bool
    ) throws(PatternFailure) -> PatternSyntax {
        let sign = try extensionSign()
        guard !sign.isEscaped, sign.scalar == "=" || sign.scalar == "!" else {
            throw unknown("?<\(sign.scalar)", sign)
        }
        let outer = groupsBeforeLookbehind
        if outer == nil { groupsBeforeLookbehind = groups.count }
        let inside = try choice(isVerbose: isVerbose)
        groupsBeforeLookbehind = outer
        try close(start)
        guard width(of: inside).isFixed else {
            throw failure("look-behind requires fixed-width pattern", at: start.position)
        }
        return .look(ahead: false, negated: sign.scalar == "!", inside)
    }

    /// `(?(1)yes|no)` and `(?(name)yes|no)`; `(?(` has been taken.
    private mutating func conditional(
        from start: PatternTokens.Token, isVerbose: Bool
    ) throws(PatternFailure) -> PatternSyntax {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else {
            throw failure("groups are nested deeper than \(Self.depthLimit)", at: tokens.position)
        }
        let position = tokens.position
        let name = try tokens.take(until: ")", what: "group name")
        let group: Int
        if name.isPatternIdentifier {
            guard let number = names[name] else { throw failure("unknown group name '\(name)'", at: position) }
            group = number
        } else {
            guard let number = name.patternGroupNumber else {
                throw failure("bad character in group name '\(name)'", at: position)
            }
            guard number > 0 else { throw failure("bad group number", at: position) }
            group = number
            conditions[group] = min(conditions[group] ?? position, position)
        }
        try checkLookbehind(group, at: position)
        let yes = try sequence(isVerbose: isVerbose)
        var no: PatternSyntax?
        if tokens.take("|") {
            no = try sequence(isVerbose: isVerbose)
            if tokens.isNext("|") {
                throw failure("conditional backref with more than two branches", at: tokens.position)
            }
        }
        try close(start)
        return .conditional(group, yes: yes, no: no)
    }

    // MARK: flags

    /// `(?i)`, `(?i:...)`, `(?i-s:...)`, `(?-i:...)`; `first` is the first letter or the `-`.
    private mutating func flagged(
        _ first: PatternTokens.Token, from start: PatternTokens.Token, isVerbose: Bool
    ) throws(PatternFailure) -> Group {
        var on: PatternFlags = []
        var off: PatternFlags = []
        var sign = first
        while sign.isEscaped || !")-:".unicodeScalars.contains(sign.scalar) {
            let flag = try self.flag(sign)
            on.insert(flag)
            if on.isSuperset(of: .kinds) {
                throw failure("bad inline flags: flags 'a' and 'u' are incompatible", at: sign.position)
            }
            sign = try flagSign("missing -, : or )")
        }
        if sign.scalar == ")" { return .flags(on) }
        if sign.scalar == "-" {
            repeat {
                sign = try flagSign(off.isEmpty ? "missing flag" : "missing :")
                if !off.isEmpty, !sign.isEscaped, sign.scalar == ":" { break }
                let flag = try self.flag(sign)
                guard flag.isDisjoint(with: .kinds) else {
                    throw failure("bad inline flags: cannot turn off flags 'a' and 'u'", at: sign.position)
                }
                off.insert(flag)
            } while true
        }
        guard !on.union(off).contains(.template) else {
            throw failure("bad inline flags: t is a flag for the whole pattern", at: first.position)
        }
        guard on.isDisjoint(with: off) else {
            throw failure("bad inline flags: flag turned on and off", at: first.position)
        }
        let verbose = (isVerbose || on.contains(.verbose)) && !off.contains(.verbose)
        return .item(.scope(on: on, off: off, try body(from: start, isVerbose: verbose)))
    }

    private mutating func flagSign(_ missing: String) throws(PatternFailure) -> PatternTokens.Token {
        guard let token = tokens.take() else { throw failure(missing, at: tokens.position) }
        return token
    }

    private func flag(_ token: PatternTokens.Token) throws(PatternFailure) -> PatternFlags {
        if !token.isEscaped, token.scalar == "L" {
            throw failure("bad inline flags: cannot use 'L' flag with a str pattern", at: token.position)
        }
        guard !token.isEscaped, let flag = PatternFlags(letter: token.scalar) else {
            throw failure("unknown flag \(token.scalar)", at: token.position)
        }
        return flag
    }
}

extension String {
    /// Python's `isidentifier`.
    fileprivate var isPatternIdentifier: Bool {
        guard let first = unicodeScalars.first, first == "_" || first.properties.isXIDStart else { return false }
        return unicodeScalars.dropFirst().allSatisfy(\.properties.isXIDContinue)
    }

    /// What Python's `int` makes of the text: spaces around it, a sign, decimal digits of any script, single
    /// underscores between them. nil for no number, and for one that no group can have.
    fileprivate var patternGroupNumber: Int? {
        var scalars = Array(unicodeScalars)[...]
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        scalars = scalars.drop(while: \.properties.isWhitespace)
        if scalars.first == "+" { scalars.removeFirst() }
        var number = 0
        var mayUnderscore = false
        for scalar in scalars {
            if scalar == "_" {
                guard mayUnderscore else { return nil }
                mayUnderscore = false
                continue
            }
            guard scalar.properties.generalCategory == .decimalNumber, let digit = scalar.properties.numericValue else {
                return nil
            }
            number = Swift.min(number * 10 + Int(digit), 1_000_000)
            mayUnderscore = true
        }
        return mayUnderscore ? number : nil
    }
}
