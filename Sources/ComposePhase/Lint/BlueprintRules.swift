import PungiConfig

/// Blueprint parts that an image type does not take, or cannot do without.
///
/// Newer image-builders warn about the first and build without the part, older ones refuse; neither is what was meant.
struct BlueprintRules {
    let subject: LintSubject
    private let known: Set<String>

    init(subject: LintSubject) {
        self.subject = subject
        known = subject.lint.catalog.blueprintParts
    }

    /// What describes the blueprint and goes into no image.
    private static let descriptive: Set = ["name", "description", "version", "architecture", "minimal", "arch"]

    func check(_ diagnostics: inout [Diagnostic]) {
        for block in subject.blocks {
            guard let type = block.type else { continue }
            if let parts = type.blueprint, let blueprint = block.source.blueprint {
                for (key, value) in blueprint.value.entries {
                    guard let name = key.string, !Self.descriptive.contains(name) else { continue }
                    checkPart(name, value, at: key.location, taken: parts, block, type, &diagnostics)
                }
            }
            for part in type.requires where !has(part, in: block.source.blueprint?.value) {
                diagnostics.append(
                    Diagnostic(
                        severity: .warning, code: "lint.blueprint-missing",
                        message: "\(type.name) needs \(part) in its blueprint, which \(block.name) does not set",
                        location: block.source.blueprint?.location ?? block.source.types.location, notes: [],
                        fix: nil))
            }
        }
    }

    /// A part is taken if it is listed or lies within one that is; one that only contains listed parts is looked into.
    private func checkPart(
        _ path: String, _ value: ConfigValue, at location: SourceLocation, taken: [String], _ block: LintedBlock,
        _ type: ImageTypeCatalog.ImageType, _ diagnostics: inout [Diagnostic]
    ) {
        if taken.contains(path) { return }
        if taken.contains(where: { $0.hasPrefix("\(path).") }), let inner = value.dict {
            for (key, value) in inner.entries {
                guard let name = key.string else { continue }
                checkPart("\(path).\(name)", value, at: key.location, taken: taken, block, type, &diagnostics)
            }
            return
        }
        if value.isEmptyCollection { return }
        let isKnown = known.contains { $0 == path || $0.hasPrefix("\(path).") || path.hasPrefix("\($0).") }
        diagnostics.append(
            Diagnostic(
                severity: .warning, code: "lint.blueprint-part",
                message: isKnown
                    ? "the image type \(type.name) does not take \(path) from a blueprint"
                    : "\(path) is no part of a blueprint that any image type takes",
                location: location, notes: ["\(type.name) takes: " + taken.joined(separator: ", ")],
                fix: isKnown ? "take it out" : nearest(to: path, in: Array(known)).map { "did you mean '\($0)'?" }))
    }

    private func has(_ path: String, in blueprint: ConfigDict?) -> Bool {
        var dict = blueprint
        var names = path.split(separator: ".").map(String.init)
        guard let last = names.popLast() else { return false }
        for name in names { dict = dict?[name]?.dict }
        return dict?[last] != nil
    }
}

extension ConfigValue {
    /// Whether this is a list or a mapping with nothing in it: image-builder takes it for absent.
    fileprivate var isEmptyCollection: Bool { items?.isEmpty ?? dict?.isEmpty ?? false }
}
