/// Sections of keys, as Python's `configparser` reads koji's files: several files one after the other, later values win.
struct INIDocument {
    /// A value as it is written, and where.
    struct Entry: Sendable, Hashable {
        var text: String
        let file: String
        let line: Int
    }

    /// By section; names of keys are in small letters.
    private(set) var sections: [String: [String: Entry]] = [:]
    /// Keys that count in every section that has not the same key.
    private(set) var defaults: [String: Entry] = [:]

    static let defaultSection = "DEFAULT"

    /// What is wrong with a file. Never the text of a line: it may be half of a password.
    struct Malformed: Error, Hashable {
        let line: Int
        let reason: String
    }

    /// The entries of a section over those that count everywhere; nil if no file has the section.
    func entries(of section: String) -> [String: Entry]? {
        guard section != Self.defaultSection, let own = sections[section] else { return nil }
        return defaults.merging(own) { $1 }
    }

    // MARK: Reading

    /// Takes in one more file.
    ///
    /// The rules are those of Python's `ConfigParser` in its strict form: a section or a key stands once in a file, a
    /// deeper indented line continues the value above it, blank lines may stand within a value, comments have lines of
    /// their own.
    mutating func read(_ text: String, file: String) throws(Malformed) {
        var reading = Reading()
        for (index, line) in Self.lines(text).enumerated() {
            try take(line, number: index + 1, file: file, &reading)
        }
        // Blank lines at the end belong to no value.
        for name in sections.keys { sections[name] = sections[name]?.mapValues(Self.trimmedEnd) }
        defaults = defaults.mapValues(Self.trimmedEnd)
        if let malformed = reading.malformed { throw malformed }
    }

    private struct Reading {
        var section: String?
        var key: String?
        /// How deep the line of the present key, or of the last header, is indented.
        var indentation = 0
        var seen: Set<[String]> = []
        /// The first line that is nothing; Python, too, reads on to the end before it complains.
        var malformed: Malformed?
    }

    private mutating func take(
        _ line: Substring, number: Int, file: String, _ reading: inout Reading
    ) throws(Malformed) {
        let content = line.trimmed()
        if content.first == "#" || content.first == ";" { return }
        if content.isEmpty {
            if let section = reading.section, let key = reading.key { append("", to: key, of: section) }
            return
        }
        let depth = line.prefix { $0.isBlank }.count
        if let section = reading.section, let key = reading.key, depth > reading.indentation {
            append(content, to: key, of: section)
            return
        }
        reading.indentation = depth
        if let header = Self.header(content) {
            guard header == Self.defaultSection || reading.seen.insert([header]).inserted else {
                throw Malformed(line: number, reason: "the section '\(header)' stands twice in this file")
            }
            if header != Self.defaultSection { sections[header] = sections[header] ?? [:] }
            reading.section = header
            reading.key = nil
            return
        }
        guard let section = reading.section else {
            throw Malformed(line: number, reason: "a key before the first section; a section begins with '[NAME]'")
        }
        guard let separator = content.firstIndex(where: { $0 == "=" || $0 == ":" }), separator > content.startIndex
        else {
            reading.malformed =
                reading.malformed
                ?? Malformed(line: number, reason: "this line is neither a section nor a key nor a comment")
            return
        }
        let key = content[..<separator].trimmed().lowercased()
        guard reading.seen.insert([section, key]).inserted else {
            throw Malformed(line: number, reason: "the key '\(key)' stands twice in the section '\(section)'")
        }
        let entry = Entry(
            text: String(content[content.index(after: separator)...].trimmed()), file: file, line: number)
        if section == Self.defaultSection { defaults[key] = entry } else { sections[section]?[key] = entry }
        reading.key = key
    }

    private mutating func append(_ text: some StringProtocol, to key: String, of section: String) {
        if section == Self.defaultSection {
            defaults[key]?.text += "\n\(text)"
        } else {
            sections[section]?[key]?.text += "\n\(text)"
        }
    }

    /// `NAME` of `[NAME]`; what stands behind the last bracket does not count.
    private static func header(_ content: Substring) -> String? {
        guard content.first == "[", let end = content.lastIndex(of: "]") else { return nil }
        let name = content[content.index(after: content.startIndex)..<end]
        return name.isEmpty ? nil : String(name)
    }

    private static func trimmedEnd(_ entry: Entry) -> Entry {
        var entry = entry
        while let last = entry.text.last, last.isBlank || last.isNewline { entry.text.removeLast() }
        return entry
    }

    /// Lines as Python's text files have them: ended by LF, CR LF or CR alone.
    private static func lines(_ text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
    }
}

extension Character {
    /// What Python's `strip` takes away, line ends aside.
    fileprivate var isBlank: Bool {
        isWhitespace && !["\n", "\r\n", "\r"].contains(self) || ("\u{1C}"..."\u{1F}" ~= self)
    }
}

extension Substring {
    fileprivate func trimmed() -> Substring {
        var rest = drop { $0.isBlank }
        while let last = rest.last, last.isBlank { rest.removeLast() }
        return rest
    }
}
