import Koji
import TestSupport

@testable import ComposePhase

/// Plays a schedule against a model hub, in any order that a real run could take: actions wait their turn, time passes,
/// answers get lost.
struct ScheduleGame {
    var state: ScheduleState
    var hub: ModelHub
    /// All that a real run would have written, in order.
    private(set) var journal: [JournalEntry] = []
    /// The hub as it was when each entry had been written.
    private(set) var hubs: [ModelHub] = []
    private(set) var now = 0.0
    private(set) var broken: [String] = []
    private var outstanding: [ScheduleAction] = []
    private var submits: [Double] = []
    private let losesAnswers: Bool

    init(_ tasks: [ScheduledTask], _ hub: ModelHub, policy: SchedulePolicy, losesAnswers: Bool) {
        state = ScheduleState(policy: policy)
        self.hub = hub
        self.losesAnswers = losesAnswers
        take(.planned(tasks))
    }

    /// A new process that has the journal, and a hub that went on meanwhile.
    init(resuming journal: [JournalEntry], _ hub: ModelHub, policy: SchedulePolicy, at now: Double) {
        state = ScheduleState(replaying: journal, policy: policy)
        self.hub = hub
        self.journal = journal
        self.now = now
        losesAnswers = false
        take(.resumed(by: "another process"))
        if let id = state.requiredFailure, !policy.keepsGoing { take(.stopRequested(.requiredImageFailed(id))) }
    }

    mutating func take(_ event: ScheduleEvent) {
        let wasDone = state.progress.filter { if case .done = $0.phase { true } else { false } }.map(\.task.id)
        if event.isDurable { journal.append(JournalEntry(instant: Instant(seconds: now), event: event)) }
        outstanding += state.apply(event, at: Instant(seconds: now))
        if event.isDurable { hubs.append(hub) }
        for id in wasDone {
            if case .done? = state[id]?.phase { continue }
            broken.append("\(id) was done and is \(String(describing: state[id]?.phase)) after \(event)")
        }
        check()
    }

    // MARK: One step

    /// Plays to the end; false if nothing can happen any more although it has not come.
    mutating func play(using random: inout SeededGenerator) -> Bool {
        for _ in 0..<20_000 {
            if state.isFinished { return true }
            step(using: &random)
        }
        return false
    }

    private mutating func step(using random: inout SeededGenerator) {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<5 where !outstanding.isEmpty:
            perform(outstanding.remove(at: Int.random(in: 0..<outstanding.count, using: &random)), using: &random)
        case 5..<7: hub.advance(using: &random)
        case 7: watch()
        default: passTime(using: &random)
        }
    }

    private mutating func perform(_ action: ScheduleAction, using random: inout SeededGenerator) {
        switch action {
        case .submit(let id):
            guard state.stopReason == nil, let attempt = state[id]?.attempt else { return }
            take(.submitting(id, attempt, after: hub.newest))
            guard case .submitting? = state[id]?.phase else { return }
            submits.append(now)
            if hub.fates[id] == .refused {
                return take(.refused(id, TaskFailure(kind: .refused, message: "no")))
            }
            let isLost = losesAnswers && Int.random(in: 0..<5, using: &random) == 0
            // A lost answer says nothing about whether the task was made.
            guard !isLost || Bool.random(using: &random) else { return take(.answerLost(id, wasDone: false)) }
            let made = hub.submit(id, attempt)
            take(isLost ? .answerLost(id, wasDone: false) : .submitted(id, made))
        case .lookUp(let id, let after):
            guard let attempt = state[id]?.attempt else { return }
            let known = state.knownHubTasks
            take(.lookedUp(id, found: hub.find(id, attempt, after: after).filter { !known.contains($0) }))
        case .diagnose(let id, let hubTask, _):
            take(.diagnosed(id, hub.diagnosis(hubTask, chance: Double.random(in: 0...1, using: &random))))
        case .collect(let id, let parts, _):
            for part in parts where hub.state(part.hubTask) != .closed {
                broken.append("\(id) is collected from task \(part.hubTask), which is not closed")
            }
            take(.collected(id, images: ["x"], missing: [:]))
        case .cancel(let id, let hubTask):
            hub.cancel(hubTask)
            take(.cancelAnswered(id, failure: nil))
        case .stop(let reason): take(.stopRequested(reason))
        }
    }

    private mutating func watch() {
        let seen = state.watchList.trees.compactMap { tree in
            hub.state(tree.parent).map { TaskObservation(task: tree.task, state: $0) }
        }.filter { state.isNews($0) }
        if !seen.isEmpty { take(.observed(seen)) }
    }

    private mutating func passTime(using random: inout SeededGenerator) {
        // Mostly to the next moment at which something is due, as a timer does.
        if let next = state.nextWake, next.seconds > now, Bool.random(using: &random) {
            now = next.seconds
        } else {
            now += Double.random(in: 0...5, using: &random)
        }
        take(.timePassed)
    }

    // MARK: What must hold at every moment

    private mutating func check() {
        let limits = state.policy.limits
        let live = state.progress.filter { $0.phase.isOnHub }
        if live.count > limits.tasks { broken.append("\(live.count) tasks on the hub") }
        for (arch, limit) in limits.perArch where live.count(where: { $0.attempt.arches.contains(arch) }) > limit {
            broken.append("more than \(limit) on \(arch)")
        }
        for (target, limit) in limits.perTarget where live.count(where: { $0.task.target == target }) > limit {
            broken.append("more than \(limit) for \(target)")
        }
        if let rate = limits.submitsPerMinute, submits.count(where: { now - $0 < 60 }) > rate {
            broken.append("more than \(rate) submits within a minute")
        }
        for progress in state.progress {
            let running = hub.made.count { $0.image == progress.task.id && !$0.state.isFinal }
            if running > 1 { broken.append("\(progress.task.id) has \(running) running tasks") }
            let good = hub.made.count { $0.image == progress.task.id && $0.state == .closed }
            if good > 1, !progress.task.isScratch { broken.append("\(progress.task.id) was built well twice") }
        }
    }

    /// How the images ended: what a resumed run must come to as well.
    var ends: [ImageTaskID: String] {
        Dictionary(
            uniqueKeysWithValues: state.progress.map { progress in
                switch progress.phase {
                case .done: (progress.task.id, "done")
                case .failed(_, let failure): (progress.task.id, "failed: \(failure.kind)")
                default: (progress.task.id, "\(progress.phase)")
                }
            })
    }
}
