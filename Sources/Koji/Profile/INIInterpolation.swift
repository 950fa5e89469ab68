/// `%(key)s` and `%%` in the values of a section, as `configparser.BasicInterpolation` resolves them.
struct INIInterpolation {
    /// The values of the section and of `[DEFAULT]` by key in small letters, as written.
    let values: [String: String]

    enum Failure: Error {
        /// A `%` that begins neither `%%` nor `%(key)s`.
        case lonePercent
        /// `%(` that does not go on as `%(key)s`.
        case brokenReference
        /// The key is nowhere.
        case unknown(String)
        /// References in references, more than ten deep; mostly a key that refers to itself.
        case tooDeep
        /// More than any sensible value has. Python knows no limit here.
        case tooLong

        /// - Parameter namesKey: whether the key that was referred to may be shown: it is part of a value.
        func text(namesKey: Bool) -> String {
            switch self {
            case .lonePercent: "a % stands alone: write %% for one percent sign"
            case .brokenReference: "%( begins a reference to a key: write %(key)s, or %%( for the characters"
            case .unknown(let key):
                "it refers to \(namesKey ? "a key \(shown(key))" : "a key") that is neither in this section nor in [DEFAULT]"
            case .tooDeep: "its references to other keys go more than ten deep, perhaps round in a circle"
            case .tooLong: "its references to other keys make it too long"
            }
        }
    }

    private static let deepest = 10
    private static let longest = 1 << 16
    private static let mostReferences = 10_000

    func resolve(_ text: String) throws(Failure) -> String {
        var result = ""
        var references = 0
        try resolve(text, depth: 1, into: &result, &references)
        return result
    }

    private func resolve(
        _ text: String, depth: Int, into result: inout String, _ references: inout Int
    ) throws(Failure) {
        guard depth <= Self.deepest else { throw .tooDeep }
        var rest = text.unicodeScalars[...]
        while let percent = rest.firstIndex(of: "%") {
            result.unicodeScalars.append(contentsOf: rest[..<percent])
            rest = rest[rest.index(after: percent)...]
            switch rest.first {
            case "%":
                result.unicodeScalars.append("%")
                rest.removeFirst()
            case "(":
                rest.removeFirst()
                guard let end = rest.firstIndex(of: ")"), end > rest.startIndex else { throw .brokenReference }
                let key = String(rest[..<end]).lowercased()
                rest = rest[rest.index(after: end)...]
                guard rest.first == "s" else { throw .brokenReference }
                rest.removeFirst()
                references += 1
                guard references <= Self.mostReferences, result.utf8.count <= Self.longest else { throw .tooLong }
                guard let value = values[key] else { throw .unknown(key) }
                // A value without references is as deep as its reader.
                let next = value.unicodeScalars.contains("%") ? depth + 1 : depth
                try resolve(value, depth: next, into: &result, &references)
            default: throw .lonePercent
            }
        }
        result.unicodeScalars.append(contentsOf: rest)
    }
}
