import CLibYAML

/// Writes a value as one YAML document: UTF-8, block style, two columns of indent, lines never folded.
///
/// Every text is in quotes that a reader of YAML 1.1 would take for something else, so what is written is read back as
/// the same value by PyYAML and by ``YAMLReader``.
package struct YAMLWriter {
    /// libyaml's emitter is too large and self-referential to be moved, so it has its own memory for the length of
    /// ``write(_:)``.
    private let emitter: UnsafeMutablePointer<yaml_emitter_t>

    /// The bytes of the document, with a line feed at the end.
    ///
    /// Refused are a mapping with the same key twice and more than ``YAMLLimits/depth`` levels.
    package static func write(_ value: YAMLValue) throws(YAMLFailure) -> [UInt8] {
        let emitter = UnsafeMutablePointer<yaml_emitter_t>.allocate(capacity: 1)
        defer { emitter.deallocate() }
        guard yaml_emitter_initialize(emitter) == 1 else { throw noMemory() }
        defer { yaml_emitter_delete(emitter) }
        let output = Output()
        // The handler below runs only inside this function, while `output` is alive.
        yaml_emitter_set_output(
            emitter,
            { context, buffer, count in
                guard let context, let buffer else { return 0 }
                let output = Unmanaged<Output>.fromOpaque(context).takeUnretainedValue()
                output.bytes.append(contentsOf: UnsafeBufferPointer(start: buffer, count: count))
                return 1
            }, Unmanaged.passUnretained(output).toOpaque())
        yaml_emitter_set_unicode(emitter, 1)
        yaml_emitter_set_width(emitter, -1)
        yaml_emitter_set_indent(emitter, 2)
        let writer = YAMLWriter(emitter: emitter)
        try writer.document(value)
        return withExtendedLifetime(output) { output.bytes }
    }

    private final class Output {
        var bytes: [UInt8] = []
    }

    // MARK: structure

    private func document(_ value: YAMLValue) throws(YAMLFailure) {
        try emit { yaml_stream_start_event_initialize($0, YAML_UTF8_ENCODING) }
        try emit { yaml_document_start_event_initialize($0, nil, nil, nil, 1) }
        try node(value, depth: 1)
        try emit { yaml_document_end_event_initialize($0, 1) }
        try emit { yaml_stream_end_event_initialize($0) }
    }

    private func node(_ value: YAMLValue, depth: Int) throws(YAMLFailure) {
        guard depth <= YAMLLimits.standard.depth else {
            throw YAMLFailure("the value is nested too deeply to be written", at: nil, in: "output")
        }
        switch value {
        case .null: try scalar("null", .plain)
        case .bool(let value): try scalar(value ? "true" : "false", .plain)
        case .int(let value): try scalar(String(value), .plain)
        case .double(let value): try scalar(value.yamlText, .plain)
        case .string(let text): try scalar(text, YAMLStyle(for: text))
        case .list(let values):
            let style = values.isEmpty ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE
            try emit { yaml_sequence_start_event_initialize($0, nil, nil, 1, style) }
            for value in values { try node(value, depth: depth + 1) }
            try emit { yaml_sequence_end_event_initialize($0) }
        case .mapping(let entries):
            let style = entries.isEmpty ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE
            try emit { yaml_mapping_start_event_initialize($0, nil, nil, 1, style) }
            var keys: Set<String> = []
            for entry in entries {
                guard keys.insert(entry.key).inserted else {
                    throw YAMLFailure("the key \(entry.key) would be written twice", at: nil, in: "output")
                }
                try scalar(entry.key, YAMLStyle(for: entry.key))
                try node(entry.value, depth: depth + 1)
            }
            try emit { yaml_mapping_end_event_initialize($0) }
        }
    }

    private func scalar(_ text: String, _ style: YAMLStyle) throws(YAMLFailure) {
        let isPlain: Int32 = style == .plain ? 1 : 0
        // The 0 behind the text is not written: it is there because an empty array may have no address.
        let bytes = Array(text.utf8) + [0]
        try emit { event in
            bytes.withUnsafeBufferPointer { bytes in
                yaml_scalar_event_initialize(
                    event, nil, nil, bytes.baseAddress, Int32(clamping: bytes.count - 1), isPlain, 1,
                    style == .plain ? YAML_ANY_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE)
            }
        }
    }

    // MARK: events

    /// Makes an event and hands it to libyaml, which owns it then, also if it fails.
    private func emit(_ initialize: (UnsafeMutablePointer<yaml_event_t>) -> Int32) throws(YAMLFailure) {
        var event = yaml_event_t()
        guard initialize(&event) == 1 else { throw Self.noMemory() }
        guard yaml_emitter_emit(emitter, &event) == 1 else {
            let problem = emitter.pointee.problem.map { String(cString: $0) } ?? "no memory"
            throw YAMLFailure("cannot write YAML: \(problem)", at: nil, in: "output")
        }
    }

    private static func noMemory() -> YAMLFailure {
        YAMLFailure("no memory for the YAML writer", at: nil, in: "output")
    }
}
