/// The keys of one profile, from all files, with the readings of their values.
struct ProfileSection {
    let profile: String
    /// Where each key comes from.
    let origins: [String: KojiProfile.Origin]
    private let written: [String: String]
    private let resolved: [String: String]
    /// What is wrong with the values that were asked for, so that all of it can be told at once.
    private(set) var problems: [String] = []

    /// Keys whose values are no secrets, so that a message may quote them.
    private static let openKeys: Set<String> = [
        "server", "weburl", "topurl", "topdir", "authtype", "cert", "serverca", "no_ssl_verify", "principal", "keytab",
        "max_retries", "retry_interval", "anon_retry", "offline_retry", "offline_retry_interval", "timeout",
        "auth_timeout", "poll_interval",
    ]

    /// - Throws: for a profile that is in none of the files; for a value that cannot be interpolated, be its key one
    ///   that counts or not, as the library.
    init(_ profile: String, in files: ProfileFiles) throws(KojiFailure) {
        var defaults: [String: (INIFile.Value, String)] = [:]
        var keys: [String: (INIFile.Value, String)] = [:]
        var known: Set<String> = []
        for (path, file) in files.read {
            known.formUnion(file.sections.keys)
            for (key, value) in file.sections[INIFile.defaults] ?? [:] { defaults[key] = (value, path) }
            for (key, value) in file.sections[profile] ?? [:] { keys[key] = (value, path) }
        }
        known.remove(INIFile.defaults)
        guard known.contains(profile) else { throw Self.missing(profile, known, files) }
        keys.merge(defaults) { own, _ in own }
        let written = keys.mapValues { $0.0.text }
        let interpolation = INIInterpolation(values: written)
        var resolved: [String: String] = [:]
        // In order, so that of several errors always the same one is told.
        for (key, (value, path)) in keys.sorted(by: { $0.key < $1.key }) {
            do {
                resolved[key] = try interpolation.resolve(value.text)
            } catch {
                let text = error.text(namesKey: Self.openKeys.contains(key))
                throw .profile("\(path):\(value.line): the value of \(shown(key)) cannot be used: \(text)")
            }
        }
        self.profile = profile
        self.written = written
        self.resolved = resolved
        origins = keys.mapValues { KojiProfile.Origin(file: $0.1, line: $0.0.line) }
    }

    private static func missing(_ profile: String, _ known: Set<String>, _ files: ProfileFiles) -> KojiFailure {
        var parts = ["there is no Koji profile '\(shown(profile))'"]
        if let near = NearestName.nearest(to: profile, in: known) { parts[0] += ": did you mean '\(shown(near))'?" }
        if !known.isEmpty {
            let names = known.sorted().prefix(50).map(shown).joined(separator: ", ")
            parts.append("profiles there are: \(names)\(known.count > 50 ? ", ..." : "")")
        }
        if !files.read.isEmpty { parts.append("read: \(files.read.map(\.path).joined(separator: ", "))") }
        if !files.absent.isEmpty { parts.append("looked for, not there: \(files.absent.joined(separator: ", "))") }
        if !files.unreadable.isEmpty { parts.append("cannot be read: \(files.unreadable.joined(separator: ", "))") }
        if known.isEmpty {
            parts.append(
                "write a section [\(shown(profile))] with its server into ~/.koji/config, or name another file (--koji-config)"
            )
        }
        return .profile(parts.joined(separator: "; "))
    }

    // MARK: Values

    func text(_ key: String) -> String? { resolved[key] }

    /// nil for an empty value, too.
    func nonEmpty(_ key: String) -> String? { resolved[key].flatMap { $0.isEmpty ? nil : $0 } }

    /// A whole number as Python's `int` reads it: a sign, digits of any script, single `_` between digits. One that is
    /// none is noted among ``problems``.
    mutating func number(_ key: String, _ standard: Int, _ range: ClosedRange<Int>) -> Int {
        guard let text = resolved[key] else { return standard }
        guard let number = PythonNumber.int(text), range.contains(number) else {
            note(key, "expected a whole number from \(range.lowerBound) to \(range.upperBound)")
            return standard
        }
        return number
    }

    /// The words of `configparser`; another one is noted among ``problems``.
    mutating func flag(_ key: String, _ standard: Bool) -> Bool {
        guard let text = resolved[key] else { return standard }
        switch text.lowercased() {
        case "1", "yes", "true", "on": return true
        case "0", "no", "false", "off": return false
        default:
            note(key, "expected yes, true, on or 1, or no, false, off or 0")
            return standard
        }
    }

    /// A URL that calls can be sent to; another text is noted among ``problems``.
    mutating func hub(_ key: String, _ standard: String) -> String {
        guard let text = resolved[key] else { return standard }
        let start = text.prefix(8).lowercased()
        let isClean = text.unicodeScalars.allSatisfy { !$0.isPythonBlank && $0.value > 31 && $0.value != 127 }
        guard isClean, start.hasPrefix("http://") || start == "https://" else {
            // The value may hold a password, and is not shown.
            problems.append(
                "\(place(key))\(key) of profile \(shown(profile)) must be a URL such as https://HOST/kojihub")
            return standard
        }
        return text
    }

    /// The value as it is written in the file, its first line.
    private mutating func note(_ key: String, _ expected: String) {
        let value = written[key]?.split(separator: "\n", omittingEmptySubsequences: false).first.map(String.init) ?? ""
        problems.append("\(place(key))\(key) = \(shown(value)): \(expected)")
    }

    private func place(_ key: String) -> String { origins[key].map { "\($0): " } ?? "" }
}
