import LibXML

/// Reads values of XML-RPC from the events of the reader, without a tree in between.
///
/// The order of elements is the protocol's own; white space between them is passed over, other text is refused. The
/// recursion is as deep as values may be; ``XMLRPCLimits`` and the reader's limits bound the rest.
struct XMLRPCDecoder {
    private let reader: XMLReader
    private let limits: XMLRPCLimits
    /// Lists and structs that are open.
    private var depth = 0
    private var values = 0

    /// Looks at the first bytes, so that nothing but XML reaches the XML reader: proxies answer pages and plain text.
    init(_ bytes: [UInt8], limits: XMLRPCLimits) throws(XMLRPCFailure) {
        self.limits = limits
        var start = bytes[...]
        if start.starts(with: [0xEF, 0xBB, 0xBF]) { start = start.dropFirst(3) }
        start = start.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        guard let first = start.first else {
            throw XMLRPCFailure(kind: .empty, message: "empty where XML-RPC was expected")
        }
        let head = String(decoding: start.prefix(14), as: UTF8.self).lowercased()
        guard first == UInt8(ascii: "<"), !head.hasPrefix("<!doctype html"), !head.hasPrefix("<html") else {
            let what = first == UInt8(ascii: "<") ? "an HTML page" : "plain text"
            throw XMLRPCFailure(
                kind: .foreign, message: "\(what) where XML-RPC was expected; a web server or a proxy speaks here")
        }
        var xml = XMLLimits.standard
        xml.bytes = limits.bytes
        guard bytes.count > limits.bytes || Self.asides(in: bytes, atMost: limits.asides) else {
            throw XMLRPCFailure(kind: .malformed, message: "more than \(limits.asides) comments and instructions")
        }
        do {
            reader = try XMLReader(bytes: bytes, name: "XML-RPC", limits: xml, allowsDoctype: false)
        } catch {
            throw XMLRPCFailure(error)
        }
    }

    /// Whether the document has no more comments and processing instructions than `limit`, the XML declaration counted.
    private static func asides(in bytes: [UInt8], atMost limit: Int) -> Bool {
        var count = 0
        var place = bytes.startIndex
        while let found = bytes[place...].firstIndex(of: UInt8(ascii: "<")), found + 2 < bytes.count {
            place = found + 1
            let isComment = bytes[place] == UInt8(ascii: "!") && bytes[place + 1] == UInt8(ascii: "-")
            if isComment || bytes[place] == UInt8(ascii: "?") { count += 1 }
        }
        return count <= limit
    }

    func failure(_ message: String) -> XMLRPCFailure {
        XMLRPCFailure(kind: .malformed, message: message, location: reader.location)
    }

    // MARK: structure

    /// The document's element.
    mutating func root(_ name: String) throws(XMLRPCFailure) {
        let found = try startIfAny(in: "the document")
        guard found == name else {
            let element = found ?? "nothing"
            throw XMLRPCFailure(
                kind: element.lowercased() == "html" ? .foreign : .malformed,
                message: "<\(element.prefix(40))> where <\(name)> must stand", location: reader.location)
        }
    }

    /// The document's end.
    mutating func finish() throws(XMLRPCFailure) {
        guard try next() == nil else { throw failure("text after the end of the document") }
    }

    mutating func start(_ name: String) throws(XMLRPCFailure) {
        guard let found = try startIfAny(in: name) else { throw failure("<\(name)> is missing") }
        try expect(found, is: name)
    }

    func expect(_ found: String, is name: String) throws(XMLRPCFailure) {
        guard found == name else { throw failure("<\(found.prefix(40))> where <\(name)> must stand") }
    }

    /// The next element's name; nil at the end of the element around it.
    mutating func startIfAny(in parent: String) throws(XMLRPCFailure) -> String? {
        while let event = try next() {
            switch event {
            case .start(let name, _): return name
            case .end: return nil
            case .text(let text): try blank(text)
            }
        }
        return nil
    }

    /// The end of the element that is open.
    mutating func end(_ name: String) throws(XMLRPCFailure) {
        if let found = try startIfAny(in: name) {
            throw failure("<\(found.prefix(40))> where </\(name)> must stand")
        }
    }

    /// The text of the element that was just begun, with its end.
    mutating func text(upTo name: String) throws(XMLRPCFailure) -> String {
        switch try next() {
        case .text(let text):
            guard case .end? = try next() else { throw failure("an element inside <\(name)>") }
            return text
        case .end: return ""
        case .start, nil: throw failure("an element inside <\(name)>")
        }
    }

    private func next() throws(XMLRPCFailure) -> XMLEvent? {
        do {
            return try reader.next()
        } catch {
            throw XMLRPCFailure(error)
        }
    }

