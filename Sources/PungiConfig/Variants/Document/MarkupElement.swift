import LibXML

/// An element of an XML file with the places of everything a complaint could be about.
struct MarkupElement {
    struct Attribute {
        let name: String
        let value: String
        let location: SourceLocation
    }

    let name: String
    let location: SourceLocation
    let attributes: [Attribute]
    var children: [MarkupElement] = []
    /// All text directly inside, joined.
    var text = ""
    /// Where the first text that is not only white space begins.
    var textLocation: SourceLocation?

    func attribute(_ name: String) -> Attribute? { attributes.first { $0.name == name } }
}

extension MarkupElement {
    /// Bounds for files that people write by hand.
    private static var limits: XMLLimits {
        var limits = XMLLimits.standard
        limits.bytes = 8 << 20
        limits.depth = 64
        limits.textBytes = 64 << 10
        return limits
    }

    /// Reads a whole file. Nothing is loaded besides it, and no entity but the five of XML is known. A document type
    /// declaration is tolerated, because every variants.xml has one.
    static func read(bytes: [UInt8], source: MarkupSource) throws(ConfigFailure) -> MarkupElement {
        do throws(XMLFailure) {
            let reader = try XMLReader(bytes: bytes, name: source.path, limits: limits, allowsDoctype: true)
            var open: [MarkupElement] = []
            while let event = try reader.next() {
                let location = SourceLocation(
                    file: source.path, line: reader.location.line, column: reader.location.column)
                switch event {
                case .start(let name, let attributes):
                    let values = Dictionary(attributes.map { ($0.name, $0.value) }) { first, _ in first }
                    open.append(
                        MarkupElement(
                            name: name, location: location,
                            attributes: source.attributes(ofTagAt: location).map {
                                Attribute(name: $0.name, value: values[$0.name] ?? "", location: $0.location)
                            }))
                case .text(let text):
                    guard var element = open.popLast() else { continue }
                    element.text += text
                    if element.textLocation == nil, text.unicodeScalars.contains(where: { !$0.isMarkupSpace }) {
                        element.textLocation = location
                    }
                    open.append(element)
                case .end:
                    guard let element = open.popLast() else { continue }
                    guard var parent = open.popLast() else { return try finish(element, reader) }
                    parent.children.append(element)
                    open.append(parent)
                }
            }
        } catch {
            let location = SourceLocation(file: source.path, line: error.location.line, column: error.location.column)
            throw ConfigFailure(diagnostics: [
                Diagnostic(
                    severity: .error, code: "variants.syntax", message: error.message, location: location,
                    sourceLine: source.line(location.line))
            ])
        }
        // A well-formed document has an outermost element, and it was returned at its end.
        throw ConfigFailure(diagnostics: [
            Diagnostic(
                severity: .error, code: "variants.syntax", message: "the file has no element",
                location: SourceLocation(file: source.path, line: 1, column: 1))
        ])
    }

    /// What stands behind the root must be well formed too.
    private static func finish(_ root: MarkupElement, _ reader: XMLReader) throws(XMLFailure) -> MarkupElement {
        while try reader.next() != nil {}
        return root
    }
}
