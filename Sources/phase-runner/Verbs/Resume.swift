import ArgumentParser
import ComposePhase
import Koji
import PungiConfig

/// `resume COMPOSE_DIR`: goes on where a run stopped, however it stopped.
struct Resume: HubVerb {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a run that was killed, stopped or canceled.",
        discussion: """
            Tasks that run or have ended on the hub are taken up, what was never submitted is, what was canceled is \
            submitted again, what is missing is fetched: the compose ends as an undisturbed run's. Config, plan and hub are \
            those that the run was begun with. Exit status as for run.
            """)

    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Hub") var hub: HubOptions
    @OptionGroup(title: "Notifications") var notifications: NotificationOptions

    @Flag(help: "Build again what failed; also of a compose that has come to its end.")
    var retryFailed = false

    @Option(
        help: ArgumentHelp(
            "Build again under this release: where an image is complete but for an arch that may fail, its"
                + " name-version-release is spent.", valueName: "release"))
    var newRelease: String?

    @Argument(help: ArgumentHelp("The compose directory.", valueName: "compose-dir"))
    var directory: String

    func validate() throws {
        guard newRelease == nil || retryFailed else { throw ValidationError("--new-release goes with --retry-failed.") }
        guard !hub.rehearse else {
            throw ValidationError("The built-in hub of a rehearsal ends with it: there is nothing to take up.")
        }
        if let newRelease, newRelease.isEmpty || newRelease.contains("-") {
            throw ValidationError("--new-release is a release: not empty, and without a hyphen.")
        }
    }

    struct Job: Sendable {
        let run: RunJob
        let hub: HubChoice
    }

    func prepare() throws -> Job {
        let existing = try ExistingCompose(directory)
        let record = try existing.run()
        return Job(
            run: try RunJob(
                takingUp: existing, record, options, hub, notifications,
                .init(retriesFailed: retryFailed, release: newRelease)),
            hub: try hub.choice(toTakeUp: record))
    }

    func perform(_ job: Job) async throws {
        let signals = await SignalWatch()
        let ending = try await job.run.run(on: HubConnection(job.hub, trace: job.run.openTrace()), signals)
        let status = RunEnding.exitStatus(of: ending.outcome, failOnIncomplete: options.failOnIncomplete)
        if let status { throw VerbFailure(status) }
    }
}

extension RunJob {
    /// The job of taking up what the files of a compose tell of.
    init(
        takingUp existing: ExistingCompose, _ record: RunRecord, _ options: RunOptions, _ hub: HubOptions,
        _ notifications: NotificationOptions, _ wish: TakeUp
    ) throws {
        let handoff = try existing.handoff()
        let loaded = try handoff.map { ConfigInput.Loaded($0) } ?? existing.savedConfig()
        let plan = try existing.plan()
        let identity: ComposeIdentity
        do {
            identity = try ComposeIdentity(
                settings: loaded.settings, planned: plan.compose, isFinal: record.isFinal)
        } catch {
            throw VerbFailure(.composeUnusable, "the plan of \(existing.layout.top): \(error)")
        }
        // Limits and deadlines may be others now; what was decided by the old ones stands in the journal.
        var policy = record.policy
        let settings = try SettingsInput.load(options.settings)
        if let given = settings.given {
            policy = given.policy
            policy.limits = policy.limits.on(server: record.hub, profile: record.profile)
        }
        options.apply(to: &policy)
        var conduct = RunConduct(options, hub, notifications, settings.effective)
        let freeze = settings.given?.freeze ?? record.freeze
        // To cancel, nothing need be frozen.
        conduct.freeze =
            wish.cancelledBy == nil ? try options.freezeRule(over: freeze) : try? options.freezeRule(over: freeze)
        if handoff != nil { conduct = conduct.forHandoff }
        self.init(
            settings: loaded.withoutBlocks.settings, variants: loaded.variants, identity: identity, plan: plan,
            profile: record.profile, policy: policy,
            conduct: conduct, beginning: .takenUp(directory: existing.layout.top, record, wish), handoff: handoff)
    }
}

extension HubOptions {
    /// The hub that a run was begun on: by the profile that the command line names, else by its own.
    func choice(toTakeUp record: RunRecord) throws -> HubChoice {
        guard let choice = try choice(profileOfConfig: record.profile) else {
            throw VerbFailure(.invalid, "--rehearse cannot take a run up")
        }
        return choice
    }
}