    private func blank(_ text: String) throws(XMLRPCFailure) {
        guard text.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x09 || $0 == 0x0D }) else {
            throw failure("text between elements")
        }
    }

    // MARK: values

    /// A `<value>` with its end.
    mutating func value() throws(XMLRPCFailure) -> XMLRPCValue {
        try start("value")
        return try content()
    }

    /// What is inside a `<value>` whose start was read, with its end. Bare text is a string.
    private mutating func content() throws(XMLRPCFailure) -> XMLRPCValue {
        values += 1
        guard values <= limits.values else { throw failure("more than \(limits.values) values") }
        var text: String?
        while let event = try next() {
            switch event {
            case .text(let found): text = found
            case .end: return .string(text ?? "")
            case .start(let name, _):
                if let text { try blank(text) }
                let value = try typed(name)
                try end("value")
                return value
            }
        }
        throw failure("a value is cut off")
    }

    /// The value in the element `name`, with its end. A prefix (`ex:nil`, `ex:i8`) is not looked at, as in Python.
    private mutating func typed(_ name: String) throws(XMLRPCFailure) -> XMLRPCValue {
        let type = name.utf8.firstIndex(of: UInt8(ascii: ":")).map { String(name[name.index(after: $0)...]) } ?? name
        switch type {
        case "string": return .string(try text(upTo: name))
        case "int", "i4", "i8", "i1", "i2", "biginteger": return .int(try integer(upTo: name))
        case "struct":
            try descend()
            defer { depth -= 1 }
            return .object(try members())
        case "nil":
            try end(name)
            return .null
        case "array":
            try descend()
            defer { depth -= 1 }
            return .array(try elements())
        case "boolean": return .bool(try boolean(upTo: name))
        case "double", "float": return .double(try double(upTo: name))
        case "base64":
            guard let bytes = Base64.decoded(try text(upTo: name)) else { throw failure("<\(name)> is not base64") }
            return .bytes(bytes)
        case "dateTime.iso8601": return .date(try word(upTo: name))
        default: throw failure("<\(name.prefix(40))> is no type of XML-RPC")
        }
    }

    private mutating func descend() throws(XMLRPCFailure) {
        guard depth < XMLRPCEncoder.depth else {
            throw failure("more than \(XMLRPCEncoder.depth) lists and structs inside each other")
        }
        depth += 1
    }

    private mutating func elements() throws(XMLRPCFailure) -> [XMLRPCValue] {
        try start("data")
        var values: [XMLRPCValue] = []
        while let found = try startIfAny(in: "data") {
            try expect(found, is: "value")
            values.append(try content())
        }
        try end("array")
        return values
    }

    private mutating func members() throws(XMLRPCFailure) -> [String: XMLRPCValue] {
        var members: [String: XMLRPCValue] = [:]
        while let found = try startIfAny(in: "struct") {
            try expect(found, is: "member")
            try start("name")
            let name = try text(upTo: "name")
            members[name] = try value()
            try end("member")
        }
        return members
    }

    // MARK: scalars

    /// Text without the white space around it: Python's readers of numbers and dates do not look at that either.
    private mutating func word(upTo name: String) throws(XMLRPCFailure) -> String {
        let text = try text(upTo: name)
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        guard let first = text.utf8.first, let last = text.utf8.last, isSpace(first) || isSpace(last) else {
            return text
        }
        let bytes = Array(text.utf8).drop(while: isSpace)
        let end = bytes.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? bytes.startIndex
        return String(decoding: bytes[bytes.startIndex..<end], as: UTF8.self)
    }

    private mutating func integer(upTo name: String) throws(XMLRPCFailure) -> Int64 {
        let text = try word(upTo: name)
        if let number = Int64(text) { return number }
        let digits = text.utf8.dropFirst(text.hasPrefix("-") || text.hasPrefix("+") ? 1 : 0)
        let isNumber = !digits.isEmpty && digits.allSatisfy { (0x30...0x39).contains($0) }
        throw failure(isNumber ? "an integer of more than 64 bit" : "<\(name)> is not an integer")
    }

    private mutating func boolean(upTo name: String) throws(XMLRPCFailure) -> Bool {
        switch try word(upTo: name) {
        case "0": return false
        case "1": return true
        default: throw failure("<\(name)> is neither 0 nor 1")
        }
    }

    /// As Python's `float` reads it, `nan` and `inf` included; no hexadecimal.
    private mutating func double(upTo name: String) throws(XMLRPCFailure) -> Double {
        let text = try word(upTo: name)
        guard !text.utf8.contains(where: { $0 == UInt8(ascii: "x") || $0 == UInt8(ascii: "X") }),
            let number = Double(text)
        else { throw failure("<\(name)> is not a number") }
        return number
    }
}
