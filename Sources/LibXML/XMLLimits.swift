/// How much an XML document may ask for. More is refused, so that no file or answer can take all memory or the stack.
///
/// libxml2 has limits of its own (256 elements deep, 10 000 000 bytes in one text, 10 MB in names); they stay on, and
/// the lower of the two counts.
package struct XMLLimits: Sendable, Hashable {
    /// The size of the document in bytes.
    package var bytes = 64 << 20
    /// How many elements may be open at once.
    package var depth = 200
    /// The size of one run of text, or of one attribute's value, in bytes of UTF-8.
    package var textBytes = 10 << 20

    package init() {}

    package static let standard = XMLLimits()
}
