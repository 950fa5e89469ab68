import PungiConfig

/// Options that the target hub's koji-image-builder is too old for. A hub refuses a request with an option that its
/// plugin does not know.
///
/// Without a version there is no telling; planning then notes what needs a new one.
struct HubOptionRules {
    let subject: LintSubject

    func check(_ diagnostics: inout [Diagnostic]) {
        guard let version = subject.lint.pluginVersion else { return }
        for block in subject.blocks {
            for (option, location) in options(of: block.source) {
                guard let since = PreflightQuestions.optionVersions[option], since > version else { continue }
                diagnostics.append(
                    Diagnostic(
                        severity: .error, code: "lint.plugin-option",
                        message: "\(option) of \(block.name) came with koji-image-builder \(since), but the hub has"
                            + " \(version) and will refuse the task",
                        location: location, notes: [], fix: "take it out until the hub has \(since)"))
            }
            if let failable = block.source.failable, !failable.value.isEmpty,
                let since = PreflightQuestions.optionVersions["failable_arches"], since > version
            {
                diagnostics.append(
                    Diagnostic(
                        severity: .warning, code: "lint.plugin-failable",
                        message: "the hub has koji-image-builder \(version), which knows no failable arches before"
                            + " \(since): when one arch of \(block.name) fails, all of it does",
                        location: failable.location, notes: [], fix: nil))
            }
        }
    }

    private func options(of block: ImageBuilderBlock) -> [(String, SourceLocation)] {
        let settings = subject.lint.settings
        let seed = block.seed ?? settings.imageBuilderFallback.seed ?? settings.globalFallback.seed
        var found: [(String, SourceLocation)] = []
        // Zero is not sent.
        if let seed, seed.value.int != 0 { found.append(("seed", seed.location)) }
        if let preview = block.preview { found.append(("preview", preview.location)) }
        if let bootc = block.bootc, !bootc.value.isEmpty { found.append(("bootc", bootc.location)) }
        return found
    }
}
