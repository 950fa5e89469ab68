/// What people who know Python, JSON or shell write by habit, and what to write instead.
enum SyntaxHints {
    /// A hint for a token that does not belong where it stands.
    static func token(_ text: String, isString: Bool) -> String? {
        if isString { return "strings are not joined; write one string, or `'%s%s' % (a, b)`" }
        switch text.unicodeScalars.first {
        case "+": return "there is no `+`; use `'%s%s' % (a, b)` for strings, and write lists out"
        case ";": return "write each option in a line of its own"
        case "$": return "there is no substitution; assign a variable and use `'%s' % NAME`"
        case "%": return "`%` must stand right after the string, in the same line"
        case "(": return "there are no calls"
        case "[": return "there is no indexing"
        case ".": return "there are no attributes"
        case "\u{FEFF}": return "save the file without a byte order mark"
        case "\0": return "the file has a NUL byte here: is it a text file in UTF-8?"
        case "\u{A0}": return "this is a no-break space; write a plain one"
        case "\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}": return "use plain quotes"
        default: return nil
        }
    }

    /// A hint for a keyword at the start of a statement.
    static func keyword(_ word: String) -> String? {
        switch word {
        case "import": "write `from PATH import *`"
        case "if", "for", "while", "def", "class", "try", "with": "there are only assignments and imports"
        case "global": "`global` takes one name"
        default: nil
        }
    }

    /// A hint for a name that nobody defined.
    static func undefined(_ name: String) -> String? {
        switch name {
        case "true", "TRUE", "yes", "on": "write `True`"
        case "false", "FALSE", "no", "off": "write `False`"
        case "null", "nil", "none", "NULL", "NONE": "write `None`"
        case "not", "and", "or", "lambda", "if", "else", "for", "in", "is":
            "there are no expressions; write the value out"
        default: name.hasPrefix("_") ? "kobo knows no names that begin with `_`" : nil
        }
    }
}
