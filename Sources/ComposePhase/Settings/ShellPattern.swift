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
        let first = start + (start + 1 < scalars.count && scalars[start + 1] == "!" ? 2 : 1)
        // A `]` that stands first is one of the set.
        guard first < scalars.count, let end = scalars[(first + 1)...].firstIndex(of: "]") else {
            return (.scalar("["), start + 1)
        }
        var members = Self.withoutEmptyRanges(scalars[(start + 1)..<end])
        let isNegated = members.first == .scalar("!")
        if isNegated { members.removeFirst() }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        var index = 0
        while index < members.count {
            let own = members[index].scalar
            let isRange = index + 2 < members.count && members[index + 1] == .dash
            let last = isRange ? members[index + 2].scalar : own
            if own <= last { ranges.append(own...last) }
            index += isRange ? 3 : 1
        }
        return (.set(ranges, isNegated: isNegated), end + 1)
    }

    /// What stands in a set: itself, or a dash between the ends of a range.
    private enum Member: Equatable {
        case scalar(Unicode.Scalar)
        case dash

        /// A dash that has nothing before it stands for itself.
        var scalar: Unicode.Scalar { if case .scalar(let scalar) = self { scalar } else { "-" } }
    }

    /// A range from the greater to the lesser holds nothing, and goes. As Python: what then stands first may be a `!`.
    private static func withoutEmptyRanges(_ text: ArraySlice<Unicode.Scalar>) -> [Member] {
        var chunks: [[Unicode.Scalar]] = []
        var start = text.startIndex
        var from = start + (text.first == "!" ? 2 : 1)
        while from < text.endIndex, let dash = text[from...].firstIndex(of: "-") {
            chunks.append(Array(text[start..<dash]))
            start = dash + 1
            from = dash + 3
        }
        if start < text.endIndex || chunks.isEmpty {
            chunks.append(Array(text[start...]))
        } else {
            chunks[chunks.count - 1].append("-")
        }
        for index in chunks.indices.dropFirst().reversed() {
            guard let left = chunks[index - 1].last, let right = chunks[index].first, left > right else { continue }
            chunks[index - 1] = chunks[index - 1].dropLast() + chunks[index].dropFirst()
            chunks.remove(at: index)
        }
        return Array(chunks.map { $0.map(Member.scalar) }.joined(separator: [.dash]))
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
