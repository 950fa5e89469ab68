import ComposePhase
import PhaseService
import TestSupport
import Testing

@Suite("Years of nights")
struct NightlyPropertyTests {
    /// A service that keeps what it is told to keep, and runs what it is told to run.
    private struct Service {
        let rule: ScheduleRule
        var state: NightState
        var memory: ScheduleMemory
        var nights: [Instant: NightRecord] = [:]
        var occupied = false
        /// The night whose compose runs.
        var running: Instant?
        var examining: Instant?
        var alarm = false
        var runs = 0

        init(rule: ScheduleRule, made: Instant) {
            self.rule = rule
            memory = ScheduleMemory(made: made)
            state = NightState(rule: rule, memory: memory, nights: [])
        }

        var rebuilt: NightState {
            NightState(
                rule: rule, memory: memory, nights: Array(nights.values), occupant: occupied ? "run 0" : nil)
        }

        mutating func post(_ event: NightEvent, at now: Instant, _ note: Comment) {
            // A state made anew from what is kept decides the same; it may only look again at what a night is made from.
            var twin = rebuilt
            let expected = twin.apply(event, at: now)
            let actions = state.apply(event, at: now)
            guard !actions.isEmpty || !expected.isEmpty else { return }
            #expect(Self.decisions(actions) == Self.decisions(expected), note)
            #expect(state == twin, note)
            for action in actions { perform(action, note) }
            #expect(nights.values.sorted { $0.due < $1.due } == state.nights, note)
            #expect(memory == state.memory, note)
        }

        private static func decisions(_ actions: [NightAction]) -> [NightAction] {
            actions.filter { if case .examine = $0 { false } else { true } }
        }

        mutating func perform(_ action: NightAction, _ note: Comment) {
            switch action {
            case .record(let night):
                if let old = nights[night.due], !old.tries.isEmpty {
                    #expect(night.tries.map(\.begun).starts(with: old.tries.map(\.begun)), note)
                }
                nights[night.due] = night
            case .remember(let new): memory = new
            case .start(let due, _, _), .resume(let due, _, _):
                #expect(running == nil && !occupied, "two at once; \(note)")
                #expect(memory.pausedSince == nil || nights[due]?.isAsked == true, note)
                running = due
                runs += 1
            case .examine(let due): examining = due
            case .raiseAlarm:
                #expect(!alarm, note)
                alarm = true
            case .clearAlarm:
                #expect(alarm, note)
                alarm = false
            case .moveLink, .refuse: break
            }
        }
    }

    @Test(
        "no two composes at once, one record for each due time, and a cut changes nothing",
        arguments: 1...6 as ClosedRange<UInt64>)
    func year(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var rule = ScheduleRule(
            name: "iot", calendar: try CalendarExpression(seed % 3 == 0 ? "*-*-* 0/8:30" : "*-*-* 03:00"),
            zone: Nights.prague)
        rule.onCollision = Bool.random(using: &random) ? .wait : .skip
        rule.skipsUnchanged = Bool.random(using: &random)
        rule.catchUp = [0, 3600, 21_600, 90_000].randomElement(using: &random) ?? 0
        rule.retry = .init(times: Int.random(in: 0...3, using: &random), wait: 1800, on: [.hub])
        rule.alarmAfter = 3 * Nights.day
        rule.alarmsWhilePaused = Bool.random(using: &random)
        rule.linked = [.finished]
        // 2026-01-10, 12:00.
        let made = Instant(seconds: 1_768_042_800)
        var service = Service(rule: rule, made: made)
        var now = made
        while now - made < 365 * Nights.day {
            now = now + Double(Int.random(in: 1...14_400, using: &random))
            let note: Comment = "seed \(seed), at \(now.seconds)"
            switch Int.random(in: 0..<40, using: &random) {
            case 0..<12:
                if let due = service.running {
                    service.running = nil
                    let end = [
                        Nights.good(), Nights.good(), Nights.doomed([.hub]), Nights.doomed([.hub], canResume: false),
                        Nights.doomed([.content]), NightEnd(status: nil),
                    ].randomElement(using: &random)
                    service.post(.ended(due: due, end ?? Nights.good()), at: now, note)
                }
            case 12..<22:
                if let due = service.examining {
                    service.examining = nil
                    let print =
                        [nil, Nights.print("A"), Nights.print("A"), Nights.print("B")]
                        .randomElement(using: &random) ?? nil
                    service.post(.examined(due: due, print), at: now, note)
                }
            case 22:
                service.post(.paused, at: now, note)
                now = now + 1
                if Int.random(in: 0..<4, using: &random) > 0 { service.post(.unpaused, at: now, note) }
            case 23, 24: service.post(.unpaused, at: now, note)
            case 25 where service.running == nil, 26 where service.occupied:
                service.occupied.toggle()
                service.post(.occupied(by: service.occupied ? "run 0" : nil), at: now, note)
            case 27: service.post(.asked, at: now, note)
            case 28:
                // The service is down for some time. What it had begun is known to be running.
                now = now + Double.random(in: 0...(4 * Nights.day), using: &random).rounded()
                if let due = service.running { service.post(.begun(due: due, run: service.runs), at: now, note) }
                service.state = service.rebuilt
                service.examining = nil
                service.post(.tookUp, at: now, note)
            case 29: now = now + -7000
            case 30:
                if let due = service.running { service.post(.begun(due: due, run: service.runs), at: now, note) }
            default: service.post(.tick, at: now, note)
            }
        }
        // What is open at the end is the last night at most.
        service.post(.tick, at: now, "seed \(seed), the end")
        var dues: [Instant] = []
        var due = made
        while let next = rule.calendar.next(after: due, in: rule.zone), next <= now {
            dues.append(next)
            due = next
        }
        let recorded = service.state.nights.filter { !$0.isAsked && $0.due <= now }.map(\.due)
        #expect(recorded == dues || recorded == Array(dues.dropLast()), "seed \(seed)")
        #expect(service.runs > 20, "seed \(seed)")
        for night in service.state.nights { #expect((night.outcome == .started) == !night.tries.isEmpty) }
    }
}
