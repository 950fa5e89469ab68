import OrderedCollections
import PungiConfig

/// Refs, targets, repositories and versions of another branch than the release's: what branching day forgot.
///
/// Only for Fedora, whose branches are numbers and rawhide.
struct BranchRules {
    let subject: LintSubject

    /// Sections whose texts name branches.
    private static let sections = [
        "image_build", "imagebuilder", "kiwibuild", "live_media", "osbuild", "ostree", "ostree_container",
        "ostree_installer",
    ]
    /// Texts that may speak of any release.
    private static let freeKeys: Set = ["blueprint", "customizations", "name", "release", "subvariant", "title"]

    func check(_ diagnostics: inout [Diagnostic]) {
        guard subject.isFedora, let branch = ConfigBranch(subject.lint.document, subject.lint.settings) else { return }
        let document = subject.lint.document
        for (name, value) in document.values {
            if Self.sections.contains(name) {
                walk(value, key: name, branch, &diagnostics)
            } else if name.hasSuffix("_target") || name == "pkgset_koji_tag" || name == "runroot_tag" {
                walk(value, key: name, branch, &diagnostics)
            } else if ["imagebuilder_version", "osbuild_version", "kiwibuild_version", "global_version"].contains(name)
            {
                checkVersion(value, branch, &diagnostics)
            }
        }
    }

    /// Without recursion, so that the depth of a value costs no stack.
    private func walk(_ value: ConfigValue, key: String, _ branch: ConfigBranch, _ diagnostics: inout [Diagnostic]) {
        var pending = [(value, key)]
        while let (value, key) = pending.popLast() {
            if let text = value.string {
                if key == "version" {
                    checkVersion(value, branch, &diagnostics)
                } else if let other = branch.stranger(in: text, key: key) {
                    report(text, key, other, branch, at: value.location, &diagnostics)
                }
            }
            for item in value.items ?? [] { pending.append((item, key)) }
            for (inner, item) in value.dict?.entries ?? [] {
                let name = inner.string ?? key
                if !Self.freeKeys.contains(name) { pending.append((item, name)) }
            }
        }
    }

    private func checkVersion(_ value: ConfigValue, _ branch: ConfigBranch, _ diagnostics: inout [Diagnostic]) {
        guard let text = value.string, let number = Int(text), BranchMention.numbers.contains(number),
            let own = branch.number, number != own
        else { return }
        report(text, "version", .release(number), branch, at: value.location, &diagnostics)
    }

    private func report(
        _ text: String, _ key: String, _ other: BranchMention, _ branch: ConfigBranch, at location: SourceLocation,
        _ diagnostics: inout [Diagnostic]
    ) {
        diagnostics.append(
            Diagnostic(
                severity: .warning, code: "lint.branch",
                message: "\(key) '\(text)' is of \(other), but the release is \(branch.release)", location: location,
                notes: [], fix: branch.number.flatMap { other.replaced(in: text, by: $0) }.map { "write \($0)" }))
    }
}
