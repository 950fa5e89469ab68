/// An attribute as written: names keep their prefix.
package struct XMLAttribute: Sendable, Hashable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// What ``XMLReader`` meets, in the order of the document.
///
/// An empty element gives a start and an end. Comments and processing instructions are skipped. A run of text is one
/// event, whatever comments or CDATA sections it was written with, and never empty. Names keep their prefix
/// (`ex:nil`), and namespace declarations are not attributes.
package enum XMLEvent: Sendable, Hashable {
    case start(name: String, attributes: [XMLAttribute])
    case text(String)
    case end(name: String)
}
