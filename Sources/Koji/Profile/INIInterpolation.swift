/// `%` in values, as Python's `configparser` replaces it: `%%` is one, `%(key)s` the value of another key.
struct INIInterpolation {
    /// The keys that may be named, with their values as written.
    let entries: [String: INIDocument.Entry]

    /// What is wrong with a value; without its text.
    struct Failure: Error, Hashable {
        let reason: String
    }

    private static let deepest = 10

    func resolved(_ text: String) throws(Failure) -> String {
        var result = ""
        try append(text, to: &result, depth: 1)
        return result
    }

    private func append(_ text: String, to result: inout String, depth: Int) throws(Failure) {
        guard depth <= Self.deepest else { throw Failure(reason: "its references go round in a circle") }
        var rest = text[...]
        while let percent = rest.firstIndex(of: "%") {
            result += rest[..<percent]
            rest = rest[rest.index(after: percent)...]
            if rest.first == "%" {
                result += "%"
                rest.removeFirst()
            } else if rest.first == "(", let close = rest.firstIndex(of: ")"),
                rest.index(after: rest.startIndex) < close, rest[rest.index(after: close)...].first == "s"
            {
                let key = rest[rest.index(after: rest.startIndex)..<close].lowercased()
                rest = rest[rest.index(close, offsetBy: 2)...]
                guard let value = entries[key]?.text else {
                    throw Failure(reason: "it refers to the key '\(ShownURL.printable(key))', which is not there")
                }
                if value.contains("%") {
                    try append(value, to: &result, depth: depth + 1)
                } else {
                    result += value
                }
            } else {
                throw Failure(reason: "a '%' stands alone; write '%%' for one")
            }
        }
        result += rest
    }
}
