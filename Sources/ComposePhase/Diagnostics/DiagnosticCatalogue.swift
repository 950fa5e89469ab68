package import LibYAML
package import PungiConfig

/// What every code of a diagnostic means, for people: `validate --explain CODE` shows a page, docs/diagnostics.md has
/// them all.
package struct DiagnosticCatalogue: Sendable {
    /// One code's page.
    package struct Page: Sendable, Hashable {
        package let code: String
        /// What a finding of this code mostly is; a place of use may differ.
        package let severity: Severity
        /// One line.
        package let title: String
        /// A few sentences, in Markdown.
        package let text: String
        /// A piece of a configuration that has it, and the same mended.
        package let bad: String?
        package let good: String?
    }

    /// By code, in order.
    package let pages: [Page]

    /// The catalogue that is built in.
    package static let builtIn: DiagnosticCatalogue = {
        let files: [(String, [UInt8])] = [
            ("pages-config.yaml", PackageResources.pages_config_yaml),
            ("pages-plan.yaml", PackageResources.pages_plan_yaml),
            ("pages-lint.yaml", PackageResources.pages_lint_yaml),
            ("pages-migrate.yaml", PackageResources.pages_migrate_yaml),
        ]
        let pages = files.flatMap { name, bytes in (try? read(bytes, name: name)) ?? [] }
        return DiagnosticCatalogue(pages: pages.sorted { $0.code < $1.code })
    }()

    package subscript(code code: String) -> Page? { pages.first { $0.code == code } }

    /// The known code that is most like a misspelt one.
    package func nearestCode(to code: String) -> String? { nearest(to: code, in: pages.map(\.code)) }

    /// Reads a file of pages.
    package static func read(_ bytes: [UInt8], name: String) throws(YAMLFailure) -> [Page] {
        let root = try YAMLReader.read(bytes, name: name).resolved(in: name)
        guard case .list(let entries) = root else {
            throw YAMLFailure("a file of pages is a list", at: nil, in: name)
        }
        var pages: [Page] = []
        for entry in entries {
            guard let code = entry["code"]?.text, let word = entry["severity"]?.text,
                let severity = Severity(rawValue: word), let title = entry["title"]?.text,
                let text = entry["text"]?.text
            else {
                throw YAMLFailure(
                    "the page after \(pages.last?.code ?? "the beginning") has no code, severity, title or text",
                    at: nil,
                    in: name)
            }
            pages.append(
                Page(
                    code: code, severity: severity, title: title, text: text, bad: entry["bad"]?.text,
                    good: entry["good"]?.text))
        }
        return pages
    }
}

extension YAMLValue {
    fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
}

extension DiagnosticCatalogue.Page {
    /// The page in Markdown, under a heading of the second level.
    package var markdown: String {
        var lines = [
            "## `\(code)`", "",
            "\(severity.rawValue.prefix(1).uppercased() + severity.rawValue.dropFirst()): \(title).", "",
        ]
        lines.append(text.trimmingNewlines)
        for (heading, example) in [("Causes it:", bad), ("Mended:", good)] {
            guard let example else { continue }
            lines += ["", heading, "", "```python", example.trimmingNewlines, "```"]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension DiagnosticCatalogue {
    /// All pages as one document: docs/diagnostics.md.
    package var markdown: String {
        let rows = pages.map {
            "| [`\($0.code)`](#\($0.code.filter { $0 != "." })) | \($0.severity.rawValue) | \($0.title) |"
        }
        let head = """
            # Diagnostics

            What each code means. `phase-runner validate --explain CODE` prints the same page. A finding of ours is silenced by
            `# phase-runner: ignore CODE` at the end of its line or alone on the line before, by `# phase-runner: ignore-file CODE`,
            or by `--ignore CODE`; what keeps Pungi from starting cannot be silenced. This file is made from the texts in
            `Sources/ComposePhase/Diagnostics` (CONTRIBUTING.md).

            | code | severity | what |
            | --- | --- | --- |

            """
        return head + rows.joined(separator: "\n") + "\n\n" + pages.map(\.markdown).joined(separator: "\n")
    }
}

extension String {
    fileprivate var trimmingNewlines: String {
        String(self[..<(lastIndex { !$0.isNewline }.map { index(after: $0) } ?? startIndex)])
    }
}
