/// What the hub answered to a call, with what failures tell of it.
struct HubAnswer: Sendable {
    let value: XMLRPCValue
    let method: String
    let url: String

    /// A failure of kind `badAnswer` that says what is wrong with the answer.
    static func failure(_ message: String, _ method: String, _ url: String) -> KojiFailure {
        KojiFailure(kind: .badAnswer, message: "\(ShownURL.text(url)): \(message)", method: method, url: url)
    }

    private func wrong(_ expected: String) -> KojiFailure {
        Self.failure("the answer to \(method) is not \(expected)", method, url)
    }

    func record() throws(KojiFailure) -> Record { try Record(value, of: method, url: url) }

    /// nil for nil: what the hub does not know.
    func recordIfAny() throws(KojiFailure) -> Record? { value == .null ? nil : try record() }

    /// The elements of a list, as records.
    func records() throws(KojiFailure) -> [Record] {
        var records: [Record] = []
        for item in try Record.list(value, of: method, url: url) {
            records.append(try Record(item, of: method, url: url))
        }
        return records
    }

    /// The elements of a list, each taken apart by `make`.
    func list<Element>(
        _ make: (Record) throws(KojiFailure) -> Element
    ) throws(KojiFailure) -> [Element] {
        var elements: [Element] = []
        for record in try records() { elements.append(try make(record)) }
        return elements
    }

    func string() throws(KojiFailure) -> String {
        guard case .string(let text) = value else { throw wrong("text") }
        return text
    }

    func int() throws(KojiFailure) -> Int {
        guard case .int(let number) = value, let int = Int(exactly: number) else { throw wrong("an integer") }
        return int
    }

    func bool() throws(KojiFailure) -> Bool {
        guard case .bool(let bool) = value else { throw wrong("a boolean") }
        return bool
    }

    /// The texts of a list; other elements are passed over.
    func strings() throws(KojiFailure) -> [String] {
        try Record.list(value, of: method, url: url).compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    /// The id of the task that a call made. Without one the hub took the call all the same: what it made must be looked
    /// up, so the failure is an `answerLost`.
    func newTask() throws(KojiFailure) -> TaskID {
        guard case .int(let number) = value, let id = Int(exactly: number) else {
            var failure = wrong("a task id")
            failure.kind = .answerLost
            throw failure
        }
        return TaskID(id)
    }
}

extension TaskID {
    /// As a parameter of a call.
    var xmlrpc: XMLRPCValue { .int(Int64(number)) }
}
