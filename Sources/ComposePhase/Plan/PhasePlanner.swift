package import PungiConfig
import ProductMD

/// Expands a configuration into a plan.
package struct PhasePlanner: Sendable {
    package var settings: ComposeSettings
    package var variants: VariantSet
    package var compose: ComposeIdentity
    /// The absolute compose directory; it need not exist.
    package var composeDirectory: String
    /// Whether the hub is named otherwise than by `koji_profile`.
    package var namesHub: Bool
    /// Where repositories of variants lie, by uid, if Pungi says so: `$arch` stands for the builder's arch.
    package var repositories: [String: String]

    package init(
        settings: ComposeSettings, variants: VariantSet, compose: ComposeIdentity, composeDirectory: String,
        namesHub: Bool, repositories: [String: String] = [:]
    ) {
        self.settings = settings
        self.variants = variants
        self.compose = compose
        self.composeDirectory = composeDirectory
        self.namesHub = namesHub
        self.repositories = repositories
    }

    /// The plan, with every complaint about it. Order of tasks: variants as Pungi walks them, patterns as the config
    /// has them, blocks as listed.
    package func plan() -> PhasePlan {
        let expanded = expanded()
        return PhasePlan(
            compose: compose.planned, tasks: expanded.tasks.map(\.task), skipped: expanded.skipped,
            diagnostics: expanded.diagnostics)
    }

    /// The plan, each task with the block that it comes from.
    struct Expanded {
        var tasks: [PlannedTask]
        let skipped: [SkippedBlock]
        let diagnostics: [Diagnostic]
    }

    /// How blocks become tasks here.
    var expansion: BlockExpansion {
        BlockExpansion(
            settings: settings, compose: compose,
            repositories: VariantRepository(
                variants: variants, composeDirectory: composeDirectory, given: repositories),
            translate: PathTranslation(settings.translatePaths))
    }

    func expanded() -> Expanded {
        var diagnostics = variants.notices + ChecksumFiles.problems(settings, compose)
        var tasks: [PlannedTask] = []
        var skipped: [SkippedBlock] = []
        let isSkippedPhase = settings.skipPhases.contains { $0.value == "imagebuilder" }
        let patterns = compile(settings.imageBuilder, &diagnostics)
        let expansion = expansion
        var used: Set<Int> = []
        for variant in variants.all {
            for (index, pattern) in patterns.enumerated() {
                guard matches(pattern, variant, &diagnostics) else { continue }
                used.insert(index)
                for (place, block) in pattern.source.blocks.enumerated() {
                    if isSkippedPhase {
                        skipped.append(
                            SkippedBlock(
                                variant: variant.uid, block: block.name.value,
                                reason: "the phase imagebuilder is in skip_phases"))
                        continue
                    }
                    switch expansion.expand(block, for: variant, diagnostics: &diagnostics) {
                    case .task(let task):
                        tasks.append(
                            PlannedTask(
                                task: task, block: block, variant: variant, pattern: pattern.source.pattern,
                                index: place))
                    case .skipped(let reason): skipped.append(reason)
                    case .refused: continue
                    }
                }
            }
        }
        reportUnused(patterns.enumerated().filter { !used.contains($0.offset) }.map(\.element), &diagnostics)
        numberRepeatedIDs(&tasks)
        TaskChecks(settings: settings).check(tasks, &diagnostics)
        if !tasks.isEmpty, settings.kojiProfile == nil, !namesHub {
            diagnostics.append(
                Diagnostic(
                    severity: .error, code: "plan.koji-profile",
                    message: "koji_profile is not set: there is no hub to use",
                    location: settings.imageBuilder.first?.pattern.location, notes: [],
                    fix: "set koji_profile, or give --koji-profile NAME"))
        }
        return Expanded(tasks: tasks, skipped: skipped, diagnostics: diagnostics.uniqued())
    }

    private struct CompiledPattern {
        let source: ImageBuilderPattern
        let pattern: VariantPattern
    }

    private func compile(
        _ patterns: [ImageBuilderPattern], _ diagnostics: inout [Diagnostic]
    ) -> [CompiledPattern] {
        patterns.compactMap { source in
            do {
                return CompiledPattern(source: source, pattern: try VariantPattern(source.pattern.value))
            } catch {
                diagnostics.append(
                    Diagnostic(
                        severity: .error, code: "plan.pattern",
                        message: "the variant pattern '\(source.pattern.value)' is not a regular expression: \(error)",
                        location: source.pattern.location, notes: [], fix: nil))
                return nil
            }
        }
    }

    private func matches(
        _ pattern: CompiledPattern, _ variant: Variant, _ diagnostics: inout [Diagnostic]
    ) -> Bool {
        do {
            return try pattern.pattern.matches(variant.uid)
        } catch {
            diagnostics.append(
                Diagnostic(
                    severity: .error, code: "plan.pattern",
                    message:
                        "the variant pattern '\(pattern.pattern.text)' cannot be tried on \(variant.uid): \(error)",
                    location: pattern.source.pattern.location, notes: [], fix: nil))
            return false
        }
    }

    private func reportUnused(_ patterns: [CompiledPattern], _ diagnostics: inout [Diagnostic]) {
        let known = variants.all.map(\.uid)
        for unused in patterns {
            diagnostics.append(
                Diagnostic(
                    // A compose of some variants only leaves patterns of the others without a match, as meant.
                    severity: settings.treeVariants.isEmpty ? .warning : .note, code: "plan.pattern-unused",
                    message: "the pattern '\(unused.pattern.text)' of imagebuilder matches no variant",
                    location: unused.source.pattern.location,
                    notes: ["variants: " + known.joined(separator: ", ")],
                    fix: variantMeant(by: unused.pattern.text, among: known).map { "did you mean '\($0)'?" }))
        }
    }

    private func numberRepeatedIDs(_ tasks: inout [PlannedTask]) {
        var counts: [ImageTaskID: Int] = [:]
        var taken = Set(tasks.map(\.task.id))
        for index in tasks.indices {
            let id = tasks[index].task.id
            counts[id, default: 0] += 1
            guard var number = counts[id], number > 1 else { continue }
            // A name may itself end in -2.
            while taken.contains(ImageTaskID("\(id)-\(number)")) { number += 1 }
            tasks[index].task.id = ImageTaskID("\(id)-\(number)")
            taken.insert(tasks[index].task.id)
        }
    }
}

/// A task, and where in the config it comes from.
struct PlannedTask {
    var task: ImageTask
    let block: ImageBuilderBlock
    let variant: Variant
    /// The key of the section under which the block stands.
    let pattern: Located<String>
    /// The block's place in that key's list, from 0.
    let index: Int
}

extension [Diagnostic] {
    /// Each complaint once: a block that several variants share is not complained about several times, nor a repository
    /// that several blocks share.
    func uniqued() -> [Diagnostic] {
        var seen: Set<Diagnostic> = []
        var repositories: Set<String> = []
        return filter {
            $0.code == "plan.local-repo" ? repositories.insert($0.message).inserted : seen.insert($0).inserted
        }
    }
}
