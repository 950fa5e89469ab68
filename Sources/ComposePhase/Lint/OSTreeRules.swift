import PungiConfig

/// The ostree options of a block: what the builder replaces in them, and which image types have a use for them.
struct OSTreeRules {
    let subject: LintSubject

    func check(_ diagnostics: inout [Diagnostic]) {
        for block in subject.blocks {
            checkUse(block, &diagnostics)
            guard let ostree = block.source.ostree?.value else { continue }
            for key in ["url", "parent"] { checkUnreplaced(key, in: ostree, of: block, &diagnostics) }
            if let ref = ostree["ref"] { checkRef(ref, of: block, &diagnostics) }
        }
    }

    private func checkUnreplaced(
        _ key: String, in ostree: ConfigDict, of block: LintedBlock, _ diagnostics: inout [Diagnostic]
    ) {
        guard let value = ostree[key], let text = value.string,
            let variable = BuilderVariables.left(in: text, replaced: []).first
        else { return }
        diagnostics.append(
            Diagnostic(
                severity: .error, code: "lint.ostree-url-arch",
                message: "\(variable) in the ostree \(key) of \(block.name) reaches image-builder as it stands",
                location: value.location, notes: ["the builder replaces $arch in the ref only"],
                fix: key == "url"
                    ? "name the repository without the arch; the ref tells the arches apart"
                    : "write one block for each arch, with the arch spelt out"))
    }

    private func checkRef(_ ref: ConfigValue, of block: LintedBlock, _ diagnostics: inout [Diagnostic]) {
        guard let text = ref.string, !text.isEmpty else { return }
        if let variable = BuilderVariables.left(in: text, replaced: ["$arch"]).first {
            diagnostics.append(
                Diagnostic(
                    severity: .error, code: "lint.ostree-ref-variable",
                    message: "\(variable) in the ostree ref of \(block.name) reaches image-builder as it stands",
                    location: ref.location, notes: ["in refs the builder replaces $arch, and nothing else"],
                    fix: "write $arch"))
        } else if !text.contains("$arch"), block.arches.count > 1 {
            let arches = block.arches.sorted(by: byCodePoint)
            let named = arches.first { text.split(separator: "/").contains(Substring($0)) }
            diagnostics.append(
                Diagnostic(
                    severity: .warning, code: "lint.ostree-ref-arch",
                    message: "\(block.name) is built on \(arches.joined(separator: " and ")), but all take the one"
                        + " ostree ref \(text)",
                    location: ref.location, notes: [],
                    fix: named.map { "write \(text.replacing($0, with: "$arch"))" }
                        ?? "put $arch into the ref: the builder replaces it"))
        }
    }

    private func checkUse(_ block: LintedBlock, _ diagnostics: inout [Diagnostic]) {
        guard let type = block.type else { return }
        let ostree = block.source.ostree
        let given = ["url", "ref"].filter { ostree?.value[$0]?.string?.isEmpty == false }
        switch type.ostree {
        case .takes where given.count < 2:
            let missing = ["url", "ref"].filter { !given.contains($0) }.joined(separator: " and no ")
            diagnostics.append(
                Diagnostic(
                    severity: .warning, code: "lint.ostree-missing",
                    message: "\(block.name) has no \(missing) of the ostree commit that \(type.name) is made from",
                    location: ostree?.location ?? block.source.types.location,
                    notes: [
                        "a new image-builder takes the distribution's published commit instead of this compose's,"
                            + " an old one fails"
                    ], fix: "add \"ostree\": {\"url\": …, \"ref\": …}"))
        case .none:
            guard let ostree, !ostree.value.isEmpty else { return }
            diagnostics.append(
                Diagnostic(
                    severity: .warning, code: "lint.ostree-refused",
                    message: "\(type.name) is not made from an ostree commit: image-builder refuses the ostree options"
                        + " of \(block.name)",
                    location: ostree.location, notes: [], fix: "take them out"))
        case .takes, .makes: return
        }
    }
}
