import PungiConfig

/// Patterns of other phases that match no variant. Those of `imagebuilder` are planning's.
struct VariantRules {
    let subject: LintSubject

    /// Sections that map patterns of variant uids to blocks, matched as `imagebuilder`'s are.
    private static let sections = [
        "extra_isos", "image_build", "image_container", "kiwibuild", "live_media", "osbs", "osbuild", "ostree",
        "ostree_container", "ostree_installer",
    ]

    func check(_ diagnostics: inout [Diagnostic]) {
        let known = subject.lint.variants.all.map(\.uid)
        checkTreeVariants(known, &diagnostics)
        // A compose of some variants only leaves patterns of the others without a match, as meant.
        guard subject.lint.settings.treeVariants.isEmpty else { return }
        for section in Self.sections {
            for (key, _) in subject.lint.document[section]?.dict?.entries ?? [] {
                guard let text = key.string, text != "*", let pattern = try? VariantPattern(text),
                    !known.contains(where: { (try? pattern.matches($0)) ?? true })
                else { continue }
                diagnostics.append(
                    Diagnostic(
                        severity: .warning, code: "lint.pattern-unused",
                        message: "the pattern '\(text)' of \(section) matches no variant", location: key.location,
                        notes: ["variants: " + known.joined(separator: ", ")],
                        fix: variantMeant(by: text, among: known).map { "did you mean '\($0)'?" }))
            }
        }
    }

    private func checkTreeVariants(_ known: [String], _ diagnostics: inout [Diagnostic]) {
        for item in subject.lint.document["tree_variants"]?.items ?? [] {
            guard let uid = item.string, !known.contains(uid) else { continue }
            diagnostics.append(
                Diagnostic(
                    severity: .warning, code: "lint.tree-variant",
                    message: "tree_variants names '\(uid)', which is no variant with an arch of this compose",
                    location: item.location, notes: ["variants that are left: " + known.joined(separator: ", ")],
                    fix: nearest(to: uid, in: known).map { "did you mean '\($0)'?" }))
        }
    }
}
