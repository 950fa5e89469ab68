internal import OrderedCollections

/// `from PATH import NAMES`.
extension FileParser {
    /// Reads the statement from `from` to the end of its line.
    func importStatement() throws(ParseAbort) -> ImportRequest {
        let location = source.location(of: token)
        let lineStart = token.lineStart
        let start = token
        // The path is all that stands up to `import`, the tokens glued together.
        var path = ""
        while true {
            try advance()
            if token.kind == .name, matches(token, "import") { break }
            guard token.kind != .end else {
                token = start
                throw fail("config.syntax", "`from` without `import`", fix: "write `from PATH import *`")
            }
            path += source.text(of: token)
            guard path.utf8.count <= limits.pathBytes else {
                token = start
                throw fail("config.syntax", "the path of this import is longer than \(limits.pathBytes) bytes")
            }
        }
        var names: [(name: String, location: SourceLocation)] = []
        var takesAll = false
        try advance()
        repeat {
            if isSymbol("*") {
                takesAll = true
            } else if token.kind == .name {
                names.append((source.text(of: token), source.location(of: token)))
            } else {
                throw syntaxError(expected: "the name of a variable or `*`", fix: importHint())
            }
            try advanceInLine()
            while isSymbol(",") { try advanceInLine() }
        } while token.kind != .newline
        return ImportRequest(
            path: ConfigPath.join(ConfigPath.directory(of: source.path), path + ".conf"), names: names,
            takesAll: takesAll, written: path, location: location, lineStart: lineStart)
    }

    private func importHint() -> String? {
        isSymbol("(") ? "write the names in one line, without brackets" : nil
    }

    /// The values that an imported file starts with.
    func values(for request: ImportRequest) -> OrderedDictionary<VariableName, Variable> {
        guard !globals.isEmpty else { return [:] }
        let values = variables.filter { globals.contains($0.key) }
        return recorder == nil ? values : values.mapValues { traceHandingDown($0, request) }
    }

    /// Takes over what was asked for from a file that was read to its end.
    func finish(_ request: ImportRequest, with imported: FileParser) throws(ParseAbort) {
        openedFiles += imported.openedFiles
        globals.formUnion(imported.globals)
        missesNames = missesNames || imported.missesNames
        formatWork += imported.formatWork
        if request.takesAll {
            for (name, variable) in imported.variables {
                variables[name] = traceImport(variable, as: name, request, at: nil)
            }
            return
        }
        for (text, location) in request.names {
            let name = VariableName(text)
            if !name.isPrivate, let variable = imported.variables[name] {
                variables[name] = traceImport(variable, as: name, request, at: location)
                continue
            }
            skip(name, at: location)
            if imported.missesNames { continue }
            let near = nearest(to: text, in: imported.variables.keys.prefix(2000).map(\.text))
            try report(
                "config.import-name", "\(imported.source.path) has no variable `\(text)`", at: location,
                lineStart: request.lineStart, fix: near.map { "did you mean `\($0)`?" })
        }
    }

    /// Goes on without a file that could not be read.
    func giveUp(_ request: ImportRequest) {
        if request.takesAll { missesNames = true }
        for (text, location) in request.names { skip(VariableName(text), at: location) }
    }

    /// Gives a name that could not be imported a value of which nothing more is reported.
    private func skip(_ name: VariableName, at location: SourceLocation) {
        let nothing = Parsed(value: ConfigValue(.none, at: location), cost: 8, isPoisoned: true)
        variables[name] = Variable(parsed: nothing, definedAt: location)
    }
}
