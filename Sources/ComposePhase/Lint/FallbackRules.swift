import PungiConfig

/// Fallbacks that no block falls back to: someone will change them one day and wonder.
///
/// One in a file without blocks is for all configs that import the file, and no mistake of any of them.
struct FallbackRules {
    let subject: LintSubject

    /// Phases that look at `global_…` too.
    private static let otherPhases = [
        "image_build", "kiwibuild", "live_images", "live_media", "osbuild",
    ]

    /// One option that a block may leave to `imagebuilder_KEY`, and that to `global_KEY`.
    private struct Chain: Sendable {
        let key: String
        let block: @Sendable (ImageBuilderBlock) -> Bool
        let fallback: @Sendable (FallbackOptions) -> SourceLocation?
    }

    private static let chains = [
        Chain(key: "target", block: { $0.target != nil }, fallback: { $0.target?.location }),
        Chain(key: "version", block: { $0.version != nil }, fallback: { $0.version?.location }),
        Chain(key: "release", block: { $0.release != nil }, fallback: { $0.release?.location }),
        Chain(key: "seed", block: { $0.seed != nil }, fallback: { $0.seed?.location }),
        Chain(key: "scratch", block: { $0.scratch != nil }, fallback: { $0.scratch?.location }),
    ]

    func check(_ diagnostics: inout [Diagnostic]) {
        let blocks = subject.blocks.map(\.source)
        guard !blocks.isEmpty else { return }
        let document = subject.lint.document
        let isGlobalOurs = !Self.otherPhases.contains { document[$0] != nil }
        let files = Set(blocks.map(\.location.file))
        for chain in Self.chains {
            let own = chain.fallback(subject.lint.settings.imageBuilderFallback)
            let all = chain.fallback(subject.lint.settings.globalFallback)
            let isOverridden = blocks.allSatisfy(chain.block)
            if let own, isOverridden {
                report(
                    "imagebuilder_\(chain.key)", at: own, in: files,
                    because: "every block sets its own \(chain.key)", &diagnostics)
            }
            // Other phases read global_… with names of their own before it, which is not ours to judge.
            if let all, isGlobalOurs, own != nil || isOverridden {
                report(
                    "global_\(chain.key)", at: all, in: files,
                    because: own == nil
                        ? "every block sets its own \(chain.key)" : "imagebuilder_\(chain.key) comes before it",
                    &diagnostics)
            }
        }
    }

    private func report(
        _ option: String, at location: SourceLocation, in files: Set<String>, because reason: String,
        _ diagnostics: inout [Diagnostic]
    ) {
        let place = subject.lint.document.definitions[option] ?? location
        guard files.contains(place.file) else { return }
        diagnostics.append(
            Diagnostic(
                severity: .note, code: "lint.fallback-unused", message: "\(option) is used by no image: \(reason)",
                location: place, notes: [], fix: "take it out, or take it out of the blocks that say the same"))
    }
}
