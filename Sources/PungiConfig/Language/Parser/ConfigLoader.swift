internal import OrderedCollections

/// Reads a configuration with all the files that it imports.
struct ConfigLoader {
    private let files: any ConfigFileSource
    private let limits: ConfigLimits
    private let findings: Findings
    private let recorder: TraceRecorder?
    /// The files being read, the main one first, each with the import that it was opened for.
    private var stack: [(parser: FileParser, request: ImportRequest?)] = []
    private var openedCount = 0
    private var totalBytes = 0

    init(files: any ConfigFileSource, limits: ConfigLimits, recorder: TraceRecorder? = nil) {
        self.files = files
        self.recorder = recorder
        self.limits = limits
        findings = Findings(limit: limits.findings)
    }

    /// Reads the main file, whose bytes are given, and all that it imports.
    mutating func load(
        path: String, bytes: [UInt8], defines: [Define] = []
    ) throws(ConfigFailure) -> ConfigDocument {
        openedCount = 1
        totalBytes = bytes.count
        let source = try SourceText(path: path, bytes: bytes)
        push(source, absolutePath: files.absolutePath(of: path), globals: [:], request: nil)
        for define in defines {
            // Small: it came from a command line or a file of a few lines.
            let parsed = Parsed(value: define.value, cost: 256)
            let variable = Variable(parsed: parsed, definedAt: define.value.location)
            stack[0].parser.variables[VariableName(define.name)] = variable
        }
        do {
            while true {
                let last = stack.count - 1
                switch try stack[last].parser.run() {
                case .wants(let request): try open(request)
                case .finished:
                    guard let (parser, request) = stack.popLast() else { break }
                    guard let request else { return try document(of: parser) }
                    try stack[last - 1].parser.finish(request, with: parser)
                }
            }
        } catch {
            throw ConfigFailure(diagnostics: findings.errors)
        }
    }

    private mutating func push(
        _ source: SourceText, absolutePath: String, globals: OrderedDictionary<VariableName, Variable>,
        request: ImportRequest?
    ) {
        let outer = stack.last?.parser.chain ?? []
        let chain = request.map { ["imported at \($0.location)"] + outer.prefix(10) } ?? []
        let parser = FileParser(
            source: source, absolutePath: absolutePath, globals: globals, chain: chain, findings: findings,
            limits: limits, recorder: recorder)
        stack.append((parser, request))
    }

    // MARK: Imports

    /// Opens an imported file, or reports why that cannot be done.
    private mutating func open(_ request: ImportRequest) throws(ParseAbort) {
        let absolute = files.absolutePath(of: request.path)
        if let first = stack.firstIndex(where: { $0.parser.openedFiles.first == absolute }) {
            throw stop(request, "config.import-cycle", cycle(from: first, request), fix: "remove one of the imports")
        }
        guard stack.count < limits.importDepth else {
            throw stop(
                request, "config.too-deep", "more than \(limits.importDepth) files import one another in a chain")
        }
        openedCount += 1
        guard openedCount <= limits.files else {
            throw stop(request, "config.too-large", "more than \(limits.files) files are imported")
        }
        let last = stack.count - 1
        let bytes: [UInt8]
        do {
            bytes = try files.read(path: request.path, limit: limits.fileBytes)
        } catch {
            try stack[last].parser.report(
                error.isTooLarge ? "config.too-large" : "config.import-missing",
                "cannot import \(request.path): \(error.reason)", at: request.location, lineStart: request.lineStart,
                fix: "the path is relative to the directory of this file, and `.conf` is added to it")
            stack[last].parser.giveUp(request)
            return
        }
        totalBytes += bytes.count
        guard totalBytes <= limits.totalBytes else {
            throw stop(request, "config.too-large", "all files together are larger than \(limits.totalBytes >> 20) MiB")
        }
        do {
            let source = try SourceText(path: request.path, bytes: bytes)
            push(source, absolutePath: absolute, globals: stack[last].parser.values(for: request), request: request)
        } catch {
            for diagnostic in error.diagnostics {
                var noted = diagnostic
                noted.notes += ["imported at \(request.location)"] + stack[last].parser.chain
                findings.add(noted)
            }
            throw ParseAbort()
        }
    }

    /// Reports a mistake at an import, after which nothing is read any more.
    private mutating func stop(
        _ request: ImportRequest, _ code: String, _ message: String, fix: String? = nil
    ) -> ParseAbort {
        let parser = stack[stack.count - 1].parser
        findings.add(
            parser.diagnostic(
                .error, code, message, at: request.location, lineStart: request.lineStart, fix: fix))
        return ParseAbort()
    }

    private func cycle(from first: Int, _ request: ImportRequest) -> String {
        let members = stack[first...].map(\.parser.source.path)
        let named = members.count <= 10 ? members : members.prefix(5) + ["..."] + members.suffix(4)
        return "files import one another in a circle: " + (named + [request.path]).joined(separator: " -> ")
    }

    // MARK: The end

    private func document(of parser: FileParser) throws(ConfigFailure) -> ConfigDocument {
        guard findings.errors.isEmpty else { throw ConfigFailure(diagnostics: findings.errors) }
        var values: OrderedDictionary<String, ConfigValue> = [:]
        var definitions: [String: SourceLocation] = [:]
        values.reserveCapacity(parser.variables.count)
        definitions.reserveCapacity(parser.variables.count)
        var cost = 0
        for (name, variable) in parser.variables {
            guard values.updateValue(variable.parsed.value, forKey: name.text) == nil else {
                throw ConfigFailure(
                    Diagnostic(
                        severity: .error, code: "config.name-clash",
                        message: "`\(name.text)` looks the same as another name, but has other code points",
                        location: variable.definedAt, fix: "use one spelling of the accented letters"))
            }
            definitions[name.text] = variable.definedAt
            cost += variable.parsed.cost
        }
        guard cost <= limits.expandedBytes else {
            throw ConfigFailure(
                Diagnostic(
                    severity: .error, code: "config.too-large",
                    message: "all values together would be larger than \(limits.expandedBytes >> 20) MiB",
                    location: SourceLocation(file: parser.source.path, line: 1, column: 1)))
        }
        var document = ConfigDocument(
            path: parser.source.path, values: values, definitions: definitions, openedFiles: parser.openedFiles,
            warnings: findings.finalWarnings, silences: findings.silences)
        document.trace = recorder?.trace(parser.bindings)
        return document
    }
}
