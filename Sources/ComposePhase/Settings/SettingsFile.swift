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

extension RunSettings {
    /// The settings of this machine. It need not be there.
    package static let sitePath = "/etc/phase-runner/config.yaml"

    /// What files say together, each over those before it, key by key: named limits one by one, lists as a whole,
    /// `null` sets the default again.
    ///
    /// - Throws: all that is wrong, in all files, with file, line and column.
    package static func read(_ files: [SettingsFile]) throws(ConfigFailure) -> RunSettings {
        let findings = SettingsFindings()
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
        for (path, isRequired) in [(site, false), (file, true)] {
            guard let path else { continue }
            // A pipe could be waited for without end.
            var info = stat()
            if stat(path, &info) == 0, info.st_mode & S_IFMT != S_IFREG {
                throw unreadable("cannot read \(path): it is not a regular file")
            }
            do throws(AtomicFile.Failure) {
                if let bytes = try AtomicFile.read(path, limit: RunSettingsReader.limits.bytes) {
                    files.append(SettingsFile(path: path, bytes: bytes))
                } else if isRequired {
                    throw AtomicFile.Failure(path: path, operation: "read", code: ENOENT)
                }
            } catch {
                throw unreadable("\(error)" + (error.code == EFBIG ? " (a settings file may have 1 MiB)" : ""))
            }
        }
        return try read(files)
    }

    private static func unreadable(_ message: String) -> ConfigFailure {
        ConfigFailure(Diagnostic(severity: .error, code: "settings.file", message: message))
    }
}
