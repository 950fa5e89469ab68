/// What a JSON document may cost the reader at most.
package struct JSONLimits: Sendable, Hashable {
    /// Bytes of the whole document.
    package var bytes: Int
    /// Lists and objects inside one another.
    package var depth: Int

    package init(bytes: Int = 64 << 20, depth: Int = 128) {
        self.bytes = bytes
        self.depth = depth
    }

    /// Enough for the images of every compose that was ever made, many times over.
    package static let standard = JSONLimits()
}

/// Reads JSON documents of the metadata kind.
///
/// A reader of our own, because `JSONDecoder` gives the same for `1` and `1.0` (and rounds what does not fit 64 bits):
/// a plan or a manifest that was read and written again would not be the same document.
package enum JSONReader {
    /// - Parameter name: the document's name, for messages.
    /// - Throws: ``MetadataFailure`` that names the document, line and column (from 1, in bytes).
    package static func read(
        _ bytes: [UInt8], name: String, limits: JSONLimits = .standard
    ) throws(MetadataFailure) -> JSONValue {
        guard bytes.count <= limits.bytes else {
            throw MetadataFailure(
                "\(name) is not read: it has \(bytes.count) bytes, and \(limits.bytes) are the most that is allowed")
        }
        var parser = JSONParser(bytes, depth: limits.depth)
        do {
            return try parser.document()
        } catch {
            let (line, column) = position(of: error.offset, in: bytes)
            throw MetadataFailure("\(name):\(line):\(column): not a JSON document: \(error.reason)")
        }
    }

    private static func position(of offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
        let before = bytes[..<min(offset, bytes.count)]
        let lines = before.count { $0 == UInt8(ascii: "\n") }
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return (lines + 1, before.count - lineStart + 1)
    }
}
