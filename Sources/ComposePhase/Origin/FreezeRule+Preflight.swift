extension FreezeRule {
    /// What the build tags say before anything is submitted: only what is certain, and as grave as the policy has it.
    /// What the tags do not tell is told by the buildroots of the images.
    package func checksBeforeSubmit(_ questions: PreflightQuestions, _ facts: HubFacts) -> [PreflightCheck] {
        let checks = ToolchainJudgement(freeze: file, questions: questions, facts: facts).checks()
        return checks.filter { $0.verdict == .failed }.map { check in
            var check = check
            check.verdict = policy == .fail ? .failed : .warning
            return check
        }
    }
}
