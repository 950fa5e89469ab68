/// All checks, in the order in which a person reads them.
package struct PreflightReport: Sendable, Hashable {
    package let checks: [PreflightCheck]

    /// Judges what a hub said.
    ///
    /// - Parameters:
    ///   - dropsUnknownOptions: options that the hub's plugin does not take are left out of the tasks, and no failure.
    ///   - freeze: the builds that builders are to install, if they are fixed.
    ///   - looks: checks of anything but the hub.
    package init(
        _ questions: PreflightQuestions, _ facts: HubFacts, dropsUnknownOptions: Bool, freeze: FreezeFile? = nil,
        looks: [PreflightCheck] = []
    ) {
        let judgement = PreflightJudgement(
            questions: questions, facts: facts, dropsUnknownOptions: dropsUnknownOptions)
        let toolchain = freeze.map { ToolchainJudgement(freeze: $0, questions: questions, facts: facts).checks() }
        self.init(judgement.checks() + looks + (toolchain ?? []))
    }

    init(_ checks: [PreflightCheck]) {
        // Stable: within a subject the order of asking stays.
        self.checks = checks.enumerated().sorted {
            ($0.element.subject, $0.offset) < ($1.element.subject, $1.offset)
        }.map(\.element)
    }

    package func count(_ verdict: PreflightCheck.Verdict) -> Int { checks.count { $0.verdict == verdict } }

    package var failed: [PreflightCheck] { checks.filter { $0.verdict == .failed } }

    /// Whether the hub itself cannot be used.
    package var hubIsUnusable: Bool { checks.contains(where: \.makesHubUnusable) }

    /// Whether a failed check dooms something that the compose cannot do without.
    package func doomsRequired(of tasks: [ImageTask]) -> Bool {
        failed.contains { check in
            tasks.contains { task in
                guard check.tasks?.contains(task.id) ?? true else { return false }
                guard let arch = check.arch else { return !task.canFail }
                return task.arches.contains { $0.arch == arch && !$0.failable }
            }
        }
    }
}
