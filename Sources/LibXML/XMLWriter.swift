/// Writes an XML document in UTF-8, element by element, without white space of its own.
///
/// Escaping is done here and not by libxml2's writer, whose calls can fail one by one and which writes a carriage
/// return raw, so that readers would take it for a line feed. Not Sendable: one writer belongs to one place.
package final class XMLWriter {
    private var bytes: [UInt8] = []
    private var open: [String] = []
    /// Whether the `>` of the last start tag is still to be written.
    private var isInTag = false

    /// Begins with `<?xml version='1.0'?>` and a line feed, as the Python XML-RPC library and Koji do.
    package init() {
        bytes.append(contentsOf: "<?xml version='1.0'?>\n".utf8)
    }

    /// Begins an element. `name` must be an XML name.
    package func start(_ name: String) {
        closeTag()
        bytes.append(UInt8(ascii: "<"))
        bytes.append(contentsOf: name.utf8)
        open.append(name)
        isInTag = true
    }

    /// An attribute of the element that was just begun: right after ``start(_:)``, before anything else.
    package func attribute(_ name: String, _ value: String) {
        precondition(isInTag, "an attribute outside a start tag")
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: name.utf8)
        bytes.append(contentsOf: "=\"".utf8)
        append(value, inAttribute: true)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Text of the element that is open. Empty text makes `<a></a>` out of what would be `<a/>`.
    ///
    /// Characters that XML cannot carry at all (``firstForbidden(in:)``) become U+FFFD; callers who must not lose them
    /// look first.
    package func text(_ text: String) {
        closeTag()
        append(text, inAttribute: false)
    }

    /// Ends the element that was begun last and is still open.
    package func end() {
        guard let name = open.popLast() else { preconditionFailure("an end without a start") }
        if isInTag {
            bytes.append(contentsOf: "/>".utf8)
            isInTag = false
        } else {
            bytes.append(contentsOf: "</".utf8)
            bytes.append(contentsOf: name.utf8)
            bytes.append(UInt8(ascii: ">"))
        }
    }

    /// Ends what is still open and gives the document.
    package func finish() -> [UInt8] {
        while !open.isEmpty { end() }
        return bytes
    }

    /// The first character of `text` that no XML 1.0 document can hold, not even as a reference: the controls below
    /// U+0020 other than tab, line feed and carriage return, and U+FFFE and U+FFFF.
    package static func firstForbidden(in text: String) -> Unicode.Scalar? {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0xEF }) else { return nil }
        return text.unicodeScalars.first(where: isForbidden)
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: false
        case ..<0x20, 0xFFFE, 0xFFFF: true
        default: false
        }
    }

    private func closeTag() {
        guard isInTag else { return }
        bytes.append(UInt8(ascii: ">"))
        isInTag = false
    }

    private func append(_ text: String, inAttribute: Bool) {
        guard Self.firstForbidden(in: text) == nil else {
            let scalars = text.unicodeScalars.map { Self.isForbidden($0) ? "\u{FFFD}" : $0 }
            append(String(String.UnicodeScalarView(scalars)), inAttribute: inAttribute)
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): bytes.append(contentsOf: "&lt;".utf8)
            // Needed only in "]]>", but every reader of Koji's is used to it.
            case UInt8(ascii: ">"): bytes.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "\r"): bytes.append(contentsOf: "&#13;".utf8)
            case UInt8(ascii: "\n") where inAttribute: bytes.append(contentsOf: "&#10;".utf8)
            case UInt8(ascii: "\t") where inAttribute: bytes.append(contentsOf: "&#9;".utf8)
            case UInt8(ascii: "\"") where inAttribute: bytes.append(contentsOf: "&quot;".utf8)
            default: bytes.append(byte)
            }
        }
    }
}
