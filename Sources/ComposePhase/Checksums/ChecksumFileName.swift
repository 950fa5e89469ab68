import ProductMD
import PungiConfig

/// The names of checksum files: `media_checksum_base_filename` with its substitutions.
///
/// Source: Pungi's `image_checksum` phase: first Python's `%` with a mapping, then `str.format`, then a dash.
struct ChecksumFileName: Sendable {
    /// Why a pattern cannot be filled in.
    struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
        let description: String
    }

    private let values: [String: Value]

    private enum Value: Sendable {
        case text(String)
        case number(Int)
        /// A label that the compose does not have.
        case none

        var text: String {
            switch self {
            case .text(let text): text
            case .number(let number): String(number)
            case .none: "None"
            }
        }
    }

    /// - Parameter directory: the last part of the directory's path; nil for files that may not be named for it.
    init(compose: ComposeIdentity, variant: String, arch: String, directory: String?) {
        var values: [String: Value] = [
            "compose_id": .text(compose.id), "release_short": .text(compose.releaseShort),
            "version": .text(compose.releaseVersion), "date": .text(compose.date), "respin": .number(compose.respin),
            "type": .text(compose.type.rawValue), "type_suffix": .text(compose.type.suffix),
            "label": compose.label.map { .text($0.description) } ?? .none,
            "label_major_version": compose.label.map {
                .text(String($0.version.prefix { $0 != "." }))
            } ?? .none, "variant": .text(variant), "arch": .text(arch),
        ]
        if let directory { values["dirname"] = .text(directory) }
        self.values = values
    }

    /// The pattern filled in, with a dash behind it; empty for an empty one.
    ///
    /// - Throws: for names that are not known, and forms that are not read.
    func prefix(_ pattern: String) throws(Refusal) -> String {
        guard !pattern.isEmpty else { return "" }
        let name = try formatted(try percented(pattern))
        guard !name.contains("/"), name.utf8.count <= 200 else {
            throw Refusal(description: "it makes '\(name)', which is no name of a file")
        }
        return name + "-"
    }

    private func value(_ name: some StringProtocol) throws(Refusal) -> Value {
        guard let value = values[String(name)] else {
            throw Refusal(
                description: "it has no '\(name)'; there are \(values.keys.sorted().joined(separator: ", "))")
        }
        return value
    }

    /// `%(NAME)s` and `%(NAME)d`, with `0`, `-` and a width; `%%`.
    private func percented(_ pattern: String) throws(Refusal) -> String {
        var out = ""
        var rest = pattern[...]
        while let sign = rest.firstIndex(of: "%") {
            out += rest[..<sign]
            rest = rest[rest.index(after: sign)...]
            if rest.first == "%" {
                out += "%"
                rest = rest.dropFirst()
                continue
            }
            guard rest.first == "(", let end = rest.firstIndex(of: ")") else {
                throw Refusal(description: "a % is not followed by (NAME)s; write %% for a percent sign")
            }
            let value = try value(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
            let flags = rest.prefix { $0 == "0" || $0 == "-" }
            rest = rest.dropFirst(flags.count)
            let width = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(width.count)
            switch (rest.popFirst(), value) {
            case ("s", _), ("d", .number), ("i", .number):
                out += padded(value, flags: flags, width: min(Int(width) ?? 0, 100))
            default:
                throw Refusal(description: "a %(NAME) has no conversion that fits it: s, or d for respin")
            }
        }
        return out + rest
    }

    private func padded(_ value: Value, flags: Substring, width: Int) -> String {
        let text = value.text
        let missing = max(0, width - text.count)
        if flags.contains("-") { return text + String(repeating: " ", count: missing) }
        // Zeros are for numbers.
        if case .number = value, flags.contains("0") { return String(repeating: "0", count: missing) + text }
        return String(repeating: " ", count: missing) + text
    }

    /// `{NAME}`; `{{` and `}}`.
    private func formatted(_ pattern: String) throws(Refusal) -> String {
        var out = ""
        var rest = pattern[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            out += rest[..<brace]
            let isOpen = rest[brace] == "{"
            rest = rest[rest.index(after: brace)...]
            if rest.first == (isOpen ? "{" : "}") {
                out += isOpen ? "{" : "}"
                rest = rest.dropFirst()
                continue
            }
            guard isOpen, let end = rest.firstIndex(of: "}") else {
                throw Refusal(description: "a brace stands alone; write {{ or }} for a brace")
            }
            out += try value(rest[..<end]).text
            rest = rest[rest.index(after: end)...]
        }
        return out + rest
    }
}
