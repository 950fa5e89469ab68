import CLibXML2

/// libxml2's reader and what it points to. The only file with C pointers; none of them leaves it.
///
/// libxml2 reads the document where it lies, so the bytes are copied to memory of our own that lives as long as the
/// reader does. Both are freed together in `deinit`. Everything happens on the caller's thread.
final class XMLMemory {
    /// One node as libxml2 hands it out, copied into Swift.
    enum Node {
        /// An attribute's value is nil if it uses an entity.
        case start(name: String, attributes: [(name: String, value: String?)], isEmpty: Bool)
        case end
        case text(String)
        case entity(String)
        case doctype
        case skipped
    }

    /// What one step gave.
    enum Step {
        case node(Node)
        case end
        case failed(message: String, line: Int, column: Int)
    }

    private typealias Complaint = (message: String, line: Int, column: Int)

    /// What libxml2 says about the document.
    private final class Errors {
        /// The first fatal one: libxml2 goes on to report follow-up errors, which only confuse.
        var fatal: Complaint?
        /// The last of the others. Most are of no matter here (an undeclared prefix), but libxml2 also stops upon some.
        var other: Complaint?
    }

    private let bytes: UnsafeMutableBufferPointer<CChar>
    private let reader: xmlTextReaderPtr
    private let errors = Errors()

    /// Done once, before any reader: libxml2's own set-up is not thread-safe.
    private static let isReady: Void = xmlInitParser()

    /// NONET on top of never asking for external things at all. NOENT, DTDLOAD, DTDATTR and HUGE stay off: see
    /// ``XMLReader``.
    private static let options = Int32(XML_PARSE_NONET.rawValue)

    /// nil if there is no memory.
    init?(_ document: [UInt8]) {
        Self.isReady
        bytes = .allocate(capacity: document.count)
        _ = bytes.initialize(from: document.lazy.map { CChar(bitPattern: $0) })
        guard let reader = xmlReaderForMemory(bytes.baseAddress, Int32(bytes.count), nil, nil, Self.options) else {
            bytes.deallocate()
            return nil
        }
        self.reader = reader
        // The handler is called only inside read(), during which this object and so `errors` are alive.
        xmlTextReaderSetStructuredErrorHandler(
            reader,
            { context, error in
                guard let context, let error = error?.pointee, error.level != XML_ERR_WARNING else { return }
                let errors = Unmanaged<Errors>.fromOpaque(context).takeUnretainedValue()
                guard errors.fatal == nil else { return }
                var message = error.message.map { String(cString: $0) } ?? "the document is not well-formed XML"
                while message.last?.isWhitespace == true { message.removeLast() }
                if message.contains("uge ") {
                    message = "a text, comment or tag of more than 10000000 bytes"
                }
                let complaint = (message, Int(error.line), Int(error.int2))
                // With a document type declaration libxml2 forgives an unknown entity, and drops it from attributes.
                if error.level == XML_ERR_FATAL || error.code == Int32(XML_WAR_UNDECLARED_ENTITY.rawValue) {
                    errors.fatal = complaint
                } else {
                    errors.other = complaint
                }
            }, Unmanaged.passUnretained(errors).toOpaque())
    }

    deinit {
        xmlFreeTextReader(reader)
        bytes.deallocate()
    }

    /// One step forward.
    func read() -> Step {
        let status = xmlTextReaderRead(reader)
        if errors.fatal == nil, status == 1 { return .node(node()) }
        if errors.fatal == nil, status == 0 { return .end }
        guard let complaint = errors.fatal ?? errors.other else {
            return .failed(
                message: "the document is not well-formed XML",
                line: Int(xmlTextReaderGetParserLineNumber(reader)),
                column: Int(xmlTextReaderGetParserColumnNumber(reader)))
        }
        return .failed(message: complaint.message, line: complaint.line, column: complaint.column)
    }

    private func node() -> Node {
        guard let node = xmlTextReaderCurrentNode(reader) else { return .skipped }
        switch xmlReaderTypes(UInt32(max(xmlTextReaderNodeType(reader), 0))) {
        case XML_READER_TYPE_ELEMENT:
            return .start(
                name: Self.name(node.pointee.name, node.pointee.ns),
                attributes: node.pointee.properties == nil ? [] : Self.attributes(of: node),
                isEmpty: xmlTextReaderIsEmptyElement(reader) == 1)
        case XML_READER_TYPE_END_ELEMENT:
            return .end
        case XML_READER_TYPE_TEXT, XML_READER_TYPE_CDATA, XML_READER_TYPE_WHITESPACE,
            XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
            return .text(node.pointee.content.map { String(cString: $0) } ?? "")
        case XML_READER_TYPE_ENTITY_REFERENCE:
            return .entity(Self.name(node.pointee.name, nil))
        case XML_READER_TYPE_DOCUMENT_TYPE:
            return .doctype
        default:
            return .skipped
        }
    }

    private static func attributes(of node: xmlNodePtr) -> [(name: String, value: String?)] {
        var attributes: [(name: String, value: String?)] = []
        var next = node.pointee.properties
        while let attribute = next {
            attributes.append((name(attribute.pointee.name, attribute.pointee.ns), value(of: attribute)))
            next = attribute.pointee.next
        }
        return attributes
    }

    /// nil if there is an entity in it: without NOENT libxml2 keeps those as nodes of their own.
    private static func value(of attribute: xmlAttrPtr) -> String? {
        var value = ""
        var next = attribute.pointee.children
        while let part = next {
            guard part.pointee.type == XML_TEXT_NODE else { return nil }
            if let content = part.pointee.content { value.append(String(cString: content)) }
            next = part.pointee.next
        }
        return value
    }

    private static func name(_ name: UnsafePointer<xmlChar>?, _ namespace: UnsafeMutablePointer<xmlNs>?) -> String {
        guard let name else { return "" }
        guard let prefix = namespace?.pointee.prefix else { return String(cString: name) }
        return String(cString: prefix) + ":" + String(cString: name)
    }
}
