import ProductMD

/// Reads the members of a request's body, and notes everything that is wrong with them.
struct RequestReader {
    let members: [String: JSONValue]
    private var complaints: [Problem.Complaint] = []
    private var known: Set<String> = []

    init(members: [String: JSONValue]) { self.members = members }

    mutating func complain(_ name: String, _ detail: String) {
        // Nobody reads more, and a hostile body must not grow in the answer.
        if complaints.count < 50 { complaints.append(.init("/\(name)", detail)) }
    }

    /// What a member is; nil when it is not there.
    private mutating func value(_ name: String) -> JSONValue? {
        known.insert(name)
        guard let value = members[name], value != .null else { return nil }
        return value
    }

    mutating func text(_ name: String, _ check: (String) -> String? = { _ in nil }) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string else {
            complain(name, "must be a text")
            return nil
        }
        guard text.utf8.count <= 4096, !text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
            complain(name, "is too long, or has control characters in it")
            return nil
        }
        guard !text.isEmpty else {
            complain(name, "is empty")
            return nil
        }
        if let complaint = check(text) {
            complain(name, complaint)
            return nil
        }
        return text
    }

    mutating func texts(_ name: String, atMost limit: Int) -> [String] {
        guard let value = value(name) else { return [] }
        guard let items = value.array, items.count <= limit else {
            complain(name, "must be a list of at most \(limit) texts")
            return []
        }
        return items.enumerated().compactMap { index, item in
            guard let text = item.string, !text.isEmpty, text.utf8.count <= 512,
                !text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 })
            else {
                complain("\(name)/\(index)", "must be a text of at most 512 bytes, not empty")
                return nil
            }
            return text
        }
    }

    mutating func word(_ name: String, of words: [String]) -> String? {
        text(name) { words.contains($0) ? nil : "must be one of: \(words.joined(separator: ", "))" }
    }

    mutating func flag(_ name: String) -> Bool {
        guard let value = value(name) else { return false }
        guard let flag = value.bool else {
            complain(name, "must be true or false")
            return false
        }
        return flag
    }

    mutating func number(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        guard let value = value(name) else { return nil }
        guard let number = value.int, range.contains(number) else {
            complain(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// The real path of a file below the roots.
    mutating func path(_ name: String, below roots: PathRoots, isRequired: Bool = false) -> String? {
        if isRequired, value(name) == nil {
            complain(name, "is missing")
            return nil
        }
        guard let text = text(name) else { return nil }
        guard let path = roots.file(text) else {
            complain(name, "names no file below \(roots.roots.joined(separator: ", "))")
            return nil
        }
        return path
    }

    /// - Throws: ``Problem`` 422 when anything was wrong.
    mutating func finish() throws(Problem) {
        for name in members.keys.sorted() where !known.contains(name) {
            complain(name.unicodeScalars.prefix(60).map { $0.value < 32 ? "?" : String($0) }.joined(), "is not known")
        }
        guard complaints.isEmpty else { throw .invalid(complaints) }
    }
}
