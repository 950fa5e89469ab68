/// Whether what the builders would install is what a release was frozen to.
struct ToolchainJudgement {
    let freeze: FreezeFile
    let questions: PreflightQuestions
    let facts: HubFacts

    func checks() -> [PreflightCheck] {
        var byTag: [String: [ImageTaskID]] = [:]
        for (name, wanted) in questions.targets {
            if case .known(let target?)? = facts.targets[name] { byTag[target.buildTag, default: []] += wanted.tasks }
        }
        guard !byTag.isEmpty else {
            return [PreflightCheck(.toolchain, freeze.path, .notChecked, "no build tag is known")]
        }
        return byTag.keys.sorted().flatMap { tag in
            freeze.builds.keys.sorted().map { package in check(package, in: tag, byTag[tag]) }
        }
    }

    private func check(_ package: String, in tag: String, _ tasks: [ImageTaskID]?) -> PreflightCheck {
        let wanted = freeze.builds[package] ?? ""
        let name = "\(package) in \(tag)"
        switch facts.toolchain[tag]?[package] ?? .unknown("not asked") {
        case .unknown(let reason): return PreflightCheck(.toolchain, name, .notChecked, reason, tasks: tasks)
        case .known(nil):
            return PreflightCheck(
                .toolchain, name, .warning,
                "no build of it is tagged there or in what the tag inherits; it may come from an external repository,"
                    + " of which the hub does not know",
                remedy: "see where it comes from with: koji list-external-repos --tag \(tag)", tasks: tasks)
        case .known(wanted?): return PreflightCheck(.toolchain, name, .passed, wanted, tasks: tasks)
        case .known(let found?):
            return PreflightCheck(
                .toolchain, name, .failed, "\(found), but \(freeze.path) says \(wanted)",
                remedy: "tag the frozen build, or untag what came after it: koji untag-build \(tag) \(found); or change"
                    + " the freeze file",
                tasks: tasks)
        }
    }
}
