/// A place in a YAML document: line and column from 1, columns in characters.
package struct YAMLLocation: Sendable, Hashable, CustomStringConvertible {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package var description: String { "\(line):\(column)" }
}

/// Why a YAML document was refused.
package struct YAMLFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, one sentence.
    package let message: String
    /// Where; nil when a value that was never in a file cannot be written.
    package let location: YAMLLocation?
    /// The name of the document: usually a path.
    package let document: String

    package init(_ message: String, at location: YAMLLocation?, in document: String) {
        self.message = message
        self.location = location
        self.document = document
    }

    /// `FILE:LINE:COLUMN: MESSAGE`.
    package var description: String {
        guard let location else { return "\(document): \(message)" }
        return "\(document):\(location): \(message)"
    }
}

/// How much a YAML document may ask for. More is refused, so that no file can take all memory or the stack.
package struct YAMLLimits: Sendable, Hashable {
    /// The size of the document in bytes.
    package var bytes = 16 << 20
    /// How deep lists and mappings may be nested.
    package var depth = 64
    /// How many scalars, lists and mappings there may be.
    package var nodes = 500_000

    package init() {}

    package static let standard = YAMLLimits()
}
