/// A place in an XML document: line and column from 1, columns in characters.
package struct XMLLocation: Sendable, Hashable, CustomStringConvertible {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package var description: String { "\(line):\(column)" }
}

/// Why an XML document was refused.
package struct XMLFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, one sentence without a full stop.
    package let message: String
    /// Where the reader stood.
    package let location: XMLLocation
    /// The name of the document: usually a path or a URL.
    package let document: String

    package init(message: String, location: XMLLocation, document: String) {
        self.message = message
        self.location = location
        self.document = document
    }

    /// `FILE:LINE:COLUMN: MESSAGE`.
    package var description: String { "\(document):\(location): \(message)" }
}
