import Koji
import ProductMD
import PungiConfig

/// A value of the configuration as it can travel inside a call.
enum WireValue {
    struct Failure: Error {
        let reason: String
        let location: SourceLocation
    }

    /// Lists and tuples become arrays; mappings need text keys; integers have 64 bits at most; texts hold only
    /// characters that XML can carry.
    static func json(_ value: ConfigValue) throws(Failure) -> JSONValue {
        switch value.kind {
        case .none: return .null
        case .bool(let flag): return .bool(flag)
        case .int(let number):
            guard let fitting = number.int else {
                throw Failure(reason: "\(number.text) does not fit 64 bits", location: value.location)
            }
            return .int(fitting)
        case .float(let number):
            guard number.isFinite else {
                throw Failure(reason: "\(number) is no number that a call can carry", location: value.location)
            }
            return .double(number)
        case .string(let text):
            try check(text, at: value.location)
            return .string(text)
        case .list(let items), .tuple(let items):
            var array: [JSONValue] = []
            for item in items { array.append(try json(item)) }
            return .array(array)
        case .dict(let mapping):
            var object: [String: JSONValue] = [:]
            for (key, item) in mapping.entries {
                guard case .string(let name) = key.kind else {
                    throw Failure(reason: "a key is not text", location: key.location)
                }
                try check(name, at: key.location)
                object[name] = try json(item)
            }
            return .object(object)
        }
    }

    private static func check(_ text: String, at location: SourceLocation) throws(Failure) {
        for scalar in text.unicodeScalars
        where (scalar.value < 0x20 && !"\t\n\r".unicodeScalars.contains(scalar)) || scalar.value & 0xFFFE == 0xFFFE {
            throw Failure(
                reason: "the control character U+\(String(scalar.value, radix: 16)) cannot stand in XML",
                location: location)
        }
    }

    /// A parameter of a plan as the hub's protocol has it.
    static func xmlrpc(_ value: JSONValue) -> XMLRPCValue {
        switch value {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .int(let number): .int(Int64(number))
        case .double(let number): .double(number)
        case .string(let text): .string(text)
        case .array(let items): .array(items.map(xmlrpc))
        case .object(let members): .object(members.mapValues(xmlrpc))
        }
    }
}
