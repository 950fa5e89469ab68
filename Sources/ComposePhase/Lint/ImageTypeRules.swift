import Koji
import ProductMD
import PungiConfig

/// Image types that image-builder does not offer for the distribution or the arch, or calls otherwise today.
///
/// A type that no distribution has is planning's (`plan.image-type`).
struct ImageTypeRules {
    let subject: LintSubject

    func check(_ diagnostics: inout [Diagnostic]) {
        for block in subject.blocks {
            guard let distribution = block.distribution, let name = block.typeName else { continue }
            let location = block.source.types.location
            guard let type = distribution.types.type(name) else {
                report(name, isMissingFrom: distribution, at: location, &diagnostics)
                continue
            }
            if type.isRHELOnly, distribution.isLike {
                diagnostics.append(notOffered(name, distribution, at: location, fix: nil))
            }
            if type.name != name { diagnostics.append(renamed(name, type, distribution, at: location)) }
            checkArches(of: type, block, distribution, &diagnostics)
        }
    }

    private func report(
        _ name: String, isMissingFrom distribution: LintedDistribution, at location: SourceLocation,
        _ diagnostics: inout [Diagnostic]
    ) {
        if let gone = distribution.types.gone.first(where: { $0.name == name }) {
            diagnostics.append(
                Diagnostic(
                    severity: .warning, code: "lint.image-type-gone",
                    message: "image-builder no longer offers the image type '\(name)' for \(distribution.name)",
                    location: location, notes: ["a build root with an older image-builder may still have it"],
                    fix: "use \"\(gone.now)\""))
            return
        }
        guard ImageTypeOutputs.suffix(of: name) != nil else { return }
        let offered = distribution.types.types.flatMap { [$0.name] + $0.aliases }
        diagnostics.append(
            notOffered(
                name, distribution, at: location,
                fix: nearest(to: name, in: offered).map { "did you mean '\($0)'?" }))
    }

    private func notOffered(
        _ name: String, _ distribution: LintedDistribution, at location: SourceLocation, fix: String?
    ) -> Diagnostic {
        Diagnostic(
            severity: .warning, code: "lint.image-type-not-offered",
            message: "image-builder does not offer the image type '\(name)' for \(distribution.name)",
            location: location,
            notes: ["offered: " + distribution.types.types.map(\.name).sorted().joined(separator: ", ")], fix: fix)
    }

    private func renamed(
        _ name: String, _ type: ImageTypeCatalog.ImageType, _ distribution: LintedDistribution,
        at location: SourceLocation
    ) -> Diagnostic {
        Diagnostic(
            severity: .note, code: "lint.image-type-renamed",
            message: "image-builder calls the image type '\(name)' \(type.name) today and still takes the old name",
            location: location, notes: ["an old image-builder in the build root knows only '\(name)'"],
            fix: "use \"\(type.name)\"")
    }

    private func checkArches(
        of type: ImageTypeCatalog.ImageType, _ block: LintedBlock, _ distribution: LintedDistribution,
        _ diagnostics: inout [Diagnostic]
    ) {
        // What is no arch at all is planning's.
        let wrong = block.arches.subtracting(type.arches).filter(ImageVocabulary.arches.contains)
            .sorted(by: byCodePoint)
        guard !wrong.isEmpty else { return }
        let place = block.source.arches?.value.first { wrong.contains($0.value) }?.location
        diagnostics.append(
            Diagnostic(
                severity: .warning, code: "lint.image-type-arch",
                message: "image-builder does not offer \(type.name) of \(distribution.name) for"
                    + " \(wrong.joined(separator: ", ")), where \(block.name) is to be built",
                location: place ?? block.source.types.location,
                notes: ["offered for: " + type.arches.joined(separator: ", ")],
                fix: "build it on the others only, with arches"))
    }
}
