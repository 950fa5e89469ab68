// A libFuzzer entry over the configuration language: kobo's grammar and JSON, from bytes in memory, with imports that
// come back to the same bytes. Whatever the bytes are, there must be a document or a failure, never a crash or a hang.
//
// Build and run, from the checkout (SWIFT_BACKTRACE keeps a crash from hanging in the backtracer):
//   swift build -c release        # leaves the modules of the packages
//   B=.build/release; S=Sources/PungiConfig; swiftc -O -wmo -sanitize=fuzzer,address -parse-as-library \
//     -package-name phase_runner -swift-version 6 -enable-upcoming-feature InternalImportsByDefault \
//     -enable-upcoming-feature MemberImportVisibility -I $B/Modules $S/Diagnostics/*.swift $S/Language/*.swift \
//     $S/Language/*/*.swift $S/Settings/Nearest.swift Tests/Fuzz/FuzzLanguage.swift \
//     $B/OrderedCollections.build/*.o $B/InternalCollectionsUtilities.build/*.o -o fuzz-language
//   ASAN_OPTIONS=detect_leaks=0 SWIFT_BACKTRACE=enable=no timeout -k 5 70 ./fuzz-language -max_total_time=60 CORPUS

/// Gives the fuzzed bytes for every import, so that circles and globals are met too.
private struct SameFile: ConfigFileSource {
    let bytes: [UInt8]

    func read(path: String, limit: Int) throws(ConfigFileUnreadable) -> [UInt8] {
        Array(bytes.dropFirst(bytes.count / 2))
    }

    func absolutePath(of path: String) -> String { path }
}

/// What a fuzzer runs on any bytes.
package enum FuzzLanguage {
    /// As a configuration, in kobo's language and in JSON.
    package static func config(_ bytes: [UInt8]) {
        for path in ["main.conf", "main.json"] {
            do {
                let document = try ConfigDocument.parse(bytes: bytes, path: path, imports: SameFile(bytes: bytes))
                precondition(!document.languageJSON().isEmpty)
                precondition(document.warnings.allSatisfy { !$0.rendered().isEmpty })
            } catch {
                precondition(error.diagnostics.contains { $0.severity == .error })
                precondition(!error.description.isEmpty)
            }
        }
    }
}

/// One input of libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzLanguage(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    FuzzLanguage.config(Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}
