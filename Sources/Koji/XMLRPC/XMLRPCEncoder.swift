import LibXML

/// Writes values as XML-RPC, in the words of Koji's own client: nil, i8 beyond 32 bit, base64 with line feeds.
///
/// Members of a struct are written in the order of their names, so that the same value always gives the same bytes.
struct XMLRPCEncoder {
    /// A step on the way to a value, for failures.
    enum Step {
        case param(Int)
        case value
        case fault
        case index(Int)
        case member(String)
    }

    /// How deep lists and structs may be inside each other, when writing and when reading. At three elements a level
    /// this is what the XML reader's limit of 200 allows.
    static let depth = 60

    private let writer = XMLWriter()
    private var steps: [Step] = []

    init(root: String) {
        writer.start(root)
    }

    func start(_ name: String) { writer.start(name) }

    func end() { writer.end() }

    func finish() -> [UInt8] { writer.finish() }

    /// An element that holds text.
    func text(_ text: String, in element: String) throws(XMLRPCFailure) {
        if let scalar = XMLWriter.firstForbidden(in: text) {
            let code = String(scalar.value, radix: 16, uppercase: true)
            throw failure(
                "the text has the character U+\(String(repeating: "0", count: max(0, 4 - code.count)))\(code), "
                    + "which XML cannot carry; take it out", in: element)
        }
        writer.start(element)
        writer.text(text)
        writer.end()
    }

    /// A `<value>`.
    mutating func value(_ value: XMLRPCValue, at step: Step) throws(XMLRPCFailure) {
        steps.append(step)
        defer { steps.removeLast() }
        writer.start("value")
        switch value {
        case .null:
            writer.start("nil")
            writer.end()
        case .bool(let value): try text(value ? "1" : "0", in: "boolean")
        case .int(let value): try text(String(value), in: Int32(exactly: value) == nil ? "i8" : "int")
        case .double(let value): try text(value.description, in: "double")
        case .string(let value): try text(value, in: "string")
        case .bytes(let value): try text(Base64.encoded(value), in: "base64")
        case .date(let value): try text(value, in: "dateTime.iso8601")
        case .array(let values): try array(values)
        case .object(let members): try object(members)
        }
        writer.end()
    }

    private mutating func array(_ values: [XMLRPCValue]) throws(XMLRPCFailure) {
        try checkDepth()
        writer.start("array")
        writer.start("data")
        for (index, value) in values.enumerated() {
            try self.value(value, at: .index(index))
        }
        writer.end()
        writer.end()
    }

    private mutating func object(_ members: [String: XMLRPCValue]) throws(XMLRPCFailure) {
        try checkDepth()
        writer.start("struct")
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            writer.start("member")
            try text(name, in: "name")
            try self.value(value, at: .member(name))
            writer.end()
        }
        writer.end()
    }

    private func checkDepth() throws(XMLRPCFailure) {
        guard steps.count <= Self.depth else {
            throw failure("more than \(Self.depth) lists and structs inside each other")
        }
    }

    private func failure(_ message: String, in element: String = "value") -> XMLRPCFailure {
        let path = Self.path(steps)
        let place =
            switch element {
            case "methodName": "method name"
            case "name": "name of a member of \(path)"
            default: path
            }
        return XMLRPCFailure(kind: .unwritable, message: message, path: place)
    }

    /// `params[5].blueprint["a name"]`.
    private static func path(_ steps: [Step]) -> String {
        steps.reduce(into: "") { path, step in
            switch step {
            case .param(let index): path += "params[\(index)]"
            case .value: path += "value"
            case .fault: path += "fault"
            case .index(let index): path += "[\(index)]"
            case .member(let name):
                let isPlain = name.utf8.allSatisfy {
                    (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                        || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
                }
                path += isPlain && !name.isEmpty ? ".\(name)" : "[\(name.debugDescription)]"
            }
        }
    }
}
