package import PungiConfig

/// All that is wrong with settings files.
package final class SettingsFindings {
    package private(set) var diagnostics: [Diagnostic] = []
    private var dropped = 0
    /// The keys that the files may have.
    let keys: SettingsKeys

    /// - Parameter keys: the keys that the files may have.
    package init(keys: SettingsKeys) { self.keys = keys }

    /// Nobody reads more than this, and a hostile file must not fill the memory with complaints.
    static let limit = 100

    /// - Parameter code: without its `settings.` in front.
    package func add(_ code: String, _ message: String, at location: SourceLocation?, fix: String? = nil) {
        guard diagnostics.count < Self.limit else {
            dropped += 1
            return
        }
        diagnostics.append(
            Diagnostic(severity: .error, code: "settings.\(code)", message: message, location: location, fix: fix))
    }

    /// Throws what was found, if anything was.
    package func finish() throws(ConfigFailure) {
        guard !diagnostics.isEmpty else { return }
        guard dropped > 0 else { throw ConfigFailure(diagnostics: diagnostics) }
        let more = Diagnostic(
            severity: .error, code: "settings.more", message: "\(dropped) more problems are not shown")
        throw ConfigFailure(diagnostics: diagnostics + [more])
    }

    /// A foreign text for a message: on one line, without control characters, not too long.
    package static func shown(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(60).map { (scalar: Unicode.Scalar) -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: "?"
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(scalars)) + (text.unicodeScalars.count > 60 ? "…" : "")
    }
}
