/// A bracket, or a string before `%`, whose value is not complete yet.
private struct OpenValue {
    enum Content {
        case list([ConfigValue])
        case tuple([ConfigValue])
        case dict(ConfigDict, key: ConfigValue?)
        case format(template: String)
    }

    var content: Content
    let token: Token
    let location: SourceLocation
    var cost = 8
    var depth = 0
    var isPoisoned = false
    /// What it holds, for a trace.
    var parts: [ConfigTrace.Part] = []
    /// The key whose value comes next, for a trace.
    var keyTrace: Int?

    /// The bracket that ends it.
    var closing: Unicode.Scalar {
        switch content {
        case .list: "]"
        case .tuple: ")"
        case .dict: "}"
        case .format: " "
        }
    }

    /// Whether a dict waits for a key here, where kobo takes no brackets.
    var wantsKey: Bool { if case .dict(_, key: nil) = content { true } else { false } }
}

/// Values: without recursion, so that brackets cost no stack.
extension FileParser {
    /// Reads the value that starts at the token being looked at, and leaves the last token of it there.
    func value() throws(ParseAbort) -> Parsed {
        var open: [OpenValue] = []
        while true {
            var complete: Parsed?
            if let opened = try beginContainer(isKey: open.last?.wantsKey ?? false, depth: open.count) {
                open.append(opened)
                if try !reachItem(opened) { complete = try close(&open) }
            } else if let template = try beginFormat(depth: open.count) {
                open.append(template)
            } else {
                complete = traceScalar(try scalar())
            }
            // A complete value may complete those around it.
            while let parsed = complete {
                guard !open.isEmpty else { return parsed }
                complete = try take(parsed, &open)
            }
        }
    }

    // MARK: Beginnings

    private func beginContainer(isKey: Bool, depth: Int) throws(ParseAbort) -> OpenValue? {
        guard token.kind == .symbol, !isSymbol("-") else { return nil }
        let content: OpenValue.Content
        if isSymbol("[") {
            content = .list([])
        } else if isSymbol("(") {
            content = .tuple([])
        } else if isSymbol("{") {
            content = .dict(ConfigDict(), key: nil)
        } else {
            throw syntaxError(expected: isKey ? "a key or `}`" : "a value")
        }
        guard !isKey else {
            throw syntaxError(
                expected: "a key",
                fix: "a key is a string, a number, True, False, None or a variable; give a tuple a name first")
        }
        guard depth < limits.depth else { throw tooDeep() }
        return OpenValue(content: content, token: token, location: source.location(of: token))
    }

    /// A string with a `%` right behind it.
    private func beginFormat(depth: Int) throws(ParseAbort) -> OpenValue? {
        guard token.kind == .string, isSymbol(try peek(), "%") else { return nil }
        guard depth < limits.depth else { throw tooDeep() }
        let location = source.location(of: token)
        let opened = OpenValue(
            content: .format(template: stringContent(at: location)), token: token, location: location)
        try advance()
        try advance()
        return opened
    }

    // MARK: Inside

    /// Goes behind any commas to the next item; false if the bracket is closed instead.
    private func reachItem(_ open: OpenValue) throws(ParseAbort) -> Bool {
        let before = token
        try advance()
        if token.kind == .string, before.kind == .string, open.closing != "}" { warnMissingComma(before) }
        while isSymbol(",") { try advance() }
        return !isSymbol(open.closing)
    }

    /// Puts a complete value where it belongs; gives the value around it if that is complete now.
    private func take(_ parsed: Parsed, _ open: inout [OpenValue]) throws(ParseAbort) -> Parsed? {
        let last = open.count - 1
        if case .format(let template) = open[last].content {
            let opened = open.removeLast()
            return try format(template, parsed, at: opened.location, lineStart: opened.token.lineStart)
        }
        open[last].cost += parsed.cost
        open[last].depth = max(open[last].depth, parsed.depth)
        open[last].isPoisoned = open[last].isPoisoned || parsed.isPoisoned
        guard open[last].cost <= limits.expandedBytes else { throw tooMuch(at: open[last].token) }
        if recorder != nil { trace(parsed, in: &open[last]) }
        switch open[last].content {
        case .list(var items):
            open[last].content = .list([])
            items.append(parsed.value)
            open[last].content = .list(items)
        case .tuple(var items):
            open[last].content = .tuple([])
            items.append(parsed.value)
            open[last].content = .tuple(items)
        case .dict(var dict, let key):
            open[last].content = .dict(ConfigDict(), key: nil)
            guard let key else {
                try check(parsed, isNewIn: dict)
                open[last].content = .dict(dict, key: parsed.value)
                try advance()
                guard isSymbol(":") else { throw syntaxError(expected: "`:` after the key") }
                try advance()
                return nil
            }
            if SlotKey.isHashable(key) { dict.set(key, to: parsed.value) }
            open[last].content = .dict(dict, key: nil)
        case .format: break
        }
        return try reachItem(open[last]) ? nil : try close(&open)
    }

    private func close(_ open: inout [OpenValue]) throws(ParseAbort) -> Parsed {
        let closed = open.removeLast()
        let kind: ConfigValue.Kind =
            switch closed.content {
            case .list(let items): .list(items)
            case .tuple(let items): .tuple(items)
            case .dict(let dict, _): .dict(dict)
            case .format: .none
            }
        guard closed.depth < limits.depth else { throw tooDeep() }
        return Parsed(
            value: ConfigValue(kind, at: closed.location), cost: closed.cost, depth: closed.depth + 1,
            isPoisoned: closed.isPoisoned, trace: traceContainer(closed))
    }

    // MARK: For a trace

    /// Notes what a container holds, before the value is put there.
    private func trace(_ parsed: Parsed, in open: inout OpenValue) {
        guard let node = parsed.trace else { return }
        guard case .dict(_, let key) = open.content else {
            open.parts.append(ConfigTrace.Part(node: node))
            return
        }
        guard let key else {
            open.keyTrace = node
            return
        }
        open.parts.append(ConfigTrace.Part(key: key.string, keyNode: open.keyTrace, node: node))
    }

    private func traceContainer(_ closed: OpenValue) -> Int? {
        guard let recorder else { return nil }
        let opening: Character =
            switch closed.content {
            case .list: "["
            case .tuple: "("
            default: "{"
            }
        return recorder.add(.container(opening: opening, place: closed.location, parts: closed.parts))
    }

    private func check(_ key: Parsed, isNewIn dict: ConfigDict) throws(ParseAbort) {
        if key.isPoisoned { return }
        guard SlotKey.isHashable(key.value) else {
            try report(
                "config.key-type", "a \(key.value.typeName) cannot be a key of a dict",
                at: key.value.location, lineStart: nil,
                fix: "a key is a string, a number, True, False, None or a tuple of those")
            return
        }
        guard let first = dict.existingKey(for: key.value), first.typeName == key.value.typeName else { return }
        let place = source.location(of: token)
        try report(
            "config.duplicate-key", "the key \(shown(key.value)) is in this dict already", at: place,
            lineStart: token.lineStart, notes: ["it is first at \(first.location)"],
            fix: "remove one of the two, or join their values")
    }

    private func shown(_ key: ConfigValue) -> String {
        let text = PythonRepr.text(of: key)
        return text.unicodeScalars.count <= 80 ? text : String(text.unicodeScalars.prefix(77)) + "..."
    }
}
