/// A bracket, or a string before `%`, that is not complete yet.
private struct OpenNode {
    enum Content {
        case list([SourceNode])
        case tuple([SourceNode])
        case mapping([SourceNode.Entry], key: SourceNode?)
        case format(SourceNode)
    }

    var content: Content
    let start: Int
    let location: SourceLocation

    var closing: Unicode.Scalar? {
        switch content {
        case .list: "]"
        case .tuple: ")"
        case .mapping: "}"
        case .format: nil
        }
    }
}

/// Reads the statements of one file into a tree, with the grammar of ``FileParser``, which also knows their meaning.
struct SourceTreeParser {
    private var source: SourceText
    private let limits: ConfigLimits
    private var tokenizer: Tokenizer
    private var token = Token(kind: .end, start: 0, end: 0, line: 1, lineStart: 0)
    private var held: Token?
    private var offsets = DiskOffsets(of: [])

    init(source: SourceText, limits: ConfigLimits) {
        self.source = source
        self.limits = limits
        tokenizer = Tokenizer(bytes: source.bytes)
    }

    /// All statements, with their places on the disk.
    mutating func statements(_ offsets: DiskOffsets) throws(ConfigFailure) -> [SourceTree.Statement] {
        self.offsets = offsets
        var statements: [SourceTree.Statement] = []
        while true {
            try advance()
            if isName("from") {
                statements.append(.importing(try importStatement()))
                continue
            }
            let first = token
            let isGlobal = isName("global")
            if isGlobal { try advance() }
            if token.kind == .end { return statements }
            guard token.kind == .name else { throw wrong("expected the name of an option") }
            let name = written(token)
            guard !isGlobal else {
                let range = offsets.onDisk(first.start)..<name.range.upperBound
                statements.append(.global(SourceTree.Name(text: name.text, range: range, location: name.location)))
                continue
            }
            try advance()
            guard isSymbol("=") else { throw wrong("expected `=` after `\(name.text)`") }
            try advance()
            statements.append(.assignment(SourceTree.Assignment(name: name, value: try value())))
        }
    }

    private mutating func importStatement() throws(ConfigFailure) -> SourceTree.Import {
        let start = token
        let location = source.location(of: start)
        var path = ""
        while true {
            try advance()
            if isName("import") { break }
            guard token.kind != .end, path.utf8.count <= limits.pathBytes else {
                token = start
                throw wrong("`from` without `import`")
            }
            path += source.text(of: token)
        }
        var names: [SourceTree.Name] = []
        var takesAll = false
        var end = token.end
        try advance()
        repeat {
            if isSymbol("*") {
                takesAll = true
            } else if token.kind == .name {
                names.append(written(token))
            } else {
                throw wrong("expected the name of a variable or `*`")
            }
            end = token.end
            try advanceInLine()
            while isSymbol(",") {
                end = token.end
                try advanceInLine()
            }
        } while token.kind != .newline
        return SourceTree.Import(
            path: path, names: names, takesAll: takesAll, range: range(start.start, end), location: location)
    }

    // MARK: Values

    private mutating func value() throws(ConfigFailure) -> SourceNode {
        var open: [OpenNode] = []
        while true {
            var complete: SourceNode?
            if let opened = try beginContainer(open) {
                open.append(opened)
                if try !reachItem(opened) { complete = close(&open) }
            } else if token.kind == .string, isSymbol(try peek(), "%") {
                guard open.count < limits.depth else { throw wrong("values are nested too deep") }
                let template = string()
                open.append(
                    OpenNode(content: .format(template), start: template.range.lowerBound, location: template.location))
                try advance()
                try advance()
            } else {
                complete = try scalar()
            }
            while let node = complete {
                guard !open.isEmpty else { return node }
                complete = try take(node, &open)
            }
        }
    }

    private mutating func beginContainer(_ open: [OpenNode]) throws(ConfigFailure) -> OpenNode? {
        let content: OpenNode.Content
        if isSymbol("[") {
            content = .list([])
        } else if isSymbol("(") {
            content = .tuple([])
        } else if isSymbol("{") {
            content = .mapping([], key: nil)
        } else {
            return nil
        }
        if case .mapping(_, key: nil) = open.last?.content { throw wrong("expected a key") }
        guard open.count < limits.depth else { throw wrong("values are nested too deep") }
        return OpenNode(
            content: content, start: offsets.onDisk(token.start), location: source.location(of: token))
    }

    private mutating func reachItem(_ open: OpenNode) throws(ConfigFailure) -> Bool {
        repeat { try advance() } while isSymbol(",")
        return !(open.closing.map { isSymbol($0) } ?? false)
    }

