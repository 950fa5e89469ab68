/// Takes a metadata document apart; what is missing is named by its path.
struct MetadataReader {
    private let document: JSONValue
    /// The document's name, for messages.
    let name: String

    init(_ document: JSONValue, name: String) throws(MetadataFailure) {
        self.document = document
        self.name = name
    }

    /// The header's version; documents from 1.1 on say what they are.
    func version(expecting type: String) throws(MetadataFailure) -> (Int, Int) {
        let header = try member("header", of: document, "header")
        let text = try string("version", of: header, "header")
        let parts = text.split(separator: ".").map { Int($0) }
        guard parts.count == 2, let major = parts[0], let minor = parts[1] else {
            throw MetadataFailure("\(name): the header's version '\(text)' is not a version")
        }
        if (major, minor) >= (1, 1), try string("type", of: header, "header") != type {
            throw MetadataFailure("\(name): the header's type is not \(type)")
        }
        guard (major, minor) < (2, 0) else {
            throw MetadataFailure("\(name): version \(text) is newer than this program knows (1.2)")
        }
        return (major, minor)
    }

    func member(_ key: String, of value: JSONValue, _ path: String) throws(MetadataFailure) -> JSONValue {
        guard let member = value[key] else { throw MetadataFailure("\(name): \(path) has no \(key)") }
        return member
    }

    func object(_ value: JSONValue, _ path: String) throws(MetadataFailure) -> [String: JSONValue] {
        guard let members = value.object else { throw MetadataFailure("\(name): \(path) is not an object") }
        return members
    }

    func array(_ value: JSONValue, _ path: String) throws(MetadataFailure) -> [JSONValue] {
        guard let items = value.array else { throw MetadataFailure("\(name): \(path) is not a list") }
        return items
    }

    func string(_ key: String, of value: JSONValue, _ path: String) throws(MetadataFailure) -> String {
        guard let text = try member(key, of: value, path).string else {
            throw MetadataFailure("\(name): \(path).\(key) is not a string")
        }
        return text
    }

    /// A whole number; as productmd, a text of digits and a float without a fraction are taken, too.
    func int(_ key: String, of value: JSONValue, _ path: String) throws(MetadataFailure) -> Int {
        switch try member(key, of: value, path) {
        case .int(let number): return number
        case .double(let number) where abs(number) < 1e15: return Int(number)
        case .string(let text):
            if let number = Int(text) { return number }
            fallthrough
        default: throw MetadataFailure("\(name): \(path).\(key) is not an integer")
        }
    }

    /// A text that may be null or absent.
    func optionalString(_ key: String, of value: JSONValue, _ path: String) throws(MetadataFailure) -> String? {
        switch value[key] {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw MetadataFailure("\(name): \(path).\(key) is neither a string nor null")
        }
    }

    /// A list of texts; empty when absent.
    func strings(_ key: String, of value: JSONValue, _ path: String) throws(MetadataFailure) -> [String] {
        guard let list = value[key], list != .null else { return [] }
        var texts: [String] = []
        for item in try array(list, "\(path).\(key)") {
            guard let text = item.string else {
                throw MetadataFailure("\(name): \(path).\(key) holds what is no string")
            }
            texts.append(text)
        }
        return texts
    }

    /// True or false; as Python's truth, numbers count, too, and what is absent is false.
    func truth(_ key: String, of value: JSONValue, _ path: String) throws(MetadataFailure) -> Bool {
        switch value[key] {
        case nil, .null: return false
        case .bool(let flag): return flag
        case .int(let number): return number != 0
        default: throw MetadataFailure("\(name): \(path).\(key) is neither true nor false")
        }
    }

    /// A whole number and nothing else: this one productmd does not convert.
    private func respin(of json: JSONValue, _ path: String) throws(MetadataFailure) -> Int {
        guard let respin = try member("respin", of: json, path).int else {
            throw MetadataFailure("\(name): \(path).respin is not an integer")
        }
        return respin
    }

    /// The compose of a document. Before 0.3 only its id is to be believed.
    func compose(
        _ json: JSONValue, _ version: (Int, Int)
    ) throws(MetadataFailure) -> (id: String, date: String, type: String, respin: Int, label: String?, isFinal: Bool) {
        let path = "payload.compose"
        let id = try string("id", of: json, path)
        let label = try optionalString("label", of: json, path).flatMap { $0.isEmpty ? nil : $0 }
        let isFinal = try truth("final", of: json, path)
        guard version < (0, 3) else {
            return (
                id, try string("date", of: json, path), try string("type", of: json, path),
                try respin(of: json, path), label, isFinal
            )
        }
        let (date, type, respin) = ComposeID.parts(of: id)
        guard let date, let type else { throw MetadataFailure("\(name): \(path).id '\(id)' tells no date and type") }
        return (id, date, type.rawValue, respin, label, isFinal)
    }
}
