import PungiConfig

/// Repositories that are listed twice, or do not become what each arch needs.
struct RepositoryRules {
    let subject: LintSubject

    /// Directories of package repositories that are named for an arch.
    private static let arches: Set = [
        "aarch64", "armhfp", "i386", "i686", "ppc64", "ppc64le", "riscv64", "s390x", "x86_64",
    ]

    func check(_ diagnostics: inout [Diagnostic]) {
        for block in subject.blocks {
            var seen: [String: SourceLocation] = [:]
            for repo in block.source.repos {
                checkTwice(repo, of: block, &seen, &diagnostics)
                checkVariables(repo, of: block, &diagnostics)
                checkArch(repo, of: block, &diagnostics)
            }
        }
    }

    private func checkTwice(
        _ repo: Located<String>, of block: LintedBlock, _ seen: inout [String: SourceLocation],
        _ diagnostics: inout [Diagnostic]
    ) {
        let plain = repo.value.hasSuffix("/") ? String(repo.value.dropLast()) : repo.value
        guard let first = seen.updateValue(repo.location, forKey: plain) else { return }
        diagnostics.append(
            Diagnostic(
                severity: .warning, code: "lint.repo-twice",
                message: "\(block.name) lists the repository \(repo.value) twice", location: repo.location,
                notes: first == repo.location ? [] : ["first at \(first)"], fix: "list it once"))
    }

    private func checkVariables(_ repo: Located<String>, of block: LintedBlock, _ diagnostics: inout [Diagnostic]) {
        guard let variable = BuilderVariables.left(in: repo.value, replaced: ["$basearch", "$arch"]).first else {
            return
        }
        let meansArch = variable.lowercased().contains("arch")
        diagnostics.append(
            Diagnostic(
                severity: .warning, code: "lint.repo-variable",
                message: "the builder replaces $arch and $basearch in repositories, but not \(variable)",
                location: repo.location, notes: ["repository of \(block.name): \(repo.value)"],
                fix: meansArch ? "write $arch" : "spell it out"))
    }

    private func checkArch(_ repo: Located<String>, of block: LintedBlock, _ diagnostics: inout [Diagnostic]) {
        let parts = repo.value.split(separator: "/").map(String.init)
        guard repo.value.contains("/"), let arch = parts.first(where: Self.arches.contains), !block.arches.isEmpty,
            block.arches != [arch]
        else { return }
        diagnostics.append(
            Diagnostic(
                severity: .warning, code: "lint.repo-arch",
                message: "\(block.name) is built on \(block.arches.sorted(by: byCodePoint).joined(separator: " and "))"
                    + " with a repository of \(arch)",
                location: repo.location, notes: ["every arch is sent every repository"],
                fix: "write \(repo.value.replacing("/\(arch)", with: "/$arch"))"))
    }
}
