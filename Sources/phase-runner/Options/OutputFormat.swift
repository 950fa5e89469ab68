import ArgumentParser
import ComposePhase
import LibYAML
import ProductMD

/// `--format text|json|yaml`
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, yaml
}

/// Prints a document on stdout.
enum DocumentPrinter {
    static func json(_ value: JSONValue) { lines(value).forEach { print($0) } }

    /// A JSON document as text.
    static func lines(_ value: JSONValue) -> [String] { [String(decoding: JSONWriter.pretty(value), as: UTF8.self)] }

    static func yaml(_ value: JSONValue) throws {
        do {
            print(String(decoding: try DocumentText.yaml(value), as: UTF8.self), terminator: "")
        } catch {
            throw VerbFailure(.invalid, "this cannot be said in YAML (JSON can say it): \(error.message)")
        }
    }
}
