import ProductMD
import PungiConfig

/// What the metadata would call an image, against what productmd pairs and what consumers look for.
struct MetadataRules {
    let subject: LintSubject

    func check(_ diagnostics: inout [Diagnostic]) {
        for block in subject.blocks {
            checkPair(block, &diagnostics)
            checkExpected(block, &diagnostics)
            checkSubvariant(block, &diagnostics)
        }
    }

    /// productmd lists the formats of each type, and takes any pair when it validates.
    private func checkPair(_ block: LintedBlock, _ diagnostics: inout [Diagnostic]) {
        guard let type = block.source.manifestType, let suffix = block.suffix,
            let format = ImageTypeTable.detect(fileName: "image.\(suffix)")?.format,
            let formats = ImageVocabulary.formatsByType[type.value], !formats.isEmpty, !formats.contains(format)
        else { return }
        let types = ImageVocabulary.formatsByType.filter { $0.value.contains(format) }.keys.sorted()
        diagnostics.append(
            Diagnostic(
                severity: .warning, code: "lint.manifest-type-format",
                message: "\(block.name) is of the format \(format), which productmd does not know for manifest_type"
                    + " '\(type.value)'",
                location: type.location,
                notes: ["formats of \(type.value): " + formats.joined(separator: ", ")],
                fix: types.isEmpty ? nil : "one of: \(types.joined(separator: ", "))"))
    }

    private func checkExpected(_ block: LintedBlock, _ diagnostics: inout [Diagnostic]) {
        guard block.source.manifestType.map({ $0.value.isEmpty }) ?? true, let type = block.type,
            let expected = type.expected, let metadata = type.metadata
        else { return }
        diagnostics.append(
            Diagnostic(
                severity: .warning, code: "lint.manifest-type-missing",
                message: "without manifest_type the metadata call \(block.name) '\(metadata.type)', but those who look"
                    + " for an image of \(type.name) expect '\(expected)'",
                location: block.source.types.location, notes: [], fix: "add \"manifest_type\": \"\(expected)\""))
    }

    private func checkSubvariant(_ block: LintedBlock, _ diagnostics: inout [Diagnostic]) {
        if let subvariant = block.source.subvariant {
            guard subvariant.value.isEmpty else { return }
            diagnostics.append(
                Diagnostic(
                    severity: .warning, code: "lint.subvariant",
                    message: "the subvariant of \(block.name) is empty: consumers find images by it",
                    location: subvariant.location, notes: [], fix: "name it, or leave the option out"))
            return
        }
        guard subject.isFedora, let expected = block.type?.subvariant,
            let variant = block.variants.first(where: { $0.uid != expected })
        else { return }
        diagnostics.append(
            Diagnostic(
                severity: .warning, code: "lint.subvariant",
                message: "without subvariant, \(block.name) is of the subvariant \(variant.uid), but consumers of"
                    + " Fedora's composes look for \(expected)",
                location: block.source.location, notes: [], fix: "add \"subvariant\": \"\(expected)\""))
    }
}
