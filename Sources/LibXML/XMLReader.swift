/// A pull reader over libxml2, without a tree of the document.
///
/// Safe for files and answers of strangers: nothing is ever loaded from elsewhere, entities beyond the five of XML and
/// character references are refused, and ``XMLLimits`` bound the rest. libxml2 prints nothing: its errors are the
/// ``XMLFailure``s thrown here. Not Sendable: one reader belongs to one place.
package final class XMLReader {
    private let memory: XMLMemory
    private let document: String
    private let limits: XMLLimits
    private let allowsDoctype: Bool
    private var places: XMLPlaces
    /// Names of the elements that are open.
    private var open: [String] = []
    /// Tags read so far; an empty element has one.
    private var tags = 0
    /// The event that ended the text which was returned last.
    private var waiting: XMLEvent?
    /// Whether the element that was started last is empty, so that its end comes next.
    private var endsAtOnce = false
    private var mark = XMLPlaces.Mark.tag(0)
    private var ended = false
    private var failure: XMLFailure?

    /// - Parameters:
    ///   - bytes: the document, in UTF-8 or in a declared encoding that has ASCII in it.
    ///   - name: what failures call the document.
    ///   - allowsDoctype: whether a document type declaration is tolerated. It is never acted on: nothing it names is
    ///     loaded, and an entity that it declares is refused where it is used. If false, the declaration is refused.
    package init(
        bytes: [UInt8], name: String, limits: XMLLimits = .standard, allowsDoctype: Bool
    ) throws(XMLFailure) {
        guard bytes.count <= min(limits.bytes, Int(Int32.max)) else {
            throw XMLFailure(
                message: "the document has \(bytes.count) bytes; the limit is \(limits.bytes)", location: .start,
                document: name)
        }
        // Before libxml2 sees anything of the document, so that no declaration is even read.
        try XMLPreflight(document: name, allowsDoctype: allowsDoctype, depth: limits.depth).check(bytes)
        guard let memory = XMLMemory(bytes) else {
            throw XMLFailure(message: "no memory for the XML reader", location: .start, document: name)
        }
        self.memory = memory
        places = XMLPlaces(bytes)
        self.document = name
        self.limits = limits
        self.allowsDoctype = allowsDoctype
    }

    /// The next event; nil at the end of a well-formed document. After a failure the same failure is thrown again.
    package func next() throws(XMLFailure) -> XMLEvent? {
        if let failure { throw failure }
        do {
            return try advance()
        } catch {
            failure = error
            throw error
        }
    }

    /// Where the event that was returned last begins: its first character.
    package var location: XMLLocation { places.location(of: mark) }

    private func advance() throws(XMLFailure) -> XMLEvent? {
        if let event = waiting {
            waiting = nil
            mark = .tag(tags)
            return event
        }
        if endsAtOnce, let name = open.popLast() {
            endsAtOnce = false
            return .end(name: name)
        }
        var text: String?
        while let node = try read() {
            switch node {
            case .text(let part):
                // libxml2 makes a node of an empty CDATA section.
                if part.isEmpty { break }
                if text == nil { text = part } else { text?.append(part) }
                guard text?.utf8.count ?? 0 <= limits.textBytes else {
                    throw refusal("a text of more than \(limits.textBytes) bytes", at: .text(tags))
                }
            case .start, .end:
                let before = tags
                let event = try event(of: node)
                guard let text else {
                    mark = .tag(tags)
                    return event
                }
                waiting = event
                mark = .text(before)
                return .text(text)
            case .entity(let name):
                throw refusal(
                    "the entity \"&\(name);\" is not known here; only &amp; &lt; &gt; &quot; &apos; and character "
                        + "references such as &#233; are", at: .text(tags))
            case .doctype:
                guard allowsDoctype else { throw refusal(XMLPreflight.noDoctype, at: .tag(0)) }
            case .skipped:
                break
            }
        }
        ended = true
        return nil
    }

    private func event(of node: XMLMemory.Node) throws(XMLFailure) -> XMLEvent {
        tags += 1
        guard case .start(let name, let attributes, let isEmpty) = node else {
            return .end(name: open.popLast() ?? "")
        }
        open.append(name)
        endsAtOnce = isEmpty
        guard !attributes.isEmpty else { return .start(name: name, attributes: []) }
        var read: [XMLAttribute] = []
        for (attribute, value) in attributes {
            guard let value else {
                throw refusal(
                    "the attribute \"\(attribute)\" of <\(name)> uses an entity that is not known here", at: .tag(tags))
            }
            guard value.utf8.count <= limits.textBytes else {
                throw refusal("an attribute of more than \(limits.textBytes) bytes", at: .tag(tags))
            }
            read.append(XMLAttribute(name: attribute, value: value))
        }
        return .start(name: name, attributes: read)
    }

    /// The next node of libxml2's; nil at the end.
    private func read() throws(XMLFailure) -> XMLMemory.Node? {
        if ended { return nil }
        switch memory.read() {
        case .node(let node): return node
        case .end: return nil
        case .failed(let message, let line, let column):
            // libxml2 says "extra content" or what it misses when the document just ends.
            if let end = places.locationOfCut(),
                message.hasPrefix("Extra content") || (line == end.line && column >= end.column)
            {
                throw XMLFailure(
                    message: "the document is cut off: it ends inside an element", location: end, document: document)
            }
            throw XMLFailure(
                message: message, location: XMLLocation(line: max(line, 1), column: max(column, 1)), document: document)
        }
    }

    private func refusal(_ message: String, at mark: XMLPlaces.Mark) -> XMLFailure {
        XMLFailure(message: message, location: places.location(of: mark), document: document)
    }
}

extension XMLLocation {
    static let start = XMLLocation(line: 1, column: 1)
}
