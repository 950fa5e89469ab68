import ArgumentParser
import ComposePhase
import Koji
import ProductMD
import PungiConfig
import RehearsalHub

/// `run CONFIG`: submits the plan, watches it, brings the images in and records them.
struct Run: HubVerb {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Build the images of a compose: submit, watch, fetch, record.",
        usage: """
            phase-runner run [<options>] <config>
            phase-runner run --compose-dir <dir> [--amend-finished] [<options>]
            phase-runner run --handoff <file> [--check] [--result <file>] [--log-format <format>] [<options>]
            """,
        discussion: """
            Exit status: 0 done (also when only images that may fail did, unless --fail-on-incomplete), 1 a required \
            image failed, 2 usage error or invalid configuration, 3 incomplete with --fail-on-incomplete, 4 the hub \
            cannot be used, 5 the compose directory cannot be worked on or the deadline has passed, 6 canceled by cancel, \
            129/130/143 ended by a signal after everything submitted was canceled (or left, by --on-term leave); a second \
            SIGINT ends at once and lists what still runs. A run that ended early is taken up with resume.
            """)

    @OptionGroup(title: "Compose") var compose: ComposeOptions
    @OptionGroup(title: "Images") var selection: SelectionOptions
    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Notifications") var notifications: NotificationOptions
    @OptionGroup(title: "Hub") var hub: HubOptions
    @OptionGroup(title: "Rehearsal") var rehearsal: RehearsalOptions

    @Option(
        help: ArgumentHelp("Write the built-in hub's log, a line for each call and state.", valueName: "file"))
    var hubLog: String?

    @Option(help: ArgumentHelp("Do exactly what this reviewed plan says; JSON or YAML.", valueName: "file"))
    var plan: String?

    @Flag(help: "Do what --plan says although files of the configuration have changed since it was made.")
    var allowChangedConfig = false

    @Flag(help: "Submit without looking at targets, package lists and builders first.")
    var noPreflight = false

    @Option(
        help: ArgumentHelp(
            "Write the compose's directory into this file as soon as there is one, before anything is submitted.",
            valueName: "file"))
    var noteCompose: String?

    @Flag(
        help: """
            Add to the compose of --compose-dir although Pungi has finished it: what is in its images.json is not built \
            again, and its STATUS stays.
            """)
    var amendFinished = false

    @OptionGroup(title: "Pungi's phase") var phase: HandoffOptions

    @Argument(help: ArgumentHelp("The Pungi configuration, *.conf or *.json.", valueName: "config"))
    var config: String?

    func validate() throws {
        guard phase.handoff == nil else { return try validateHandoff() }
        guard config != nil || compose.composeDir != nil else {
            throw ValidationError(
                "Name the configuration, or the compose that Pungi made with one: --compose-dir; or give --handoff.")
        }
        guard config != nil || plan == nil else { throw ValidationError("--plan goes with a configuration.") }
        guard !amendFinished || compose.composeDir != nil else {
            throw ValidationError("--amend-finished goes with --compose-dir.")
        }
        guard hub.rehearse || hubLog == nil else { throw ValidationError("--hub-log goes with --rehearse.") }
        guard plan == nil || (selection.only.isEmpty && !selection.scratch) else {
            throw ValidationError("--plan does exactly what the plan says, and goes with no --only or --scratch.")
        }
        guard plan != nil || !allowChangedConfig else {
            throw ValidationError("--allow-changed-config goes with --plan.")
        }
        guard compose.targetDir != nil || compose.composeDir != nil else {
            throw ValidationError("Say where the compose goes: --target-dir or --compose-dir.")
        }
    }

    /// A plan that may be run, and the hub to run it on.
    struct Job: Sendable {
        /// Nil where nothing is to be run: what was handed over was only checked.
        let run: RunJob?
        /// nil is the built-in one.
        let hub: HubChoice?
        /// The same under the first respin that is free now; nil where it is said which one.
        var next: (@Sendable () throws -> RunJob)?
    }

    func prepare() throws -> Job {
        if let handoff = phase.handoff { return try prepare(handoff: handoff) }
        let loaded = try load()
        let (identity, plan) = try nextPlan(loaded)
        DiagnosticPrinter.show(plan.diagnostics)
        if amendFinished, plan.isRunnable, plan.tasks.isEmpty {
            Console.line("\(identity.id) has every image already; there is nothing to add")
            return Job(run: nil, hub: nil)
        }
        guard plan.isRunnable, let saved = loaded.saved else { throw VerbFailure(.invalid) }
        let settings = try SettingsInput.load(options.settings).effective
        var policy = settings.policy
        options.apply(to: &policy)
        var conduct = RunConduct(options, hub, notifications, settings)
        conduct.looksAhead = !noPreflight
        conduct.note = noteCompose.map { Paths.absolute($0) }
        conduct.amendsFinished = amendFinished
        conduct.freeze = try options.freezeRule(over: settings.freeze)
        let since = SinceLast(
            plan, in: compose.directory(for: identity.id), isRehearsal: hub.rehearse, selection)
        since.lines(atMost: 40, colours: Console.hasColour).forEach { Console.line($0) }
        conduct.sinceLast = since.told
        let choice = try hub.choice(profileOfConfig: loaded.settings.kojiProfile?.value)
        let run = RunJob(
            settings: loaded.withoutBlocks.settings, variants: loaded.variants, identity: identity, plan: plan,
            profile: choice?.profile, policy: policy, conduct: conduct, beginning: .new(place(identity), saved))
        let next = { @Sendable () throws -> RunJob in
            var next = run
            (next.identity, next.plan) = try nextPlan(loaded)
            next.beginning = .new(place(next.identity), saved)
            return next
        }
        return Job(run: run, hub: choice, next: picksRespin ? next : nil)
    }

    /// The compose that is made now, and what is built for it.
    private func nextPlan(_ loaded: ConfigInput.Loaded) throws -> (ComposeIdentity, PhasePlan) {
        let identity = try ConfigInput.nextCompose(loaded, compose, picksRespin: picksRespin)
        var plan = try selection.apply(
            to: ConfigInput.plan(
                loaded, identity, directory: compose.directory(for: identity.id), namesHub: hub.namesHub))
        plan.sources = loaded.sources
        if let path = self.plan {
            plan = try ReviewedPlan.load(
                path, for: identity, sources: plan.sources ?? [], allowsChanges: allowChangedConfig)
        }
        if amendFinished { plan = plan.without(try recordedImages()) }
        return (identity, plan)
    }

    /// Whether the respin is the first whose directory can be made; a reviewed plan is for one compose.
    private var picksRespin: Bool { compose.picksRespin && plan == nil }

    func perform(_ job: Job) async throws {
        guard var run = job.run else { return }
        let signals = await SignalWatch()
        var ending: RunJob.Ending?
        while ending == nil {
            do {
                ending = try await perform(run, on: job.hub, signals)
            } catch let taken as ComposeDirectory.Failure {
                // Between the choice of a respin and the making of its directory the hub is asked, which takes time.
                guard let next = job.next else { throw VerbFailure(.composeUnusable, taken.description) }
                Console.line("another run has just begun \(run.identity.id); this one takes the next respin")
                run = try next()
            }
        }
        guard let ending else { return }
        if let handoff = run.handoff { try write(HandoffResult(ending.state, of: run.plan, handoff)) }
        let status = RunEnding.exitStatus(of: ending.outcome, failOnIncomplete: options.failOnIncomplete)
        if let status { throw VerbFailure(status) }
    }

    private func perform(
        _ run: RunJob, on hub: HubChoice?, _ signals: SignalWatch
    ) async throws -> RunJob.Ending {
        guard let hub else {
            return try await RehearsalSession.run(rehearsal, log: hubLog) { running in
                try await run.run(on: HubConnection(.rehearsal(running), trace: run.openTrace()), signals)
            }
        }
        do {
            return try await run.run(on: HubConnection(hub, trace: run.openTrace()), signals)
        } catch let taken as ComposeDirectory.Failure {
            throw taken
        } catch {
            if !run.hasBegun { await couldNotStart(error) }
            throw error
        }
    }

    /// As pungi-koji: scripts hear of a compose that does not begin.
    func couldNotStart(_ error: any Error) async {
        guard !hub.rehearse, phase.handoff == nil, let config else { return }
        let settings = (try? SettingsInput.load(options.settings).effective) ?? RunSettings()
        let target = compose.targetDir.map { Paths.absolute($0) }
        let scripts = NotificationScripts(
            commands: settings.notificationScripts + notifications.scripts, timeout: settings.notificationTimeout,
            place: .beforeCompose(targetDirectory: target), isRehearsal: false, warn: { Console.warning($0) })
        await scripts.post(
            .failToStart(
                command: CommandLine.arguments, targetDirectory: target, config: config,
                detail: (error as? VerbFailure)?.message ?? "the configuration is invalid"))
        await scripts.finish()
    }

    // MARK: Which compose

    /// The configuration that is named, else that of the Pungi that made the compose.
    private func load() throws -> ConfigInput.Loaded {
        if let config { return try ConfigInput.load(config, isKept: true) }
        let existing = try ExistingCompose(compose.composeDir ?? "")
        guard existing.record == nil else {
            throw VerbFailure(
                .composeUnusable,
                "\(existing.layout.top) holds a run of this program already; go on with it by phase-runner resume"
                    + " \(existing.layout.top)")
        }
        guard AtomicFile.exists(existing.layout.path(ComposeLayout.baseComposeInfo)) else {
            throw VerbFailure(
                .composeUnusable,
                "\(existing.layout.top) is no compose that Pungi began (it has no \(ComposeLayout.baseComposeInfo));"
                    + " name a configuration to begin one")
        }
        return try existing.savedConfig()
    }

    private func recordedImages() throws -> RecordedImages {
        let path = ComposeLayout(top: Paths.absolute(compose.composeDir ?? "")).path(ComposeLayout.images)
        do {
            // Pungi writes none where every phase that makes images was skipped.
            guard let bytes = try AtomicFile.read(path) else { return RecordedImages() }
            return RecordedImages(try ImagesManifest.decode(bytes, name: path))
        } catch {
            throw VerbFailure(.composeUnusable, "what the compose has cannot be told: \(error)")
        }
    }

    private func place(_ identity: ComposeIdentity) -> ComposeDirectory.Place {
        if let directory = compose.composeDir { return .composeDirectory(Paths.absolute(directory)) }
        return .newBelow(target: Paths.absolute(compose.targetDir ?? "."), id: identity.id)
    }
}
