/// How much an XML-RPC document may ask for. More is refused, so that no answer can take all memory or the stack.
///
/// Two more limits do not change: lists and structs go 60 inside each other, and one text has at most 10 MB.
package struct XMLRPCLimits: Sendable, Hashable {
    /// The size of the document in bytes.
    package var bytes: Int
    /// How many values it may hold, lists and structs counted, too: a value that is eight bytes on the wire takes some
    /// forty in memory. A task has about thirty, and the longest answers that are asked for, package lists of a
    /// distribution, some hundred thousand.
    package var values: Int

    /// How many comments and processing instructions it may hold. Hubs send none but the XML declaration, and libxml2
    /// keeps all that stand side by side in memory at once: 64 MB of them take 1.7 GB.
    package var asides: Int

    package init(bytes: Int = 64 << 20, values: Int = 1_000_000, asides: Int = 1_000) {
        self.bytes = bytes
        self.values = values
        self.asides = asides
    }

    package static let standard = XMLRPCLimits()
}
