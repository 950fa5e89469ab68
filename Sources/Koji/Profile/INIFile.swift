/// A file of sections and keys, as Python's `configparser` reads koji's.
struct INIFile {
    /// Keys in small letters and values by section; later keys win.
    private(set) var sections: [String: [String: String]] = [:]

    /// A line that is neither section, key, comment nor continuation. Not its text: it may be half of a password.
    struct Malformed: Error {
        let line: Int
    }

    /// The section whose keys count in every other one that has not the same key.
    static let defaults = "DEFAULT"

    init(_ text: String) throws(Malformed) {
        var section: String?
        var key: String?
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        for (index, line) in lines.enumerated() {
            let content = line.trimmingBlanks()
            if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
            if let section, let key, line.first == " " || line.first == "\t" {
                sections[section]?[key]?.append("\n\(content)")
            } else if content.hasPrefix("["), let end = content.lastIndex(of: "]") {
                let name = String(content[content.index(after: content.startIndex)..<end])
                sections[name] = sections[name] ?? [:]
                section = name
                key = nil
            } else if let section, let separator = content.firstIndex(where: { $0 == "=" || $0 == ":" }) {
                let name = content[..<separator].trimmingBlanks().lowercased()
                sections[section]?[name] = String(content[content.index(after: separator)...].trimmingBlanks())
                key = name
            } else {
                throw Malformed(line: index + 1)
            }
        }
    }
}

extension Substring {
    fileprivate func trimmingBlanks() -> Substring {
        var rest = self
        while let first = rest.first, first == " " || first == "\t" { rest = rest.dropFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest = rest.dropLast() }
        return rest
    }
}
