import ArgumentParser
import ComposePhase
import Koji
import PungiConfig

/// `cancel COMPOSE_DIR`: cancels the image builds of a compose, from any shell or host.
struct Cancel: HubVerb {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel the image builds of a compose, from any shell or host.",
        discussion: """
            Asks the process that works on the compose to stop; where there is none, or it does not answer in time, cancels \
            the tasks itself, by logs/global/koji-tasks. Looks afterwards whether each is canceled. Exit status: 0 nothing is \
            left running, 1 something could not be canceled and is listed, 2 usage error, 4 the hub cannot be used, 5 the \
            compose cannot be worked on.
            """)

    @Option(help: ArgumentHelp("Seconds to wait for the process that works on the compose.", valueName: "s"))
    var wait = 60

    @OptionGroup(title: "Hub") var hub: HubOptions

    @Argument(help: ArgumentHelp("The compose directory.", valueName: "compose-dir"))
    var directory: String

    func validate() throws {
        guard 0...86400 ~= wait else { throw ValidationError("--wait is 0 to 86400 seconds.") }
        guard !hub.rehearse else { throw ValidationError("The built-in hub ends with its rehearsal.") }
    }

    struct Job: Sendable {
        let layout: ComposeLayout
        /// For a run that nobody works on any more; nil where there is no run of ours.
        let run: RunJob?
        /// Nil is a rehearsal on the built-in hub, which only its own process can reach.
        let hub: HubChoice?
    }

    func prepare() throws -> Job {
        let existing = try ExistingCompose(directory)
        guard let record = existing.record else {
            let profile = try? existing.savedConfig().settings.kojiProfile?.value
            return Job(layout: existing.layout, run: nil, hub: try hub.choice(profileOfConfig: profile))
        }
        guard record.profile != nil else { return Job(layout: existing.layout, run: nil, hub: nil) }
        var wish = RunJob.TakeUp()
        wish.cancelledBy = ThisHost.user
        let run = try RunJob(
            takingUp: existing, record, try RunOptions.parse([]), hub, try NotificationOptions.parse([]), wish)
        return Job(layout: existing.layout, run: run, hub: try hub.choice(toTakeUp: record))
    }

    func perform(_ job: Job) async throws {
        let owner = ComposeLock.owner(in: job.layout)
        if let owner, owner.isAlive != false {
            if try await askOwner(owner, job.layout) { return }
        } else if let run = job.run, let hub = job.hub {
            return try await cancelAbandoned(run, on: hub)
        }
        guard let hub = job.hub else {
            throw VerbFailure(.hubUnusable, "the rehearsal's own hub can only be reached by its process")
        }
        try await cancelDirectly(job.layout, on: HubConnection(hub))
    }

    // MARK: By the process that works on it

    /// True when it has stopped.
    private func askOwner(_ owner: ComposeLock.Holder, _ layout: ComposeLayout) async throws -> Bool {
        do {
            try CancelRequest.put(in: layout, by: ThisHost.user, at: SystemClock().now())
        } catch {
            throw VerbFailure(.composeUnusable, error.description)
        }
        Console.line("\(owner.owner) was asked to cancel; waiting \(wait) s for it")
        for _ in 0..<wait * 2 {
            guard let now = ComposeLock.owner(in: layout), now.isAlive != false else {
                return try reportStopped(layout)
            }
            try await Task.sleep(for: .milliseconds(500))
        }
        Console.warning("\(owner.owner) did not answer; its tasks are canceled from here")
        return false
    }

    private func reportStopped(_ layout: ComposeLayout) throws -> Bool {
        Console.line("the run has ended; how it went is in \(layout.path(ComposeLayout.result))")
        guard let left = LeftRunning.read(layout) else { return true }
        for line in left { Console.line(line) }
        if !left.isEmpty { throw VerbFailure(.phaseFailed) }
        return true
    }

    // MARK: In its place

    private func cancelAbandoned(_ run: RunJob, on hub: HubChoice) async throws {
        let signals = await SignalWatch()
        let ending = try await run.run(on: HubConnection(hub, trace: run.openTrace()), signals)
        guard ending.outcome.leftRunning.isEmpty else { throw VerbFailure(.phaseFailed) }
    }

    private func cancelDirectly(_ layout: ComposeLayout, on hub: HubConnection) async throws {
        do {
            let left = try await TaskCancellation(session: hub.session).cancel(
                try KojiTaskFiles.ids(in: layout))
            await hub.close()
            for (id, reason) in left.sorted(by: { $0.key < $1.key }) {
                Console.line("NOT CANCELED: task \(id): \(reason); cancel it with: koji cancel \(id)")
            }
            if !left.isEmpty { throw VerbFailure(.phaseFailed) }
        } catch let failure as KojiFailure {
            await hub.close()
            throw VerbFailure(.hubUnusable, failure.message)
        } catch let failure as AtomicFile.Failure {
            await hub.close()
            throw VerbFailure(.composeUnusable, failure.description)
        }
    }
}
