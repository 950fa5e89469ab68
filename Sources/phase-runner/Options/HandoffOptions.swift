import ArgumentParser

/// How Pungi's own phase calls `run`.
struct HandoffOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Build what Pungi's phase hands over in this file, and leave Pungi's own files to Pungi; takes the place of a"
                + " configuration.", valueName: "file"))
    var handoff: String?

    @Flag(help: "Only look whether what is handed over can be built; asks no hub.")
    var check = false

    @Option(
        help: ArgumentHelp(
            "Write the images and deliverables for Pungi here; else work/phase-runner/handoff-result.json.",
            valueName: "file"))
    var result: String?

    @Flag(
        help: """
            Standard input is a pipe that the caller holds: when it ends, the caller is gone, and what runs on the hub is \
            left for the next one.
            """)
    var leaveWithCaller = false

    @Flag(
        help: """
            The compose that Pungi has begun is a rehearsal: mark it as one, so that a hub that builds nothing may touch \
            it, and no other.
            """)
    var markRehearsal = false

    @Option(help: "Lines on stderr: plain, or for Pungi's log, each beginning with its level.")
    var logFormat: LogFormat = .plain

    enum LogFormat: String, ExpressibleByArgument, CaseIterable {
        case plain, pungi
    }

    /// All of it goes with --handoff.
    func validate() throws {
        guard handoff == nil else { return }
        if check { throw ValidationError("--check goes with --handoff; for a configuration there is: validate, plan.") }
        if result != nil { throw ValidationError("--result goes with --handoff.") }
        if leaveWithCaller { throw ValidationError("--leave-with-caller goes with --handoff.") }
        if markRehearsal { throw ValidationError("--mark-rehearsal goes with --handoff.") }
        if logFormat != .plain { throw ValidationError("--log-format goes with --handoff.") }
    }
}
