/// Takes an answer of the hub apart. What is needed and missing is named; what is not known is ignored.
struct Record {
    private let members: [String: XMLRPCValue]
    private let method: String
    private let url: String

    init(_ value: XMLRPCValue, of method: String, url: String) throws(KojiFailure) {
        guard case .object(let members) = value else {
            throw Self.badAnswer("the answer to \(method) is not a struct", method, url)
        }
        self.members = members
        self.method = method
        self.url = url
    }

    static func badAnswer(_ message: String, _ method: String, _ url: String) -> KojiFailure {
        HubAnswer.failure(message, method, url)
    }

    /// The elements of an array.
    static func list(_ value: XMLRPCValue, of method: String, url: String) throws(KojiFailure) -> [XMLRPCValue] {
        guard case .array(let items) = value else {
            throw badAnswer("the answer to \(method) is not a list", method, url)
        }
        return items
    }

    private func missing(_ name: String, _ expected: String) -> KojiFailure {
        Self.badAnswer("the answer to \(method) has no \(expected) '\(name)'", method, url)
    }

    func int(_ name: String) throws(KojiFailure) -> Int {
        guard case .int(let number)? = members[name], let value = Int(exactly: number) else {
            throw missing(name, "integer")
        }
        return value
    }

    func optionalInt(_ name: String) -> Int? {
        if case .int(let number)? = members[name] { Int(exactly: number) } else { nil }
    }

    func string(_ name: String) throws(KojiFailure) -> String {
        guard case .string(let text)? = members[name] else { throw missing(name, "text") }
        return text
    }

    func optionalString(_ name: String) -> String? {
        if case .string(let text)? = members[name] { text } else { nil }
    }

    func optionalDouble(_ name: String) -> Double? {
        switch members[name] {
        case .double(let number): number
        case .int(let number): Double(number)
        default: nil
        }
    }

    func strings(_ name: String) throws(KojiFailure) -> [String] {
        guard case .array(let items)? = members[name] else { throw missing(name, "list") }
        return items.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    func value(_ name: String) -> XMLRPCValue? { members[name] }

    /// As Python takes it; false where it is missing.
    func isTrue(_ name: String) -> Bool { members[name]?.isTrue ?? false }

    /// The words of a text; none where it is nil or missing.
    func words(_ name: String) -> [String] {
        (optionalString(name) ?? "").split(whereSeparator: \.isWhitespace).map { String($0) }
    }

    /// The records of a list; none where it is nil or missing.
    func records(_ name: String) throws(KojiFailure) -> [Record] {
        guard let value = members[name], value != .null else { return [] }
        guard case .array(let items) = value else { throw missing(name, "list") }
        var records: [Record] = []
        for item in items { records.append(try Record(item, of: method, url: url)) }
        return records
    }
}
