/// What one config file says, with the bytes that say it: what an edit needs that keeps the rest as it is.
///
/// Comments, blanks and line ends are the gaps between the ranges. Imports are not followed and variables are not
/// replaced: that is the reader's work, ``ConfigDocument``. Whatever the reader takes has a tree, and some files that it
/// refuses (for undefined variables, say) have one, too.
package struct SourceTree: Sendable {
    package enum Statement: Sendable {
        case assignment(Assignment)
        case importing(Import)
        case global(Name)

        /// From the first byte of its first token to behind its last one.
        package var range: Range<Int> {
            switch self {
            case .assignment(let assignment): assignment.range
            case .importing(let request): request.range
            case .global(let name): name.range
            }
        }
    }

    /// A name where it is written.
    package struct Name: Sendable {
        package let text: String
        /// The bytes of the statement for `global`, of the name elsewhere.
        package let range: Range<Int>
        package let location: SourceLocation
    }

    /// `name = value`.
    package struct Assignment: Sendable {
        package let name: Name
        package let value: SourceNode

        package var range: Range<Int> { name.range.lowerBound..<value.range.upperBound }
    }

    /// `from path import names`.
    package struct Import: Sendable {
        /// The path as kobo glues it together, without `.conf`.
        package let path: String
        /// The names asked for; empty for `*` alone.
        package let names: [Name]
        package let takesAll: Bool
        package let range: Range<Int>
        package let location: SourceLocation
    }

    /// The file's path, as given.
    package let path: String
    /// The file as it is on the disk.
    package let bytes: [UInt8]
    package let statements: [Statement]

    /// Reads one file.
    ///
    /// - Throws: what is wrong with the file's encoding or form. It is one mistake; the reader tells all of them.
    package static func read(
        bytes: [UInt8], path: String, limits: ConfigLimits = .standard
    ) throws(ConfigFailure) -> SourceTree {
        var parser = SourceTreeParser(source: try SourceText(path: path, bytes: bytes), limits: limits)
        let offsets = DiskOffsets(of: bytes)
        return SourceTree(path: path, bytes: bytes, statements: try parser.statements(offsets))
    }

    /// The assignments of the file, in its order.
    package var assignments: [Assignment] {
        statements.compactMap { statement in
            guard case .assignment(let assignment) = statement else { return nil }
            return assignment
        }
    }

    /// The imports of the file, in its order.
    package var imports: [Import] {
        statements.compactMap { statement in
            guard case .importing(let request) = statement else { return nil }
            return request
        }
    }

    /// Where a name is assigned in this file; the last one wins.
    package func assignments(of name: String) -> [Assignment] {
        assignments.filter { $0.name.text.hasSameScalars(as: name) }
    }

    /// The value that begins at a place, as the reader names places. The place's file is not looked at.
    package func node(at location: SourceLocation) -> SourceNode? {
        for assignment in assignments {
            if let node = assignment.value.node(at: location) { return node }
        }
        return nil
    }

    /// The text of a range of the file.
    package func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
