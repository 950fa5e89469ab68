package import ProductMD
import PungiConfig

/// What `validate --format sarif` prints: a log in SARIF 2.1.0, as code review tools take it.
package struct SARIFLog {
    private let catalogue: DiagnosticCatalogue
    private let version: String

    /// - Parameter version: of this program.
    package init(catalogue: DiagnosticCatalogue, version: String) {
        self.catalogue = catalogue
        self.version = version
    }

    package func encode(_ examinations: [ConfigExamination]) -> JSONValue {
        let shown = examinations.flatMap { examination in
            examination.diagnostics.map { (examination.config, $0, false) }
                + examination.silenced.map { (examination.config, $0, true) }
        }
        // Only the rules that are used: the whole catalogue would be many times the results.
        let codes = Set(shown.map(\.1.code)).sorted()
        return .object([
            "$schema": .string("https://json.schemastore.org/sarif-2.1.0.json"), "version": .string("2.1.0"),
            "runs": .array([
                .object([
                    "tool": .object(["driver": driver(codes)]),
                    "columnKind": .string("unicodeCodePoints"),
                    "results": .array(shown.map { result($1, of: $0, isSilenced: $2, codes) }),
                ])
            ]),
        ])
    }

    private func driver(_ codes: [String]) -> JSONValue {
        .object([
            "name": .string("phase-runner"), "semanticVersion": .string(version), "rules": .array(codes.map(rule)),
        ])
    }

    private func rule(_ code: String) -> JSONValue {
        var rule: [String: JSONValue] = ["id": .string(code)]
        if let page = catalogue[code: code] {
            rule["shortDescription"] = text(page.title)
            rule["fullDescription"] = text(page.text)
            rule["help"] = .object(["text": .string(page.text), "markdown": .string(page.markdown)])
            rule["defaultConfiguration"] = .object(["level": level(page.severity)])
        }
        return .object(rule)
    }

    private func result(
        _ diagnostic: Diagnostic, of config: String, isSilenced: Bool, _ codes: [String]
    ) -> JSONValue {
        var message = diagnostic.message
        for note in diagnostic.notes { message += "\n" + note }
        if let fix = diagnostic.fix { message += "\nfix: " + fix }
        var result: [String: JSONValue] = [
            "ruleId": .string(diagnostic.code), "ruleIndex": .int(codes.firstIndex(of: diagnostic.code) ?? -1),
            "level": level(diagnostic.severity), "message": text(message),
            // A tool that shows results at places needs one: without a better the configuration itself.
            "locations": .array([location(diagnostic.location, else: config)]),
        ]
        if let option = diagnostic.option, !option.isEmpty {
            result["properties"] = .object(["option": .string(option)])
        }
        if isSilenced { result["suppressions"] = .array([.object(["kind": .string("inSource")])]) }
        return .object(result)
    }

    private func location(_ place: SourceLocation?, else config: String) -> JSONValue {
        var physical: [String: JSONValue] = [
            "artifactLocation": .object(["uri": .string(Self.uri(place?.file ?? config))])
        ]
        if let place, place.line > 0 {
            physical["region"] = .object(["startLine": .int(place.line), "startColumn": .int(max(1, place.column))])
        }
        return .object(["physicalLocation": .object(physical)])
    }

    private func level(_ severity: Severity) -> JSONValue { .string(severity.rawValue) }

    private func text(_ text: String) -> JSONValue { .object(["text": .string(text)]) }

    /// A path as a URI reference: relative ones stay relative.
    static func uri(_ path: String) -> String {
        let isAbsolute = path.hasPrefix("/")
        var encoded = isAbsolute ? "file://" : ""
        for byte in path.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                byte < 128
                && (scalar.properties.isAlphabetic || (48...57).contains(byte) || "-._~/".utf8.contains(byte))
            encoded +=
                isPlain ? String(scalar) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        return encoded
    }
}
