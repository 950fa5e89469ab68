// A libFuzzer entry over the configuration language: kobo's grammar and JSON, from bytes in memory, with imports that
// come back to the same bytes. Whatever the bytes are, there must be a document or a failure, never a crash or a hang.
// Build and run: scripts/fuzz language

import OrderedCollections
import PungiConfig

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
        let imports = SameFile(bytes: bytes)
        for path in ["main.conf", "main.json"] {
            do {
                let document = try ConfigDocument.parse(bytes: bytes, path: path, imports: imports)
                precondition(!document.languageJSON().isEmpty)
                precondition(document.warnings.allSatisfy { !$0.rendered().isEmpty })
                settings(of: document)
                trace(bytes, path, imports, sameAs: document)
            } catch {
                precondition(error.diagnostics.contains { $0.severity == .error })
                precondition(!error.description.isEmpty)
            }
        }
    }

    /// Pungi's schema, then what a plan needs of it.
    private static func settings(of document: ConfigDocument) {
        for reader in [SchemaCheck.Reader.pungi, .phaseRunner] {
            let outcome = SchemaCheck.run(document, for: reader)
            precondition(outcome.diagnostics.allSatisfy { !$0.rendered().isEmpty })
            precondition(!outcome.document.languageJSON().isEmpty)
        }
        do {
            _ = try SettingsReader.read(document)
        } catch {
            precondition(error.diagnostics.contains { $0.severity == .error })
        }
    }

    /// A trace changes nothing, and all of it can be asked for.
    private static func trace(
        _ bytes: [UInt8], _ path: String, _ imports: SameFile, sameAs plain: ConfigDocument
    ) {
        guard
            let traced = try? ConfigDocument.parse(
                bytes: bytes, path: path, imports: imports, tracing: true)
        else { preconditionFailure("what can be read cannot be traced") }
        // Compared as written: a NaN is not equal to itself.
        precondition(traced.languageJSON() == plain.languageJSON())
        guard let trace = traced.trace else { return }
        for name in traced.values.keys {
            guard let option = trace.option(name) else { preconditionFailure("an option has no trace") }
            precondition(option.place == plain.definitions[name])
            precondition(option.steps.count < 200 && !option.expression.isEmpty)
            for child in option.children.prefix(50) { _ = (child.steps, child.expression, child.valuePlace) }
        }
    }
}

/// One input of libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzLanguage(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    FuzzLanguage.config(Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}
