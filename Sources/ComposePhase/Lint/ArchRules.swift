import ProductMD
import PungiConfig

/// Arches that are misspelt, that the variants lack, or that may fail though they are not built.
struct ArchRules {
    let subject: LintSubject

    func check(_ diagnostics: inout [Diagnostic]) {
        checkTreeArches(&diagnostics)
        for block in subject.blocks where !block.variants.isEmpty {
            for arch in block.source.arches?.value ?? [] { checkBuilt(arch, of: block, &diagnostics) }
            for arch in block.source.failable?.value ?? [] { checkFailable(arch, of: block, &diagnostics) }
        }
    }

    private func checkTreeArches(_ diagnostics: inout [Diagnostic]) {
        for item in subject.lint.document["tree_arches"]?.items ?? [] {
            guard let arch = item.string, !isReal(arch) else { continue }
            diagnostics.append(misspelt(arch, "tree_arches", at: item.location, among: []))
        }
    }

    private func checkBuilt(_ arch: Located<String>, of block: LintedBlock, _ diagnostics: inout [Diagnostic]) {
        guard !block.variantArches.contains(arch.value) else { return }
        guard isReal(arch.value) else {
            diagnostics.append(
                misspelt(arch.value, "arches of \(block.name)", at: arch.location, among: block.variantArches))
            return
        }
        // With no arch left, planning says that nothing is built.
        guard !subject.isLeftOut(arch.value), !block.arches.isEmpty else { return }
        diagnostics.append(
            Diagnostic(
                severity: .note, code: "lint.arch-not-in-variant",
                message: "\(block.name) names the arch \(arch.value), which \(list(block.variants.map(\.uid)))"
                    + " \(block.variants.count == 1 ? "does" : "do") not have: it is not built",
                location: arch.location, notes: ["arches there: \(list(block.variantArches.sorted(by: byCodePoint)))"],
                fix: likely(arch.value, among: block.variantArches).map { "did you mean '\($0)'?" }
                    ?? "add the arch to the variant, or take it out here"))
    }

    private func checkFailable(_ arch: Located<String>, of block: LintedBlock, _ diagnostics: inout [Diagnostic]) {
        guard arch.value != "*", !block.arches.contains(arch.value) else { return }
        // A complaint about `arches` says it already.
        guard block.source.arches?.value.contains(arch) != true else { return }
        guard isReal(arch.value) else {
            diagnostics.append(
                misspelt(arch.value, "failable of \(block.name)", at: arch.location, among: block.arches))
            return
        }
        guard !subject.isLeftOut(arch.value), !block.arches.isEmpty else { return }
        diagnostics.append(
            Diagnostic(
                severity: .warning, code: "lint.failable-arch",
                message: "\(block.name) may fail on \(arch.value), but is not built there",
                location: arch.location, notes: ["built on: \(list(block.arches.sorted(by: byCodePoint)))"],
                fix: likely(arch.value, among: block.arches).map { "did you mean '\($0)'?" }
                    ?? "take it out, or write [\"*\"] for all arches"))
    }

    /// What other distributions and languages call our arches.
    private static let otherNames = [
        "amd64": "x86_64", "x64": "x86_64", "x86-64": "x86_64", "arm64": "aarch64", "ppc64el": "ppc64le",
        "powerpc64le": "ppc64le", "armhf": "armhfp", "riscv": "riscv64",
    ]

    private func likely(_ arch: String, among arches: Set<String>) -> String? {
        if let ours = Self.otherNames[arch], arches.isEmpty || arches.contains(ours) { return ours }
        return nearest(to: arch, in: arches.isEmpty ? ImageVocabulary.arches.sorted() : Array(arches))
    }

    private func isReal(_ arch: String) -> Bool {
        ImageVocabulary.arches.contains(arch) || ImageVocabulary.sourceArches.contains(arch)
    }

    private func misspelt(
        _ arch: String, _ place: String, at location: SourceLocation, among arches: Set<String>
    ) -> Diagnostic {
        Diagnostic(
            severity: .warning, code: "lint.arch-misspelt", message: "'\(arch)' in \(place) is no arch",
            location: location,
            notes: arches.isEmpty ? [] : ["arches here: \(list(arches.sorted(by: byCodePoint)))"],
            fix: (likely(arch, among: arches) ?? likely(arch, among: [])).map { "did you mean '\($0)'?" })
    }

    private func list(_ words: [String]) -> String { words.joined(separator: ", ") }
}
