import ArgumentParser
import ComposePhase
import Glibc
import ProductMD
import PungiConfig

/// `run --handoff FILE`: the run that Pungi's own phase asks for.
extension Run {
    /// The handoff says all that these would say.
    func validateHandoff() throws {
        let others: [(isGiven: Bool, name: String)] = [
            (config != nil, "a configuration"), (compose.targetDir != nil, "--target-dir"),
            (compose.composeDir != nil, "--compose-dir"), (compose.label != nil, "--label"),
            (compose.noLabel, "--no-label"), (compose.supported, "--supported"),
            (compose.type != nil, "a type of compose"), (compose.date != nil, "--date"),
            (compose.respin != nil, "--respin"), (plan != nil, "--plan"), (!selection.only.isEmpty, "--only"),
            (selection.scratch, "--scratch"), (!notifications.scripts.isEmpty, "--notification-script"),
        ]
        let given = others.filter(\.isGiven).map(\.name)
        guard given.isEmpty else {
            throw ValidationError(
                "--handoff says which compose and configuration it is for, and goes with none of:"
                    + " \(given.joined(separator: ", ")).")
        }
        guard !hub.rehearse else {
            throw ValidationError(
                "--handoff goes with no --rehearse: start phase-runner rehearsal-hub, name its profile, and give"
                    + " --mark-rehearsal.")
        }
    }

    /// A compose that has a run already is gone on with, so that a Pungi that is started again sends nothing twice.
    func prepare(handoff path: String) throws -> Job {
        if phase.logFormat == .pungi { Console.use(.pungi) }
        let handoff = try HandoffInput.load(path)
        let plan = handoff.plan(namesHub: hub.namesHub)
        DiagnosticPrinter.show(plan.diagnostics)
        guard plan.isRunnable else { throw VerbFailure(.invalid) }
        if phase.check { try checkSite(handoff) }
        if phase.markRehearsal { try markRehearsal(handoff.layout) }
        if phase.check {
            try write(HandoffResult(planned: plan, of: handoff))
            return Job(run: nil, hub: nil)
        }
        unlink(resultPath(handoff))
        let existing = try ExistingCompose(handoff.layout.top)
        guard let record = existing.record else {
            return try job(handoff, plan, .new(.composeDirectory(handoff.layout.top), .handoff(handoff.bytes)))
        }
        guard try existing.plan().tasks == plan.tasks else {
            Console.warning(
                "the configuration has changed since the run in \(handoff.layout.top) was begun: images that are asked for"
                    + " as before are not sent again, all others are")
            return try job(handoff, plan, .replanned(directory: handoff.layout.top, .handoff(handoff.bytes)))
        }
        var run = try RunJob(
            takingUp: existing, try existing.run(), options, hub, notifications, .init(retriesFailed: true))
        run.handoff = handoff
        run.conduct = run.conduct.forHandoff
        run.conduct.leavesWithCaller = phase.leaveWithCaller
        return Job(run: run, hub: try hub.choice(toTakeUp: record))
    }

    /// With the check already, so that no part of the compose is made before it says what it is.
    private func markRehearsal(_ layout: ComposeLayout) throws {
        do {
            guard try ComposeDirectory.markRehearsal(layout) else { return }
        } catch {
            throw VerbFailure(.composeUnusable, error.description)
        }
        Console.warning("\(layout.top) is a rehearsal from now on (--mark-rehearsal): no image in it will be one")
    }

    /// What the options name must be there: Pungi has this checked first, and the run comes hours later.
    private func checkSite(_ handoff: Handoff) throws {
        _ = try SettingsInput.load(options.settings)
        guard hub.kojiProfile != nil || hub.kojiConfig != nil else { return }
        _ = try hub.choice(profileOfConfig: handoff.settings.kojiProfile?.value)
    }

    private func job(_ handoff: Handoff, _ plan: PhasePlan, _ beginning: RunJob.Beginning) throws -> Job {
        let settings = try SettingsInput.load(options.settings).effective
        var policy = settings.policy
        options.apply(to: &policy)
        var conduct = RunConduct(options, hub, notifications, settings).forHandoff
        conduct.leavesWithCaller = phase.leaveWithCaller
        conduct.looksAhead = !noPreflight
        conduct.freeze = try options.freezeRule(over: settings.freeze)
        let choice = try hub.choice(profileOfConfig: handoff.settings.kojiProfile?.value)
        let loaded = ConfigInput.Loaded(handoff)
        return Job(
            run: RunJob(
                settings: loaded.withoutBlocks.settings, variants: handoff.variants, identity: handoff.compose,
                plan: plan, profile: choice?.profile, policy: policy, conduct: conduct, beginning: beginning,
                handoff: handoff),
            hub: choice)
    }

    // MARK: The result

    func write(_ result: HandoffResult) throws {
        do {
            // A check begins nothing, so the place may not be there yet.
            if phase.result == nil { try AtomicFile.makeDirectories(result.handoff.layout.path(ComposeLayout.work)) }
            try AtomicFile.write(JSONWriter.pretty(result.json), to: resultPath(result.handoff))
        } catch {
            throw VerbFailure(.composeUnusable, error.description)
        }
    }

    private func resultPath(_ handoff: Handoff) -> String {
        phase.result.map { Paths.absolute($0) } ?? handoff.layout.path(ComposeLayout.handoffResult)
    }
}
