import CLibYAML

/// Reads one YAML document.
///
/// Safe for files of strangers: no tags are acted on, anchors and aliases are refused (a few bytes of them can stand
/// for gigabytes), a repeated key is an error instead of a silent loss, and ``YAMLLimits`` bound the rest.
///
/// This file and `YAMLWriter.swift` are the only ones with C pointers. libyaml's parser lives on the stack of
/// ``read(_:name:limits:)`` and every event is deleted where it was taken, so no pointer outlives that call.
package struct YAMLReader {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let document: String
    private let limits: YAMLLimits
    private var nodes = 0

    /// Reads the only document of `bytes` (UTF-8, or UTF-16 with a byte order mark). Empty input is a plain empty
    /// scalar, which resolves to null.
    package static func read(
        _ bytes: [UInt8], name: String, limits: YAMLLimits = .standard
    ) throws(YAMLFailure) -> YAMLNode {
        guard bytes.count <= limits.bytes else {
            throw YAMLFailure("the file has more than \(limits.bytes) bytes", at: nil, in: name)
        }
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else {
            throw YAMLFailure("no memory for the YAML parser", at: nil, in: name)
        }
        defer { yaml_parser_delete(&parser) }
        return try withUnsafeMutablePointer(to: &parser) { (parser) throws(YAMLFailure) -> YAMLNode in
            try bytes.withUnsafeBufferPointer { (buffer) throws(YAMLFailure) -> YAMLNode in
                yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
                var reader = YAMLReader(parser: parser, document: name, limits: limits)
                return try reader.stream()
            }
        }
    }

    private init(parser: UnsafeMutablePointer<yaml_parser_t>, document: String, limits: YAMLLimits) {
        self.parser = parser
        self.document = document
        self.limits = limits
    }

    // MARK: structure

    private mutating func stream() throws(YAMLFailure) -> YAMLNode {
        _ = try next()
        let start = try next()
        guard case .documentStart = start.kind else {
            return .scalar("", isPlain: true, YAMLLocation(line: 1, column: 1))
        }
        let root = try node(try next(), depth: 1)
        _ = try next()
        let after = try next()
        guard case .streamEnd = after.kind else {
            throw failure("a second document begins here; a file may hold only one", at: after.location)
        }
        return root
    }

    private mutating func node(_ event: Event, depth: Int) throws(YAMLFailure) -> YAMLNode {
        nodes += 1
        guard nodes <= limits.nodes else {
            throw failure("the file has more than \(limits.nodes) values", at: event.location)
        }
        guard depth <= limits.depth else {
            throw failure("lists and mappings are nested deeper than \(limits.depth)", at: event.location)
        }
        switch event.kind {
        case .scalar(let text, let isPlain):
            return .scalar(text, isPlain: isPlain, event.location)
        case .sequenceStart:
            return .sequence(try items(depth: depth), event.location)
        case .mappingStart:
            return .mapping(try pairs(depth: depth), event.location)
        case .documentStart, .documentEnd, .sequenceEnd, .mappingEnd, .streamStart, .streamEnd:
            throw failure("a value is missing here", at: event.location)
        }
    }

    private mutating func items(depth: Int) throws(YAMLFailure) -> [YAMLNode] {
        var items: [YAMLNode] = []
        while true {
            let event = try next()
            if case .sequenceEnd = event.kind { return items }
            items.append(try node(event, depth: depth + 1))
        }
    }

    private mutating func pairs(depth: Int) throws(YAMLFailure) -> [YAMLPair] {
        var pairs: [YAMLPair] = []
        var lines: [String: YAMLLocation] = [:]
        while true {
            let event = try next()
            if case .mappingEnd = event.kind { return pairs }
            guard case .scalar(let key, let isPlain) = event.kind else {
                throw failure("a key must be a text, not a list or a mapping", at: event.location)
            }
            if isPlain, key == "<<" {
                throw failure("the merge key << is not supported; write the entries out", at: event.location)
            }
            if let first = lines.updateValue(event.location, forKey: key) {
                throw failure("the key \(key) stands here again; it was given first at \(first)", at: event.location)
            }
            let value = try node(try next(), depth: depth + 1)
            pairs.append(YAMLPair(key: key, keyLocation: event.location, value: value))
        }
    }

    // MARK: events

    private struct Event {
        enum Kind {
            case streamStart, streamEnd, documentStart, documentEnd
            case scalar(String, isPlain: Bool)
            case sequenceStart, sequenceEnd, mappingStart, mappingEnd
        }
        let kind: Kind
        let location: YAMLLocation
    }

    private func next() throws(YAMLFailure) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
        defer { yaml_event_delete(&event) }
        let location = YAMLLocation(event.start_mark)
        switch event.type {
        case YAML_STREAM_START_EVENT: return Event(kind: .streamStart, location: location)
        case YAML_DOCUMENT_START_EVENT: return Event(kind: .documentStart, location: location)
        case YAML_DOCUMENT_END_EVENT: return Event(kind: .documentEnd, location: location)
        case YAML_SEQUENCE_END_EVENT: return Event(kind: .sequenceEnd, location: location)
        case YAML_MAPPING_END_EVENT: return Event(kind: .mappingEnd, location: location)
        case YAML_ALIAS_EVENT:
            let name = event.data.alias.anchor.map { String(cString: $0) } ?? ""
            throw failure("aliases (*\(name)) are not supported; write the value out", at: location)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let isTagged = try check(tag: scalar.tag, anchor: scalar.anchor, is: "str", at: location)
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE && !isTagged
            return Event(kind: .scalar(text, isPlain: isPlain), location: location)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            _ = try check(tag: start.tag, anchor: start.anchor, is: "seq", at: location)
            return Event(kind: .sequenceStart, location: location)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            _ = try check(tag: start.tag, anchor: start.anchor, is: "map", at: location)
            return Event(kind: .mappingStart, location: location)
        default:
            return Event(kind: .streamEnd, location: location)
        }
    }

    /// Refuses anchors and all tags except `!` and the one that the kind of node has anyway. True if there is a tag.
    private func check(
        tag: UnsafeMutablePointer<yaml_char_t>?, anchor: UnsafeMutablePointer<yaml_char_t>?, is kind: String,
        at location: YAMLLocation
    ) throws(YAMLFailure) -> Bool {
        if let anchor {
            throw failure("anchors (&\(String(cString: anchor))) are not supported; remove it", at: location)
        }
        guard let tag else { return false }
        let text = String(cString: tag)
        guard text == "!" || text == "tag:yaml.org,2002:\(kind)" else {
            throw failure("the tag \(text) is not supported; remove it", at: location)
        }
        return true
    }

    // MARK: failures

    private func failure(_ message: String, at location: YAMLLocation) -> YAMLFailure {
        YAMLFailure(message, at: location, in: document)
    }

    /// What libyaml says is wrong.
    private func problem() -> YAMLFailure {
        guard let problem = parser.pointee.problem else {
            return YAMLFailure("no memory for the YAML parser", at: nil, in: document)
        }
        var message = String(cString: problem)
        if let context = parser.pointee.context {
            message += ", \(String(cString: context)) that begins at \(YAMLLocation(parser.pointee.context_mark))"
        }
        if parser.pointee.error == YAML_READER_ERROR {
            // The reader knows no line: it counts bytes.
            message += " (byte \(parser.pointee.problem_offset))"
            return YAMLFailure(message, at: YAMLLocation(parser.pointee.mark), in: document)
        }
        return YAMLFailure(message, at: YAMLLocation(parser.pointee.problem_mark), in: document)
    }
}

extension YAMLLocation {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: mark.line + 1, column: mark.column + 1)
    }
}
