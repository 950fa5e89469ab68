/// One finding about a file, written for the person who has to mend it.
package struct Diagnostic: Sendable, Hashable {
    package var severity: Severity
    /// A stable, dotted name for programs and for searching the manual, e.g. `config.syntax`.
    package var code: String
    /// What is wrong, one sentence without a full stop.
    package var message: String
    /// Where; nil when no place in a file is to blame.
    package var location: SourceLocation?
    /// The option it is about, as Pungi's validator names it: `imagebuilder.^IoT$.0`. Empty for the whole
    /// configuration, nil where no option is to blame.
    package var option: String?
    /// What else helps to understand it, e.g. the chain of imports.
    package var notes: [String]
    /// What to do about it, when that is likely enough to say.
    package var fix: String?
    /// The text of the line at ``location`` (or the part of a very long line around it), for the caret.
    package var sourceLine: String?
    /// The column in ``sourceLine`` where the caret goes, from 1; nil means the location's own column.
    package var caretColumn: Int?

    package init(
        severity: Severity, code: String, message: String, location: SourceLocation? = nil, notes: [String] = [],
        fix: String? = nil, sourceLine: String? = nil, caretColumn: Int? = nil
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.location = location
        self.notes = notes
        self.fix = fix
        self.sourceLine = sourceLine
        self.caretColumn = caretColumn
    }

    /// The finding as text of one or more lines, without a newline at the end:
    ///
    /// ```
    /// FILE:LINE:COL: error: MESSAGE [CODE]
    ///     text of the line
    ///         ^
    ///   note: ...
    ///   fix: ...
    /// ```
    package func rendered() -> String {
        var text = location.map { "\($0): " } ?? ""
        text += "\(severity.rawValue): \(message) [\(code)]"
        if let sourceLine, let location {
            let caret = max(1, caretColumn ?? location.column)
            text += "\n    " + Self.printable(sourceLine)
            text += "\n    " + Self.indentation(of: sourceLine, upTo: caret) + "^"
        }
        for note in notes { text += "\n  note: \(note)" }
        if let fix { text += "\n  fix: \(fix)" }
        return text
    }

    /// The blanks that bring a caret below `column`: tabs stay tabs, so that it stands right at any tab width.
    private static func indentation(of line: String, upTo column: Int) -> String {
        var blanks = String.UnicodeScalarView()
        for scalar in line.unicodeScalars.prefix(column - 1) {
            blanks.append(scalar == "\t" ? "\t" : " ")
        }
        return String(blanks)
    }

    /// The line without control characters, which could rewrite what a terminal shows.
    private static func printable(_ line: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in line.unicodeScalars {
            let isControl = (scalar.value < 32 && scalar != "\t") || (127...159).contains(scalar.value)
            shown.append(isControl ? "\u{FFFD}" : scalar)
        }
        return String(shown)
    }
}
