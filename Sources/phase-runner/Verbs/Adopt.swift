import ArgumentParser
import ComposePhase
import Koji
import ProductMD
import PungiConfig

/// `adopt COMPOSE_DIR`: takes over a compose whose Pungi died.
struct Adopt: HubVerb {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Take over the image builds of a compose whose Pungi died.",
        discussion: """
            Reads the config dump, the variants and logs/global/koji-tasks that Pungi left, finds the tasks of the \
            imagebuilder phase among them by their requests, and goes on as resume does. Pungi's STATUS is left alone. Also \
            for a compose of ours whose journal is damaged. Exit status as for run.
            """)

    @OptionGroup(title: "Run") var options: RunOptions
    @OptionGroup(title: "Hub") var hub: HubOptions
    @OptionGroup(title: "Notifications") var notifications: NotificationOptions

    @Argument(help: ArgumentHelp("The compose directory.", valueName: "compose-dir"))
    var directory: String

    func validate() throws {
        guard !hub.rehearse else { throw ValidationError("The built-in hub has no tasks to take over.") }
    }

    struct Job: Sendable {
        let run: RunJob
        let hub: HubChoice
    }

    func prepare() throws -> Job {
        let existing = try ExistingCompose(directory)
        let loaded = try existing.savedConfig()
        let identity = try identity(existing, loaded)
        let plan = ConfigInput.plan(loaded, identity, directory: existing.layout.top, namesHub: hub.namesHub)
        DiagnosticPrinter.show(plan.diagnostics)
        guard plan.isRunnable, let saved = loaded.saved else { throw VerbFailure(.invalid) }
        let profile = hub.kojiProfile ?? existing.record?.profile ?? loaded.settings.kojiProfile?.value
        guard let choice = try hub.choice(profileOfConfig: profile) else {
            throw VerbFailure(.invalid, "no hub is named; give --koji-profile")
        }
        let settings = try SettingsInput.load(options.settings)
        var policy = settings.effective.policy
        options.apply(to: &policy)
        var conduct = RunConduct(options, hub, notifications, settings.effective)
        conduct.freeze = try options.freezeRule(over: settings.effective.freeze)
        return Job(
            run: RunJob(
                settings: loaded.withoutBlocks.settings, variants: loaded.variants, identity: identity, plan: plan,
                profile: profile ?? "koji", policy: policy,
                conduct: conduct,
                beginning: .adopted(directory: existing.layout.top, saved)),
            hub: choice)
    }

    /// Whose compose it is: as Pungi's first run said, or as our plan says.
    private func identity(_ existing: ExistingCompose, _ loaded: ConfigInput.Loaded) throws -> ComposeIdentity {
        let path = existing.layout.path(ComposeLayout.baseComposeInfo)
        do {
            if let bytes = try AtomicFile.read(path) {
                return try ComposeIdentity(
                    settings: loaded.settings, adopting: try ComposeInfoDocument.readCompose(bytes, name: path))
            }
            return try ComposeIdentity(
                settings: loaded.settings, planned: try existing.plan().compose,
                isFinal: existing.record?.isFinal ?? false)
        } catch let failure as VerbFailure {
            throw failure
        } catch {
            throw VerbFailure(.composeUnusable, "the compose in \(existing.layout.top) cannot be told: \(error)")
        }
    }

    func perform(_ job: Job) async throws {
        let signals = await SignalWatch()
        let ending = try await job.run.run(on: HubConnection(job.hub, trace: job.run.openTrace()), signals)
        let status = RunEnding.exitStatus(of: ending.outcome, failOnIncomplete: options.failOnIncomplete)
        if let status { throw VerbFailure(status) }
    }
}
