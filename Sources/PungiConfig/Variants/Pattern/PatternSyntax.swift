/// The parts that a Python regular expression is made of.
indirect enum PatternSyntax {
    /// One character. It may be a surrogate (`\ud800`), which no text of ours has.
    case literal(UInt32)
    /// `.`
    case any
    case set(PatternSet)
    case anchor(Anchor)
    case sequence([PatternSyntax])
    case choice([PatternSyntax])
    case repetition(PatternSyntax, least: Int, most: Int?, Mode)
    /// `(...)`, with its number.
    case capture(Int, PatternSyntax)
    /// `(?flags-flags:...)`; without flags it only groups.
    case scope(on: PatternFlags, off: PatternFlags, PatternSyntax)
    /// `(?>...)`
    case atomic(PatternSyntax)
    case look(ahead: Bool, negated: Bool, PatternSyntax)
    case backreference(Int)
    /// `(?(1)yes|no)`
    case conditional(Int, yes: PatternSyntax, no: PatternSyntax?)

    enum Anchor { case lineStart, lineEnd, start, end, wordBoundary, notWordBoundary }
    enum Mode { case greedy, lazy, possessive }
}

/// `[...]`, or an escape such as `\d` that stands for one.
struct PatternSet {
    enum Member {
        case range(UInt32, UInt32)
        case category(Category, negated: Bool)
    }
    enum Category { case digit, space, word }

    var isNegated = false
    var members: [Member] = []
}

/// Python's flags. `L` is for bytes only and always refused.
struct PatternFlags: OptionSet {
    let rawValue: Int

    static let ignoreCase = Self(rawValue: 1)
    static let multiline = Self(rawValue: 2)
    static let dotAll = Self(rawValue: 4)
    static let verbose = Self(rawValue: 8)
    static let ascii = Self(rawValue: 16)
    static let unicode = Self(rawValue: 32)
    static let template = Self(rawValue: 64)

    /// Only one of them may be on.
    static let kinds: Self = [.ascii, .unicode]

    /// The flag of a letter, nil for another letter.
    init?(letter: Unicode.Scalar) {
        switch letter {
        case "i": self = .ignoreCase
        case "m": self = .multiline
        case "s": self = .dotAll
        case "x": self = .verbose
        case "a": self = .ascii
        case "u": self = .unicode
        case "t": self = .template
        default: return nil
        }
    }

    init(rawValue: Int) { self.rawValue = rawValue }
}
