/// One change of a file: these bytes for those.
package struct TextEdit: Sendable, Hashable {
    /// Which bytes go; empty where something is put in.
    package let range: Range<Int>
    /// What comes in their place.
    package let replacement: [UInt8]

    package init(range: Range<Int>, replacement: [UInt8]) {
        self.range = range
        self.replacement = replacement
    }

    package init(range: Range<Int>, replacement: String) {
        self.init(range: range, replacement: Array(replacement.utf8))
    }
}

/// Why edits cannot be made: whoever made them has a mistake in it, and nothing is changed.
package enum TextEditProblem: Error, Hashable, CustomStringConvertible {
    /// The bytes are not all in the file.
    case outside(Range<Int>, fileBytes: Int)
    /// Two edits change the same bytes.
    case overlap(Range<Int>, Range<Int>)

    package var description: String {
        switch self {
        case .outside(let range, let count): "bytes \(range) are not in a file of \(count) bytes"
        case .overlap(let first, let second): "two changes of the same bytes, \(first) and \(second)"
        }
    }
}

/// Makes edits in a file's bytes.
package enum TextEdits {
    /// The file with all edits made, in whatever order they come. All ranges are those of the file before; what is put in
    /// at one place twice stays in the order of the edits.
    package static func apply(_ edits: [TextEdit], to bytes: [UInt8]) throws(TextEditProblem) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + edits.reduce(0) { $0 + $1.replacement.count })
        var previous = 0..<0
        for edit in sorted(edits) {
            guard edit.range.lowerBound >= 0, edit.range.upperBound <= bytes.count else {
                throw .outside(edit.range, fileBytes: bytes.count)
            }
            guard edit.range.lowerBound >= previous.upperBound else { throw .overlap(previous, edit.range) }
            result += bytes[previous.upperBound..<edit.range.lowerBound]
            result += edit.replacement
            previous = edit.range
        }
        return result + bytes[previous.upperBound...]
    }

    private static func sorted(_ edits: [TextEdit]) -> [TextEdit] {
        edits.enumerated().sorted { left, right in
            (left.element.range.lowerBound, left.element.range.upperBound, left.offset)
                < (right.element.range.lowerBound, right.element.range.upperBound, right.offset)
        }.map(\.element)
    }
}
