import Koji
import TestSupport
import Testing

@testable import ComposePhase

/// Generated schedules, played against a model hub. The seed is in every complaint.
@Suite("Generated schedules", .timeLimit(.minutes(2)))
struct SchedulePropertyTests {
    struct World {
        let tasks: [ScheduledTask]
        let hub: ModelHub
        let policy: SchedulePolicy

        init(using random: inout SeededGenerator, keepsGoing: Bool? = nil) {
            var policy = SchedulePolicy()
            policy.keepsGoing = keepsGoing ?? Bool.random(using: &random)
            if Bool.random(using: &random) { policy.limits.tasks = Int.random(in: 1...4, using: &random) }
            if Bool.random(using: &random) { policy.limits.perArch["aarch64"] = Int.random(in: 1...2, using: &random) }
            if Bool.random(using: &random) { policy.limits.perTarget["t1"] = Int.random(in: 1...2, using: &random) }
            if Bool.random(using: &random) {
                policy.limits.submitsPerMinute = Int.random(in: 1...5, using: &random)
            }
            policy.limits.collecting = Int.random(in: 1...3, using: &random)
            policy.retry.firstWait = 10
            var fates: [ImageTaskID: ModelHub.Fate] = [:]
            tasks = (0..<Int.random(in: 1...7, using: &random)).map { number in
                let id = ImageTaskID("V/\(number)/raw")
                // Mostly good: else hardly a run would come far.
                fates[id] =
                    Bool.random(using: &random) ? .good : ModelHub.Fate.allCases.randomElement(using: &random) ?? .good
                let arches = [["x86_64"], ["aarch64"], ["aarch64", "x86_64"]].randomElement(using: &random) ?? []
                return ScheduledTask(
                    id: id, arches: arches, failableArches: Bool.random(using: &random) ? arches : [],
                    target: Bool.random(using: &random) ? "t1" : "t2", priority: Int.random(in: -1...1, using: &random),
                    attempts: Int.random(in: 1...3, using: &random))
            }
            hub = ModelHub(fates)
            self.policy = policy
        }

        /// What must come of an image when nothing stops the run.
        func expected(_ task: ScheduledTask) -> String {
            switch hub.fates[task.id] {
            case .good, nil: "done"
            case .trouble1: task.attempts > 1 ? "done" : "failed: failed"
            case .trouble2: task.attempts > 2 ? "done" : "failed: failed"
            case .trouble, .content: "failed: failed"
            case .refused: "failed: refused"
            }
        }
    }

    @Test("limits hold at every moment, each image ends once and as its fate says, nothing is built well twice")
    func invariants() {
        for round in 0..<3000 {
            let seed = UInt64.random(in: 0...UInt64.max)
            var random = SeededGenerator(seed: seed)
            let world = World(using: &random)
            var game = ScheduleGame(world.tasks, world.hub, policy: world.policy, losesAnswers: true)
            let hasEnded = game.play(using: &random)
            #expect(hasEnded, "seed \(seed): stuck at \(game.ends)")
            #expect(game.broken.isEmpty, "seed \(seed): \(game.broken.prefix(3))")
            for task in world.tasks {
                let attempts = game.hub.made.count { $0.image == task.id }
                #expect(attempts <= task.attempts, "seed \(seed): \(task.id) was sent \(attempts) times")
                guard game.state.stopReason == nil else { continue }
                #expect(game.ends[task.id] == world.expected(task), "seed \(seed), round \(round)")
            }
            let left = game.hub.made.filter { !$0.state.isFinal }
            #expect(left.isEmpty, "seed \(seed): left running \(left)")
        }
    }

    @Test("a run that is stopped at any moment leaves nothing running, and submits nothing more")
    func stopped() {
        for _ in 0..<500 {
            let seed = UInt64.random(in: 0...UInt64.max)
            var random = SeededGenerator(seed: seed)
            let world = World(using: &random)
            var calm = ScheduleGame(world.tasks, world.hub, policy: world.policy, losesAnswers: true)
            _ = calm.play(using: &random)
            let moment = Int.random(in: 1...calm.journal.count, using: &random)
            var game = ScheduleGame(
                resuming: Array(calm.journal.prefix(moment)), calm.hubs[moment - 1], policy: world.policy, at: 1000)
            game.take(.stopRequested(.signal(15)))
            let before = game.hub.made.count
            let hasEnded = game.play(using: &random)
            #expect(hasEnded, "seed \(seed): stuck at \(game.ends)")
            #expect(game.hub.made.count == before, "seed \(seed)")
            let left = game.hub.made.filter { !$0.state.isFinal }
            #expect(left.isEmpty, "seed \(seed): left running \(left)")
        }
    }

    @Test("every beginning of a journal can be taken up, and comes to the same end with one task a try")
    func everyPrefix() {
        var prefixes = 0
        for _ in 0..<150 {
            let seed = UInt64.random(in: 0...UInt64.max)
            var random = SeededGenerator(seed: seed)
            // To the end in any case, so that the end is the same whatever comes first.
            let world = World(using: &random, keepsGoing: true)
            var calm = ScheduleGame(world.tasks, world.hub, policy: world.policy, losesAnswers: true)
            let isCalm = calm.play(using: &random)
            #expect(isCalm, "seed \(seed): stuck")
            for length in 1...calm.journal.count {
                prefixes += 1
                var hub = calm.hubs[length - 1]
                let journal = Array(calm.journal.prefix(length))
                // Killed after the intent was safe: the request may have gone out, and the hub may have carried it out.
                if case .submitting(let id, let attempt, _)? = journal.last?.event, world.hub.fates[id] != .refused,
                    Bool.random(using: &random)
                {
                    _ = hub.submit(id, attempt)
                }
                var game = ScheduleGame(resuming: journal, hub, policy: world.policy, at: 10_000)
                let hasEnded = game.play(using: &random)
                #expect(hasEnded, "seed \(seed), \(length) entries: stuck at \(game.ends)")
                #expect(game.broken.isEmpty, "seed \(seed), \(length) entries: \(game.broken.prefix(3))")
                #expect(game.ends == calm.ends, "seed \(seed), \(length) entries")
                for task in world.tasks {
                    let sent = game.hub.made.count { $0.image == task.id }
                    let calmly = calm.hub.made.count { $0.image == task.id }
                    #expect(
                        sent == calmly,
                        "seed \(seed), \(length) entries: \(task.id) was sent \(sent) times")
                }
                // The whole journal, both processes', tells the same state.
                let replayed = ScheduleState(replaying: game.journal, policy: world.policy)
                #expect(
                    replayed.progress.map(\.phase) == game.state.progress.map(\.phase),
                    "seed \(seed), \(length) entries")
            }
        }
        #expect(prefixes > 1000)
    }
}
