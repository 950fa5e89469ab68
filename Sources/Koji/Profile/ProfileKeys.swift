/// The keys of a profile that the koji library knows, and what their values are. Others may stand there and are ignored.
enum ProfileKeys {
    enum Kind: Sendable, Hashable {
        case text
        case number
        /// `yes`, `on`, `true`, `1` and their contraries.
        case flag
        /// Text with `~` for a home directory.
        case path
    }

    enum Value: Sendable, Hashable {
        case text(String)
        case number(Int)
        case flag(Bool)
    }

    static let known: [String: Kind] = [
        "server": .text, "weburl": .text, "topurl": .text, "pkgurl": .text, "topdir": .path, "authtype": .text,
        "cert": .path, "serverca": .path, "principal": .text, "keytab": .path, "no_ssl_verify": .text,
        "plugin_paths": .text, "max_retries": .number, "retry_interval": .number, "offline_retry_interval": .number,
        "poll_interval": .number, "timeout": .number, "auth_timeout": .number, "upload_blocksize": .number,
        "pyver": .number, "anon_retry": .flag, "offline_retry": .flag, "use_fast_upload": .flag, "debug": .flag,
        "debug_xmlrpc": .flag, "force_auth": .flag,
    ]

    /// The value of a known key.
    ///
    /// - Throws: what is expected instead, for a person.
    static func value(_ text: String, of kind: Kind, home: HomeDirectory) throws(Unfit) -> Value {
        switch kind {
        case .text: return .text(text)
        case .path: return .text(home.expanded(text))
        case .number:
            guard let number = number(text) else { throw Unfit(expected: "a whole number") }
            return .number(number)
        case .flag:
            switch text.lowercased() {
            case "1", "yes", "true", "on": return .flag(true)
            case "0", "no", "false", "off": return .flag(false)
            default: throw Unfit(expected: "yes, no, on, off, true, false, 1 or 0")
            }
        }
    }

    struct Unfit: Error {
        let expected: String
    }

    /// As Python's `int` reads it: single underscores may stand between digits.
    private static func number(_ text: String) -> Int? {
        let digits = text.drop { $0 == "+" || $0 == "-" }
        guard text.count - digits.count <= 1, digits.first != "_", digits.last != "_", !digits.contains("__") else {
            return nil
        }
        return Int(text.filter { $0 != "_" })
    }
}
