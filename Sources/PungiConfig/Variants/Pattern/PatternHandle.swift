import CLibPCRE2

/// A pattern that PCRE2 has compiled. The only file with pointers of PCRE2.
///
/// Checked by hand, therefore `@unchecked Sendable`: compiled code is never changed after it was made (no JIT is used)
/// and PCRE2 allows any number of threads to match with it; everything a match writes to is made in ``match(_:)``.
final class PatternHandle: @unchecked Sendable {
    enum Outcome {
        case matched, notMatched
        /// A limit was reached or the engine failed; its own words.
        case failed(String)
    }

    struct CompileFailure: Error {
        let reason: String
    }

    private let code: OpaquePointer
    private let matchLimit: UInt32

    /// Memory for one match, in KiB.
    private static let heapLimit: UInt32 = 32 * 1024
    /// Our translation nests more brackets than the pattern has.
    private static let nestLimit: UInt32 = 2000

    /// Compiles PCRE2 text: Unicode, a line feed is the only line end.
    ///
    /// - Parameters:
    ///   - anchored: whether a match must begin at the start of the text.
    ///   - matchLimit: how often a match may branch. A pattern such as `(a*)*b` would else run for years.
    init(_ text: String, anchored: Bool, matchLimit: UInt32) throws(CompileFailure) {
        guard let context = pcre2_compile_context_create_8(nil) else { throw CompileFailure(reason: "no memory") }
        defer { pcre2_compile_context_free_8(context) }
        pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_LF))
        pcre2_set_parens_nest_limit_8(context, Self.nestLimit)
        var options = UInt32(PCRE2_UTF) | UInt32(PCRE2_UCP) | UInt32(PCRE2_NEVER_BACKSLASH_C)
        if anchored { options |= UInt32(PCRE2_ANCHORED) }
        var error: Int32 = 0
        var offset = 0
        let bytes = Array(text.utf8) + [0]
        let compiled = bytes.withUnsafeBufferPointer { bytes in
            pcre2_compile_8(bytes.baseAddress, bytes.count - 1, options, &error, &offset, context)
        }
        guard let compiled else { throw CompileFailure(reason: Self.message(error)) }
        code = compiled
        self.matchLimit = matchLimit
    }

    deinit { pcre2_code_free_8(code) }

    /// Whether the pattern matches in `text`: at its start, or anywhere, as it was compiled.
    func match(_ text: String) -> Outcome {
        guard let context = pcre2_match_context_create_8(nil) else { return .failed("no memory") }
        defer { pcre2_match_context_free_8(context) }
        guard let data = pcre2_match_data_create_from_pattern_8(code, nil) else { return .failed("no memory") }
        defer { pcre2_match_data_free_8(data) }
        pcre2_set_match_limit_8(context, matchLimit)
        pcre2_set_heap_limit_8(context, Self.heapLimit)
        let bytes = Array(text.utf8) + [0]
        let result = bytes.withUnsafeBufferPointer { bytes in
            pcre2_match_8(code, bytes.baseAddress, bytes.count - 1, 0, 0, data, context)
        }
        if result >= 0 { return .matched }
        return result == PCRE2_ERROR_NOMATCH ? .notMatched : .failed(Self.message(result))
    }

    private static func message(_ error: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(error, &buffer, buffer.count)
        guard length > 0 else { return "error \(error)" }
        return String(decoding: buffer[..<Int(length)], as: UTF8.self)
    }
}
