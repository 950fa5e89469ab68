import ProductMD

extension PlanDocument {
    /// The members of one object of a plan, read strictly and named in messages by their path.
    final class Fields {
        let path: String
        private let members: [String: JSONValue]
        private var seen: Set<String> = []

        init(_ value: JSONValue, path: String) throws(Failure) {
            guard case .object(let members) = value else { throw Failure(description: "\(path) is not an object") }
            self.path = path
            self.members = members
        }

        private func value(_ key: String) throws(Failure) -> JSONValue {
            seen.insert(key)
            guard let value = members[key] else { throw Failure(description: "\(path).\(key) is missing") }
            return value
        }

        /// Whether the member is there: for those that older documents lack.
        func has(_ key: String) -> Bool { members[key] != nil }

        private func mismatch(_ key: String, _ expected: String) -> Failure {
            Failure(description: "\(path).\(key) is not \(expected)")
        }

        func string(_ key: String) throws(Failure) -> String {
            guard case .string(let text) = try value(key) else { throw mismatch(key, "a string") }
            return text
        }

        func optionalString(_ key: String) throws(Failure) -> String? {
            switch try value(key) {
            case .null: return nil
            case .string(let text): return text
            default: throw mismatch(key, "a string or null")
            }
        }

        func int(_ key: String) throws(Failure) -> Int {
            guard case .int(let number) = try value(key) else { throw mismatch(key, "an integer") }
            return number
        }

        func optionalInt(_ key: String) throws(Failure) -> Int? {
            if case .null = try value(key) { return nil }
            return try int(key)
        }

        func bool(_ key: String) throws(Failure) -> Bool {
            guard case .bool(let flag) = try value(key) else { throw mismatch(key, "true or false") }
            return flag
        }

        func values(_ key: String) throws(Failure) -> [JSONValue] {
            guard case .array(let values) = try value(key) else { throw mismatch(key, "a list") }
            return values
        }

        func strings(_ key: String) throws(Failure) -> [String] {
            var strings: [String] = []
            for value in try values(key) {
                guard case .string(let text) = value else { throw mismatch(key, "a list of strings") }
                strings.append(text)
            }
            return strings
        }

        func fields(_ key: String) throws(Failure) -> Fields { try Fields(try value(key), path: "\(path).\(key)") }

        func list(_ key: String) throws(Failure) -> [Fields] {
            var fields: [Fields] = []
            for (index, value) in try values(key).enumerated() {
                fields.append(try Fields(value, path: "\(path).\(key)[\(index)]"))
            }
            return fields
        }

        /// Refuses members that nobody asked for: what is not understood is not carried out.
        func refuseOthers() throws(Failure) {
            let others = Set(members.keys).subtracting(seen).sorted()
            guard others.isEmpty else {
                throw Failure(description: "\(path) has unknown members: \(others.joined(separator: ", "))")
            }
        }
    }
}
