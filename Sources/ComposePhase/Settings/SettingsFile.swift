import Glibc
import LibYAML
package import PungiConfig

/// A settings file as it was read.
package struct SettingsFile: Sendable, Hashable {
    /// The path, for messages and for relative paths in it.
    package var path: String
    package var bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

extension SettingsFile {
    /// How much a settings file may ask for. Real ones have some dozens of lines.
    static let limits: YAMLLimits = {
        var limits = YAMLLimits()
        limits.bytes = 1 << 20
        limits.depth = 16
        limits.nodes = 50_000
        return limits
    }()

    /// Reads a file.
    ///
    /// - Returns: nil when it is not there.
    /// - Throws: what keeps it from being read.
    package static func load(_ path: String) throws(ConfigFailure) -> SettingsFile? {
        // A pipe could be waited for without end.
        var info = stat()
        if stat(path, &info) == 0, info.st_mode & S_IFMT != S_IFREG {
            throw unreadable("cannot read \(path): it is not a regular file")
        }
        do throws(AtomicFile.Failure) {
            return try AtomicFile.read(path, limit: limits.bytes).map { SettingsFile(path: path, bytes: $0) }
        } catch {
            throw unreadable("\(error)" + (error.code == EFBIG ? " (a settings file may have 1 MiB)" : ""))
        }
    }

    /// Reads a file that must be there.
    package static func loadRequired(_ path: String) throws(ConfigFailure) -> SettingsFile {
        guard let file = try load(path) else {
            throw unreadable(AtomicFile.Failure(path: path, operation: "read", code: ENOENT).description)
        }
        return file
    }

    /// The whole file as a mapping; nil when it is none, or says nothing.
    package func table(_ findings: SettingsFindings) -> SettingsTable? {
        let root: YAMLNode
        do {
            root = try YAMLReader.read(bytes, name: path, limits: Self.limits)
        } catch {
            let place = error.location.map { SourceLocation(file: path, line: $0.line, column: $0.column) }
            findings.add("syntax", place == nil ? error.description : error.message, at: place)
            return nil
        }
        let entry = SettingsEntry(node: root, file: path, path: "", findings: findings)
        return entry.isNull ? nil : entry.table()
    }

    private static func unreadable(_ message: String) -> ConfigFailure {
        ConfigFailure(Diagnostic(severity: .error, code: "settings.file", message: message))
    }
}

extension RunSettings {
    /// The settings of this machine. It need not be there.
    package static let sitePath = "/etc/phase-runner/config.yaml"

    /// What files say together, each over those before it, key by key: named limits one by one, lists as a whole,
    /// `null` sets the default again.
    ///
    /// - Throws: all that is wrong, in all files, with file, line and column.
    package static func read(_ files: [SettingsFile]) throws(ConfigFailure) -> RunSettings {
        let findings = SettingsFindings(keys: .ofRuns)
        var reader = RunSettingsReader(findings: findings)
        for file in files { reader.read(file) }
        reader.checkTogether()
        try findings.finish()
        return reader.settings
    }

    /// The settings of a run: those of the machine if they are there, and over them those of a file.
    ///
    /// - Parameters:
    ///   - site: the file of the machine; nil to do without.
    ///   - file: the file of `--settings`, which must be there.
    /// - Throws: files that cannot be read, and all that is wrong in the others.
    package static func load(site: String? = sitePath, file: String?) throws(ConfigFailure) -> RunSettings {
        var files: [SettingsFile] = []
        if let site, let found = try SettingsFile.load(site) { files.append(found) }
        if let file { files.append(try SettingsFile.loadRequired(file)) }
        return try read(files)
    }
}
