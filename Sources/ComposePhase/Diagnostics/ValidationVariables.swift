package import PungiConfig

/// `.pungi-config-validate.json` beside a configuration: variables that a site's scripts define, for validation.
///
/// As pungi-config-validate: an object of names and values, which win over those of the command line.
package enum ValidationVariables {
    static let fileName = ".pungi-config-validate.json"

    /// The variables beside `config`; none where there is no such file.
    package static func beside(_ config: String) throws(ConfigFailure) -> [Define] {
        let directory = config.lastIndex(of: "/").map { String(config[...$0]) } ?? ""
        let path = directory + fileName
        let bytes: [UInt8]?
        do {
            bytes = try AtomicFile.read(path, limit: 1 << 20)
        } catch {
            throw ConfigFailure(Diagnostic(severity: .error, code: "config.unreadable", message: error.description))
        }
        guard let bytes else { return [] }
        return try ConfigDocument.parse(bytes: bytes, path: path, as: .json).values.map { Define(name: $0, value: $1) }
    }
}
