/// A value as Koji's XML-RPC carries it.
package enum XMLRPCValue: Sendable, Hashable {
    /// `<nil/>`. Not the same as a member that is absent.
    case null
    case bool(Bool)
    /// `<int>` within 32 bit, else `<i8>`. Larger numbers exist nowhere in the protocol.
    case int(Int64)
    case double(Double)
    /// Any text but control characters, which XML cannot carry. White space is kept.
    case string(String)
    /// `<base64>`.
    case bytes([UInt8])
    /// `<dateTime.iso8601>` as written. Koji's hub itself writes its times as strings.
    case date(String)
    case array([XMLRPCValue])
    /// A struct. Names are any text. A name that comes twice has the value that came last, as in Python.
    case object([String: XMLRPCValue])
}

extension XMLRPCValue {
    /// Whether Python takes the value as true; so `__starstar` is looked at.
    package var isTrue: Bool {
        switch self {
        case .null: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .double(let value): value != 0
        case .string(let text): !text.isEmpty
        case .bytes(let bytes): !bytes.isEmpty
        case .date(let text): !text.isEmpty
        case .array(let values): !values.isEmpty
        case .object(let members): !members.isEmpty
        }
    }
}
