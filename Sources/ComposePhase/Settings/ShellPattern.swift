/// A shell-like pattern over a whole text, as Python's `fnmatch.fnmatchcase` takes it.
///
/// `*` stands for any characters, `/` among them, `?` for one, `[a-z]` for one of a set and `[!a-z]` for one that is not
/// in it. All others stand for themselves, a `[` that is never closed too.
struct ShellPattern: Sendable, Hashable {
    private enum Part: Sendable, Hashable {
        case anything
        case one
        case scalar(Unicode.Scalar)
        case set([ClosedRange<Unicode.Scalar>], isNegated: Bool)

        func matches(_ scalar: Unicode.Scalar) -> Bool {
            switch self {
            case .anything, .one: true
            case .scalar(let own): own == scalar
            case .set(let ranges, let isNegated): ranges.contains { $0.contains(scalar) } != isNegated
            }
        }
    }

    private let parts: [Part]

    init(_ text: String) {
        let scalars = Array(text.unicodeScalars)
        var parts: [Part] = []
        var index = 0
        while index < scalars.count {
            switch scalars[index] {
            case "*":
                if parts.last != .anything { parts.append(.anything) }
                index += 1
            case "?":
                parts.append(.one)
                index += 1
            case "[":
                let (part, end) = Self.set(scalars, from: index)
                parts.append(part)
                index = end
            default:
                parts.append(.scalar(scalars[index]))
                index += 1
            }
        }
        self.parts = parts
    }

    /// A set from its `[` on, and the index behind it.
    private static func set(_ scalars: [Unicode.Scalar], from start: Int) -> (Part, Int) {
        let isNegated = start + 1 < scalars.count && scalars[start + 1] == "!"
        let first = start + (isNegated ? 2 : 1)
        // A `]` that stands first is one of the set.
        guard first < scalars.count, let end = scalars[(first + 1)...].firstIndex(of: "]") else {
            return (.scalar("["), start + 1)
        }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        var index = first
        while index < end {
            let isRange = index + 2 < end && scalars[index + 1] == "-"
            let last = isRange ? scalars[index + 2] : scalars[index]
            // A range from the greater to the lesser holds nothing.
            if scalars[index] <= last { ranges.append(scalars[index]...last) }
            index += isRange ? 3 : 1
        }
        return (.set(ranges, isNegated: isNegated), end + 1)
    }

    /// Whether the pattern takes the whole text. The time is at most the product of both lengths: only the last `*` is
    /// ever tried again, as any match of those before it is as good as another.
    func matches(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var part = 0
        var index = 0
        var retry: (part: Int, index: Int)?
        while index < scalars.count {
            if part < parts.count, parts[part] == .anything {
                retry = (part, index)
                part += 1
            } else if part < parts.count, parts[part].matches(scalars[index]) {
                part += 1
                index += 1
            } else if let last = retry {
                retry = (last.part, last.index + 1)
                part = last.part + 1
                index = last.index + 1
            } else {
                return false
            }
        }
        return parts[part...].allSatisfy { $0 == .anything }
    }
}
