package import Koji

/// Shorter ways to take values apart and to make them; nil where the value has another type.
extension XMLRPCValue {
    var textValue: String? { if case .string(let text) = self { text } else { nil } }

    var wholeNumber: Int? { if case .int(let number) = self { Int(number) } else { nil } }

    var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }

    var items: [XMLRPCValue]? { if case .array(let items) = self { items } else { nil } }

    var members: [String: XMLRPCValue]? { if case .object(let members) = self { members } else { nil } }

    var isNil: Bool { self == .null }

    static func number(_ number: Int) -> Self { .int(Int64(number)) }

    static func optional(_ number: Int?) -> Self { number.map { .int(Int64($0)) } ?? .null }

    static func optional(_ text: String?) -> Self { text.map { .string($0) } ?? .null }

    static func optional(_ flag: Bool?) -> Self { flag.map { .bool($0) } ?? .null }

    static func strings(_ texts: [String]) -> Self { .array(texts.map { .string($0) }) }

    /// The text form of a moment, nil as nil.
    static func time(_ time: HubTime?) -> Self { time.map { .string($0.text) } ?? .null }

    /// Seconds since 1970 of a moment, nil as nil.
    static func timestamp(_ time: HubTime?) -> Self { time.map { .double($0.seconds) } ?? .null }

    /// The members of a struct; empty for any other value.
    subscript(name: String) -> XMLRPCValue { members?[name] ?? .null }
}

/// Koji's fault numbers that the rehearsal hub raises (the class is Koji's own name for it).
extension XMLRPCFault {
    static func unforeseen(_ text: String) -> Self { Self(code: 1, text: text) }
    package static func generic(_ text: String) -> Self { Self(code: 1000, text: text) }
    static func auth(_ text: String) -> Self { Self(code: 1002, text: text) }
    package static func tag(_ text: String) -> Self { Self(code: 1003, text: text) }
    static func notAllowed(_ text: String) -> Self { Self(code: 1004, text: text) }
    package static func build(_ text: String) -> Self { Self(code: 1005, text: text) }
    static func authLock(_ text: String) -> Self { Self(code: 1006, text: text) }
    static func authExpired(_ text: String) -> Self { Self(code: 1007, text: text) }
    static func sequence(_ text: String) -> Self { Self(code: 1008, text: text) }
    static func retry(_ text: String) -> Self { Self(code: 1009, text: text) }
    static func offline(_ text: String) -> Self { Self(code: 1014, text: text) }
    static func parameter(_ text: String) -> Self { Self(code: 1019, text: text) }

    /// The name of Koji's exception class, as it stands in tracebacks.
    var className: String {
        switch code {
        case 1002: "koji.AuthError"
        case 1003: "koji.TagError"
        case 1004: "koji.ActionNotAllowed"
        case 1005: "koji.BuildError"
        case 1019: "koji.ParameterError"
        case 1000: "koji.GenericError"
        default: "koji.Fault"
        }
    }
}
