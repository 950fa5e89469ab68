import ProductMD
package import PungiConfig

/// Whether a config can be loaded and planned: what an edit must not take from it.
package enum EditCheck {
    /// The errors of a config whose files come from `files`; none if it can be planned, for a nightly compose.
    ///
    /// - Parameter date: the compose's, `YYYYMMDD`.
    package static func errors(config: String, from files: any ConfigFileSource, date: String) -> [Diagnostic] {
        do {
            let document = try ConfigDocument.load(path: config, from: files)
            let (settings, _) = try SettingsReader.read(document)
            let variants = try VariantsInput.load(for: settings, besideConfig: config)
            let request = ComposeRequest(
                type: .nightly, label: nil, hasNoLabel: false, isSupported: false, date: date, respin: 0)
            let compose = try ComposeIdentity(settings: settings, request: request)
            let plan = PhasePlanner(
                settings: settings, variants: variants, compose: compose, composeDirectory: "/\(compose.id)",
                namesHub: true
            ).plan()
            return plan.diagnostics.filter { $0.severity == .error }
        } catch let failure as ConfigFailure {
            return failure.diagnostics.filter { $0.severity == .error }
        } catch {
            return [Diagnostic(severity: .error, code: "plan.compose", message: "\(error)")]
        }
    }
}
