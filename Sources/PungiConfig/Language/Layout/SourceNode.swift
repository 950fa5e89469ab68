/// A value as it is written in a config file: what it is, and which bytes it takes.
package struct SourceNode: Sendable {
    package indirect enum Kind: Sendable {
        case scalar(Scalar)
        case variable(String)
        case list([SourceNode])
        case tuple([SourceNode])
        case mapping([Entry])
        /// `template % arguments`.
        case format(template: SourceNode, arguments: SourceNode)
    }

    package enum Scalar: Sendable, Hashable {
        /// A string: what kobo reads, and the bytes between the token's first and last character, which say that.
        case string(String, content: Range<Int>)
        /// A number as it is written, without the sign.
        case number(String, isNegative: Bool)
        case constant(Constant)
    }

    package enum Constant: String, Sendable {
        case yes = "True"
        case no = "False"
        case none = "None"
    }

    /// A key of a dict with its value.
    package struct Entry: Sendable {
        package let key: SourceNode
        package let value: SourceNode

        /// From the key's first byte to behind the value's last.
        package var range: Range<Int> { key.range.lowerBound..<value.range.upperBound }
    }

    package let kind: Kind
    /// Offsets in the file as it is on the disk, from the first byte to behind the last one.
    package let range: Range<Int>
    /// Where the reader says that the value is.
    package let location: SourceLocation

    /// The text of a string.
    package var string: String? {
        guard case .scalar(.string(let text, _)) = kind else { return nil }
        return text
    }

    /// What a dict holds, as written: a key may be there twice.
    package var entries: [Entry] {
        guard case .mapping(let entries) = kind else { return [] }
        return entries
    }

    /// The entry of a dict with this text as its key; the last one, which is the one that counts.
    package func entry(_ key: String) -> Entry? {
        entries.last { $0.key.string?.hasSameScalars(as: key) ?? false }
    }

    /// The values in it, keys too, in the order of the file.
    package var children: [SourceNode] {
        switch kind {
        case .scalar, .variable: []
        case .list(let items), .tuple(let items): items
        case .mapping(let entries): entries.flatMap { [$0.key, $0.value] }
        case .format(let template, let arguments): [template, arguments]
        }
    }

    /// Whether a variable is used in it.
    package var usesVariables: Bool {
        if case .variable = kind { return true }
        return children.contains { $0.usesVariables }
    }

    /// The value that begins at a place, as the reader names places: a format begins with its template, and is meant.
    package func node(at location: SourceLocation) -> SourceNode? {
        if self.location.line == location.line, self.location.column == location.column { return self }
        for child in children.reversed() where !(location < child.location.moved(to: location.file)) {
            return child.node(at: location)
        }
        return nil
    }
}

extension SourceLocation {
    /// The same line and column of what is called otherwise.
    fileprivate func moved(to file: String) -> SourceLocation {
        SourceLocation(file: file, line: line, column: column)
    }
}
