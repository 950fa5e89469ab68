internal import OrderedCollections

/// Reads one file: kobo's statements, one after the other. An import is handed to the caller and taken up after it.
///
/// A class, so that the loader can keep a stack of them and no call copies the state.
final class FileParser {
    enum Step {
        case finished
        case wants(ImportRequest)
    }

    var source: SourceText
    var tokenizer: Tokenizer
    /// The token that is being looked at.
    var token = Token(kind: .end, start: 0, end: 0, line: 1, lineStart: 0)
    /// A token that was read ahead.
    var held: Token?

    /// What is assigned so far.
    var variables: OrderedDictionary<VariableName, Variable>
    /// The names that imported files may see.
    var globals: Set<VariableName>
    /// Absolute paths of this file and of those it imported.
    var openedFiles: [String]
    /// How this file came to be read, innermost import first.
    let chain: [String]
    let findings: Findings
    let limits: ConfigLimits
    /// Where values come from is told here, if it was asked for.
    let recorder: TraceRecorder?
    /// After an import that failed, any name may be one that it would have brought.
    var missesNames = false
    /// Bytes that formatting made.
    var formatWork = 0

    init(
        source: SourceText, absolutePath: String, globals: OrderedDictionary<VariableName, Variable>, chain: [String],
        findings: Findings, limits: ConfigLimits, recorder: TraceRecorder?
    ) {
        self.recorder = recorder
        self.source = source
        tokenizer = Tokenizer(bytes: source.bytes)
        variables = globals
        self.globals = Set(globals.keys)
        openedFiles = [absolutePath]
        self.chain = chain
        self.findings = findings
        self.limits = limits
    }

    /// Reads on to the end of the file or to the next import.
    func run() throws(ParseAbort) -> Step {
        while true {
            try advance()
            if token.kind == .name, matches(token, "from") { return .wants(try importStatement()) }
            let isGlobal = token.kind == .name && matches(token, "global")
            if isGlobal { try advance() }
            if token.kind == .end { return .finished }
            let name = source.text(of: token)
            if token.kind == .name, VariableName.keywords.contains(name) {
                throw fail(
                    "config.keyword", "cannot assign to the Python keyword `\(name)`", fix: SyntaxHints.keyword(name))
            }
            guard token.kind == .name else { throw syntaxError(expected: "the name of an option") }
            let place = source.location(of: token)
            let lineStart = token.lineStart
            var parsed = Parsed(value: ConfigValue(.none, at: place), cost: 8)
            if !isGlobal {
                try advance()
                guard isSymbol("=") else { throw syntaxError(expected: "`=` after `\(name)`") }
                try advance()
                parsed = try value()
            }
            let key = VariableName(name)
            if key.isPrivate {
                try report(
                    "config.private-name", "kobo cannot keep a name that begins with `_`: `\(name)`", at: place,
                    lineStart: lineStart, fix: "rename it without the `_`")
                continue
            }
            let binding = isGlobal ? traceGlobal(key, at: place) : traceAssignment(key, parsed, at: place)
            variables[key] = Variable(parsed: parsed, definedAt: place, binding: binding)
            if isGlobal { globals.insert(key) }
        }
    }

    // MARK: Tokens

    /// Goes to the next token that is neither a comment nor a line break.
    func advance() throws(ParseAbort) {
        repeat { try advanceInLine() } while token.kind == .newline
    }

    /// Goes to the next token that is no comment.
    func advanceInLine() throws(ParseAbort) {
        repeat {
            if let held {
                token = held
                self.held = nil
            } else {
                token = try nextToken()
            }
            if token.kind == .comment { noteSilence(token) }
        } while token.kind == .comment
    }

    /// The very next token, comments included, without going there.
    func peek() throws(ParseAbort) -> Token {
        if let held { return held }
        let next = try nextToken()
        held = next
        return next
    }

    private func nextToken() throws(ParseAbort) -> Token {
        do {
            return try tokenizer.next()
        } catch {
            throw fail(error)
        }
    }

    /// Whether the token that is being looked at is this symbol of one byte.
    func isSymbol(_ symbol: Unicode.Scalar) -> Bool { isSymbol(token, symbol) }

    func isSymbol(_ token: Token, _ symbol: Unicode.Scalar) -> Bool {
        token.kind == .symbol && token.end == token.start + 1 && UInt32(source.bytes[token.start]) == symbol.value
    }

    func matches(_ token: Token, _ word: StaticString) -> Bool {
        guard token.end - token.start == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { source.bytes[token.start..<token.end].elementsEqual($0) }
    }
}