    /// Puts a complete value where it belongs; gives the value around it if that is complete now.
    private mutating func take(_ node: SourceNode, _ open: inout [OpenNode]) throws(ConfigFailure) -> SourceNode? {
        let last = open.count - 1
        switch open[last].content {
        case .list(var items):
            // The list is put away first, so that it is not copied for each item.
            open[last].content = .list([])
            items.append(node)
            open[last].content = .list(items)
        case .tuple(var items):
            open[last].content = .tuple([])
            items.append(node)
            open[last].content = .tuple(items)
        case .mapping(let entries, key: nil):
            open[last].content = .mapping(entries, key: node)
            try advance()
            guard isSymbol(":") else { throw wrong("expected `:` after the key") }
            try advance()
            return nil
        case .mapping(var entries, let key?):
            open[last].content = .mapping([], key: nil)
            entries.append(SourceNode.Entry(key: key, value: node))
            open[last].content = .mapping(entries, key: nil)
        case .format(let template):
            let opened = open.removeLast()
            return SourceNode(
                kind: .format(template: template, arguments: node), range: opened.start..<node.range.upperBound,
                location: opened.location)
        }
        return try reachItem(open[last]) ? nil : close(&open)
    }

    /// The value of the bracket that the token closes.
    private func close(_ open: inout [OpenNode]) -> SourceNode {
        let closed = open.removeLast()
        let kind: SourceNode.Kind =
            switch closed.content {
            case .list(let items): .list(items)
            case .tuple(let items): .tuple(items)
            case .mapping(let entries, _): .mapping(entries)
            case .format(let template): template.kind
            }
        return SourceNode(kind: kind, range: closed.start..<offsets.onDisk(token.end), location: closed.location)
    }

    private mutating func scalar() throws(ConfigFailure) -> SourceNode {
        let start = token
        switch token.kind {
        case .name:
            let name = written(token)
            let constant = SourceNode.Constant(rawValue: name.text).map { SourceNode.Kind.scalar(.constant($0)) }
            return SourceNode(kind: constant ?? .variable(name.text), range: name.range, location: name.location)
        case .string: return string()
        case .number: return number(from: start, isNegative: false)
        case .symbol where isSymbol("-"):
            try advance()
            guard token.kind == .number else { throw wrong("expected a number after `-`") }
            return number(from: start, isNegative: true)
        default: throw wrong("expected a value")
        }
    }

    private mutating func number(from start: Token, isNegative: Bool) -> SourceNode {
        SourceNode(
            kind: .scalar(.number(source.text(of: token), isNegative: isNegative)),
            range: range(start.start, token.end), location: source.location(of: start))
    }

    /// kobo takes a string for its token without the first and the last character.
    private mutating func string() -> SourceNode {
        let content = (token.start + 1, token.end - 1)
        return SourceNode(
            kind: .scalar(.string(source.text(content.0, content.1), content: range(content.0, content.1))),
            range: range(token.start, token.end), location: source.location(of: token))
    }

    // MARK: Tokens

    private mutating func written(_ token: Token) -> SourceTree.Name {
        SourceTree.Name(
            text: source.text(of: token), range: range(token.start, token.end), location: source.location(of: token))
    }

    private func range(_ start: Int, _ end: Int) -> Range<Int> {
        offsets.onDisk(start)..<offsets.onDisk(max(start, end))
    }

    private mutating func advance() throws(ConfigFailure) {
        repeat { try advanceInLine() } while token.kind == .newline
    }

    private mutating func advanceInLine() throws(ConfigFailure) {
        repeat {
            if let next = held {
                token = next
                held = nil
            } else {
                token = try nextToken()
            }
        } while token.kind == .comment
    }

    /// The very next token, comments included: kobo formats only where `%` stands right behind the string.
    private mutating func peek() throws(ConfigFailure) -> Token {
        if let held { return held }
        let next = try nextToken()
        held = next
        return next
    }

    private mutating func nextToken() throws(ConfigFailure) -> Token {
        do {
            return try tokenizer.next()
        } catch {
            token = Token(
                kind: .error, start: error.offset, end: error.offset, line: error.line, lineStart: error.lineStart)
            let message =
                switch error.reason {
                case .endInStatement: "the file ends inside a statement"
                case .endInString: "the file ends inside a string"
                case .inconsistentDedent: "the line is indented like none above it"
                case .tooManyBrokenStrings: "too many strings are not closed"
                }
            throw wrong(message)
        }
    }

    private func isName(_ word: String) -> Bool { token.kind == .name && source.text(of: token) == word }

    private func isSymbol(_ symbol: Unicode.Scalar) -> Bool { isSymbol(token, symbol) }

    private func isSymbol(_ token: Token, _ symbol: Unicode.Scalar) -> Bool {
        token.kind == .symbol && token.end == token.start + 1 && UInt32(source.bytes[token.start]) == symbol.value
    }

    private mutating func wrong(_ message: String) -> ConfigFailure {
        ConfigFailure(
            Diagnostic(
                severity: .error, code: "config.syntax", message: message, location: source.location(of: token)))
    }
}
