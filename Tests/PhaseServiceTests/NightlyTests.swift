import ComposePhase
import PhaseService
import ProductMD
import Testing

/// A schedule at three in the night in Prague, with the clocks of 2026.
enum Nights {
    static let prague = TimeZoneRules(
        name: "Europe/Prague", firstOffset: 3600,
        changes: [.init(time: 1_774_746_000, offset: 7200), .init(time: 1_792_890_000, offset: 3600)])

    /// 2026-11-20, 00:00 in Prague, a Friday.
    static let midnight = 1_795_129_200.0
    static let day = 86_400.0
    static let hour = 3600.0
    /// 03:00 of that night, and of those that follow.
    static func due(_ night: Int) -> Instant { at(night, 3) }
    static func at(_ night: Int, _ hours: Double) -> Instant {
        Instant(seconds: midnight + Double(night) * day + hours * hour)
    }

    static func rule(_ change: (inout ScheduleRule) throws -> Void = { _ in }) throws -> ScheduleRule {
        var rule = ScheduleRule(name: "iot", calendar: try CalendarExpression("*-*-* 03:00"), zone: prague)
        rule.alarmAfter = nil
        try change(&rule)
        return rule
    }

    static func state(_ change: (inout ScheduleRule) throws -> Void = { _ in }) throws -> NightState {
        NightState(rule: try rule(change), memory: ScheduleMemory(made: Instant(seconds: midnight)), nights: [])
    }

    static func good(_ compose: String = "Fedora-IoT-44-20261120.n.0") -> NightEnd {
        NightEnd(status: .finished, compose: compose)
    }
    static func doomed(_ causes: Set<CauseClass>, canResume: Bool = true) -> NightEnd {
        NightEnd(status: .doomed, causes: causes, reason: "a required image failed", canResume: canResume)
    }

    static func print(_ revision: String?, plan: String = "p") -> Fingerprint {
        Fingerprint([.init(name: "plan", state: plan), .init(name: "repository https://r/", state: revision)])
    }
}

extension [NightAction] {
    /// What is done, without what is kept.
    var done: [NightAction] {
        filter {
            switch $0 {
            case .record, .remember: false
            default: true
            }
        }
    }
}

extension NightState {
    /// Outcomes by due time, as a table shows them.
    var outcomes: [String] { nights.map { $0.outcome.rawValue } }

    /// A night that begins and ends well.
    mutating func goThrough(_ night: Int, run: Int, _ end: NightEnd = Nights.good(), hours: Double = 2) {
        _ = apply(.tick, at: Nights.due(night))
        _ = apply(.begun(due: Nights.due(night), run: run), at: Nights.due(night))
        _ = apply(.ended(due: Nights.due(night), end), at: Nights.at(night, 3 + hours))
    }
}

@Suite("Nights")
struct NightlyTests {
    @Test("a night begins at its time, with the date of its zone")
    func punctual() throws {
        var state = try Nights.state()
        #expect(state.nextWake(at: Nights.at(0, 0)) == Nights.due(0))
        #expect(state.apply(.tick, at: Nights.at(0, 2.99)).done == [])
        let actions = state.apply(.tick, at: Nights.due(0))
        #expect(actions.done == [.start(due: Nights.due(0), date: "20261120", attempt: 0)])
        guard case .record(let night) = actions.first else {
            Issue.record("the record is kept first")
            return
        }
        #expect(night.outcome == .started && night.reason == nil && night.isRunning)
        #expect(state.apply(.tick, at: Nights.due(0) + 1).done == [])
        #expect(state.nextWake(at: Nights.due(0) + 1) == Nights.due(1))
    }

    @Test("the date is that of the moment at which the compose is begun")
    func dates() throws {
        var state = try Nights.state { $0.calendar = try CalendarExpression("*-*-* 23:30") }
        // 00:10 of the next day.
        #expect(
            state.apply(.tick, at: Nights.at(1, 0.2)).done
                == [.start(due: Nights.at(0, 23.5), date: "20261121", attempt: 0)])
    }

    /// The service was down from the first midnight until some hours of the third night.
    @Test(
        "missed nights are one late start, within catch_up",
        arguments: [
            (4.0, 6.0, ["missed", "missed", "started"]), (9.0, 6.0, ["missed", "missed", "started"]),
            (9.1, 6.0, ["missed", "missed", "missed"]), (3.05, 0.0, ["missed", "missed", "started"]),
            (3.2, 0.0, ["missed", "missed", "missed"]), (2.0, 24.0, ["missed", "started"]),
        ])
    func missed(hours: Double, catchUp: Double, outcomes: [String]) throws {
        var state = try Nights.state { $0.catchUp = catchUp * Nights.hour }
        let actions = state.apply(.tookUp, at: Nights.at(2, hours))
        #expect(state.outcomes == outcomes)
        #expect(actions.done.count == (outcomes.last == "started" ? 1 : 0))
        if hours == 4 { #expect(state.nights.last?.reason == "begun 1h after its time") }
        #expect(state.nights.first?.reason?.contains("a later night was due") == (outcomes.count > 1))
        #expect(state.apply(.tick, at: Nights.at(2, hours)).isEmpty)
    }

    @Test("nights of a schedule that is new or has a new calendar do not reach back")
    func newCalendar() throws {
        var state = try Nights.state()
        state.goThrough(0, run: 1)
        var changed = NightState(
            rule: try Nights.rule { $0.calendar = try CalendarExpression("*-*-* 09:00") }, memory: state.memory,
            nights: state.nights)
        #expect(changed.apply(.tookUp, at: Nights.at(0, 10)).done == [])
        #expect(changed.nextWake(at: Nights.at(0, 10)) == Nights.at(1, 9))
    }

    @Test("a clock that is put back begins no night twice; one that was wrong leaves no holes")
    func clocks() throws {
        var state = try Nights.state()
        state.goThrough(0, run: 1)
        #expect(state.apply(.tick, at: Nights.at(0, 2.5)).done == [])
        #expect(state.apply(.tick, at: Nights.due(0)).done == [])
        // A month ahead by mistake, then right again.
        _ = state.apply(.tick, at: Nights.at(30, 12))
        #expect(state.nights.count == 31 && state.outcomes.last == "missed")
        let actions = state.apply(.tick, at: Nights.due(1))
        #expect(actions.done == [.start(due: Nights.due(1), date: "20261121", attempt: 0)])
        #expect(Set(state.nights.map(\.due)).count == state.nights.count)
        #expect(state.nextWake(at: Nights.due(1)) == Nights.due(2))
    }

    @Test("a clock that is a hundred years ahead fills nothing up, and is forgotten")
    func farFuture() throws {
        var state = try Nights.state { $0.calendar = try CalendarExpression("*-*-* 0/2:00") }
        _ = state.apply(.tick, at: Nights.at(0, 0.5))
        _ = state.apply(.tick, at: Nights.at(20_000, 0.5))
        #expect(state.nights.count <= 481)
        _ = state.apply(.ended(due: Nights.at(20_000, 0), Nights.good()), at: Nights.at(20_000, 0.6))
        #expect(
            state.apply(.tick, at: Nights.at(0, 2)).done
                == [.start(due: Nights.at(0, 2), date: "20261120", attempt: 0)])
        _ = state.apply(.ended(due: Nights.at(0, 2), Nights.good()), at: Nights.at(0, 2.5))
        #expect(state.apply(.tick, at: Nights.at(0, 4)).done.count == 1)
        #expect(state.memory.lastWell == Nights.at(0, 2.5))
    }

    @Test("changes of daylight saving neither lose a night nor make two")
    func daylightSaving() throws {
        // 02:30 on 24, 25 and 26 October; clocks show it twice on the 25th.
        var state = NightState(
            rule: try Nights.rule { $0.calendar = try CalendarExpression("02:30") },
            memory: ScheduleMemory(made: Instant(seconds: 1_792_792_800)), nights: [])
        var begun: [Double] = []
        for quarter in 0..<(3 * 96) {
            let now = Instant(seconds: 1_792_792_800 + Double(quarter) * 900)
            for case .start(let due, _, _) in state.apply(.tick, at: now) {
                begun.append(due.seconds)
                _ = state.apply(.ended(due: due, Nights.good()), at: now)
            }
        }
        #expect(begun == [1_792_801_800, 1_792_888_200, 1_792_978_200])
    }

    @Test("two composes never collide: the later is left out, or waits")
    func collisions() throws {
        for rule in ScheduleRule.Collision.allCases {
            var state = try Nights.state { $0.onCollision = rule }
            _ = state.apply(.tick, at: Nights.due(0))
            _ = state.apply(.begun(due: Nights.due(0), run: 7), at: Nights.due(0))
            #expect(state.apply(.tick, at: Nights.due(1)).done == [])
            let ended = state.apply(.ended(due: Nights.due(0), Nights.good()), at: Nights.at(1, 5))
            if rule == .skip {
                #expect(state.outcomes == ["started", "collided"] && ended.done == [])
                #expect(state.nights.last?.reason == "run 7 of this schedule still ran")
            } else {
                #expect(ended.done == [.start(due: Nights.due(1), date: "20261121", attempt: 0)])
                #expect(state.nights.last?.reason == "begun 2h after its time")
            }
        }
    }

    @Test("a compose of somebody else into the same target and release holds a night up")
    func otherRuns() throws {
        var state = try Nights.state { $0.onCollision = .wait }
        _ = state.apply(.occupied(by: "run 3 of kevin"), at: Nights.at(0, 1))
        #expect(state.apply(.tick, at: Nights.due(0)).done == [])
        #expect(state.nextWake(at: Nights.due(0)) == Nights.at(0, 9) + 1)
        #expect(state.apply(.asked, at: Nights.at(0, 4)).done.count == 1)
        var late = state
        #expect(
            state.apply(.occupied(by: nil), at: Nights.at(0, 8)).done
                == [.start(due: Nights.due(0), date: "20261120", attempt: 0)])
        _ = late.apply(.tick, at: Nights.at(0, 9) + 1)
        #expect(late.nights.map(\.reason) == ["run 3 of kevin still ran after 6h"])
        #expect(late.outcomes == ["collided"])
    }

    @Test("a compose that is asked for is a night of its own")
    func asked() throws {
        var state = try Nights.state()
        let actions = state.apply(.asked, at: Nights.at(0, 1))
        let due = Nights.at(0, 1) + 0.001
        #expect(actions.done == [.start(due: due, date: "20261120", attempt: 0)])
        #expect(state.apply(.asked, at: Nights.at(0, 1)).done.map { "\($0)".hasPrefix("refuse") } == [true])
        _ = state.apply(.ended(due: due, Nights.good()), at: Nights.at(0, 2))
        #expect(state.apply(.tick, at: Nights.due(0)).done.count == 1)
    }

    @Test("a paused schedule records its nights and begins none")
    func paused() throws {
        var state = try Nights.state()
        #expect(state.apply(.paused, at: Nights.due(0)).done == [])
        #expect(state.outcomes == ["paused"])
        state = try Nights.state()
        _ = state.apply(.paused, at: Nights.at(0, 1))
        _ = state.apply(.tick, at: Nights.due(0))
        // The service was down for the second night, and is let go on after the third.
        #expect(state.apply(.unpaused, at: Nights.at(2, 4)).done == [])
        #expect(state.outcomes == ["paused", "paused", "paused"])
        #expect(state.apply(.tick, at: Nights.due(3)).done.count == 1)
    }

    // MARK: Trying again

    @Test("a whole night is tried again for the causes that are named, and for no other")
    func retries() throws {
        let table: [(NightEnd, Bool)] = [
            (Nights.doomed([.hub]), true), (Nights.doomed([.hub, .network]), true),
            (Nights.doomed([.hub, .content]), false),
            (Nights.doomed([]), false), (Nights.doomed([.unknown]), false),
            (NightEnd(status: nil, causes: [.hub]), false),
            (NightEnd(status: .terminated, causes: [.hub]), false), (Nights.good(), false),
            (NightEnd(status: .finishedIncomplete, causes: [.hub]), false),
        ]
        for (end, isTried) in table {
            var state = try Nights.state { $0.retry = .init(times: 1, wait: 1800, on: [.hub, .network]) }
            state.goThrough(0, run: 7, end)
            #expect(state.nextWake(at: Nights.at(0, 5)) == (isTried ? Nights.at(0, 5.5) : Nights.due(1)), "\(end)")
            let actions = state.apply(.tick, at: Nights.at(0, 5.5)).done
            #expect(actions == (isTried ? [.resume(due: Nights.due(0), run: 7, attempt: 1)] : []), "\(end)")
            guard isTried else { continue }
            _ = state.apply(.ended(due: Nights.due(0), end), at: Nights.at(0, 7))
            #expect(state.apply(.tick, at: Nights.at(0, 12)).done == [])
        }
    }

    @Test("what cannot be resumed is made anew; the next night takes over what waits to be tried again")
    func retryAnew() throws {
        var state = try Nights.state { $0.retry = .init(times: 3, wait: 23 * Nights.hour, on: [.hub]) }
        state.goThrough(0, run: 7, Nights.doomed([.hub], canResume: false))
        var next = state
        #expect(next.apply(.tick, at: Nights.due(1)).done.count == 1)
        #expect(next.nights.map(\.tries.count) == [1, 1])
        state = try Nights.state { $0.retry = .init(times: 3, wait: 20 * Nights.hour, on: [.hub]) }
        state.goThrough(0, run: 7, Nights.doomed([.hub], canResume: false))
        #expect(
            state.apply(.tick, at: Nights.at(1, 1)).done
                == [.start(due: Nights.due(0), date: "20261121", attempt: 1)])
    }

    // MARK: Nothing changed

    @Test("a night is left out when nothing changed, and only then")
    func unchanged() throws {
        let good = Nights.good()
        let table: [(Fingerprint?, NightEnd, Fingerprint?, String?)] = [
            (Nights.print("A"), good, Nights.print("A"), nil),
            (Nights.print("A"), good, Nights.print("B"), "repository https://r/: B, was A"),
            (Nights.print("A"), good, Nights.print("A", plan: "q"), "the plan is not the same"),
            (Nights.print(nil), good, Nights.print(nil), "its state is not known"),
            (Nights.print(nil), good, Nights.print("A"), "its state was not known"),
            (Nights.print("A"), good, nil, "could not be found out"),
            (nil, good, Nights.print("A"), "was made from is not known"),
            (Nights.print("A"), good, Fingerprint([.init(name: "plan", state: "p")]), "not there any more"),
            (Fingerprint([.init(name: "plan", state: "p")]), good, Nights.print("A"), "not there before"),
            (Fingerprint([]), good, Fingerprint([]), "nothing is known"),
            (Nights.print("A"), Nights.doomed([.content]), Nights.print("A"), "did not end well (DOOMED)"),
            (Nights.print("A"), NightEnd(status: nil), Nights.print("A"), "it was not begun"),
        ]
        for (before, end, now, words) in table {
            var state = try Nights.state { $0.skipsUnchanged = true }
            #expect(state.apply(.tick, at: Nights.due(0)).done == [.examine(due: Nights.due(0))])
            #expect(state.apply(.tick, at: Nights.due(0) + 1).done == [])
            #expect(state.apply(.examined(due: Nights.due(0), before), at: Nights.due(0) + 2).done.count == 1)
            _ = state.apply(.ended(due: Nights.due(0), end), at: Nights.at(0, 5))
            _ = state.apply(.tick, at: Nights.due(1))
            let actions = state.apply(.examined(due: Nights.due(1), now), at: Nights.due(1) + 2).done
            let last = try #require(state.nights.last)
            if let words {
                #expect(actions.count == 1 && last.outcome == .started && last.reason?.contains(words) == true)
            } else {
                #expect(actions == [] && last.outcome == .skipped)
                #expect(
                    last.reason == "nothing changed since Fedora-IoT-44-20261120.n.0: all 2 inputs are the same")
                #expect(state.memory.lastWell == Nights.due(1) + 2)
            }
        }
    }

    @Test("a plan's fingerprint does not change from night to night, and does with its tasks")
    func planFingerprint() {
        func plan(_ date: String, _ respin: Int, target: String = "f44") -> Fingerprint.Input {
            Fingerprint.plan([
                "compose": [
                    "id": .string("IoT-44-\(date).n.\(respin)"), "date": .string(date), "type": "nightly",
                    "respin": .int(respin), "label": .null,
                ],
                "tasks": .array([
                    .object([
                        "params": .array([.string(target), .string("\(date).n.\(respin)")]),
                        "repo": .string("http://x/IoT-44-\(date).n.\(respin)/compose"),
                    ])
                ]),
            ])
        }
        #expect(plan("20261120", 0) == plan("20261121", 2))
        #expect(plan("20261120", 0) != plan("20261120", 0, target: "f45"))
        #expect(plan("20261120", 0).state?.count == 64)
    }

    // MARK: The alarm

    @Test("a schedule that has not ended well for some days is an alarm, raised once and cleared once")
    func alarm() throws {
        var state = try Nights.state { $0.alarmAfter = 3 * Nights.day }
        for night in 0..<3 { state.goThrough(night, run: night, Nights.doomed([.content])) }
        #expect(state.memory.alarm == nil)
        #expect(state.nextWake(at: Nights.at(2, 12)) == Nights.at(3, 0))
        let raised = state.apply(.tick, at: Nights.at(3, 0)).done
        let reason =
            "no night has ended well since the schedule was made; the last one: started, DOOMED: a required image failed"
        #expect(raised == [.raiseAlarm(.init(since: Nights.at(3, 0), reason: reason))])
        #expect(state.apply(.tick, at: Nights.at(3, 1)).done == [])
        _ = state.apply(.tick, at: Nights.due(3))
        let cleared = state.apply(.ended(due: Nights.due(3), Nights.good()), at: Nights.at(3, 5)).done
        #expect(cleared == [.clearAlarm("a night ended well, or nothing had changed")])
        #expect(state.apply(.tick, at: Nights.at(3, 6)).done == [])
    }

    @Test("what counts for the alarm", arguments: [true, false])
    func alarmRules(flag: Bool) throws {
        // FINISHED_INCOMPLETE is well by setting.
        var state = try Nights.state {
            $0.alarmAfter = 2 * Nights.day
            $0.incompleteIsWell = flag
        }
        for night in 0..<3 { state.goThrough(night, run: night, NightEnd(status: .finishedIncomplete)) }
        #expect((state.memory.alarm == nil) == flag)
        // Nothing was ever begun.
        state = try Nights.state {
            $0.alarmAfter = 2 * Nights.day
            $0.alarmsWhilePaused = flag
        }
        _ = state.apply(.paused, at: Nights.at(0, 1))
        _ = state.apply(.tick, at: Nights.at(4, 0))
        #expect((state.memory.alarm != nil) == flag)
        if flag { #expect(state.memory.alarm?.reason.contains("the schedule is paused") == true) }
        // Days of a pause do not count when it is over.
        let actions = state.apply(.unpaused, at: Nights.at(5, 0)).done
        #expect(actions == [] && (state.memory.alarm != nil) == flag)
    }

    // MARK: Links and restarts

    @Test("the link moves for the statuses that are named")
    func linkRule() throws {
        for (status, linked, moves) in [
            (ComposeStatus.finished, Set([ComposeStatus.finished]), true), (.finishedIncomplete, [.finished], false),
            (.finishedIncomplete, [.finished, .finishedIncomplete], true), (.finished, [], false),
            (.doomed, [.finished], false),
        ] {
            var state = try Nights.state { $0.linked = linked }
            _ = state.apply(.tick, at: Nights.due(0))
            let actions = state.apply(.ended(due: Nights.due(0), NightEnd(status: status)), at: Nights.at(0, 5)).done
            #expect(actions == (moves ? [.moveLink(due: Nights.due(0))] : []))
        }
    }

    @Test("a service that died after a decision does it at its next start")
    func restart() throws {
        var state = try Nights.state { $0.linked = [.finished] }
        _ = state.apply(.tick, at: Nights.due(0))
        var again = NightState(rule: state.rule, memory: state.memory, nights: state.nights)
        #expect(
            again.apply(.tookUp, at: Nights.at(0, 4)).done
                == [.start(due: Nights.due(0), date: "20261120", attempt: 0)])
        _ = again.apply(.begun(due: Nights.due(0), run: 1), at: Nights.at(0, 4))
        #expect(again.apply(.tookUp, at: Nights.at(0, 4)).done == [])
        _ = again.apply(.ended(due: Nights.due(0), Nights.good()), at: Nights.at(0, 5))
        #expect(again.apply(.tookUp, at: Nights.at(0, 6)).done == [.moveLink(due: Nights.due(0))])
    }

    @Test("what is kept is read back as it was")
    func kept() throws {
        var state = try Nights.state {
            $0.skipsUnchanged = true
            $0.alarmAfter = Nights.day
        }
        _ = state.apply(.tick, at: Nights.due(0))
        _ = state.apply(.examined(due: Nights.due(0), Nights.print(nil)), at: Nights.due(0))
        _ = state.apply(.ended(due: Nights.due(0), Nights.doomed([.hub])), at: Nights.at(0, 4))
        _ = state.apply(.asked, at: Nights.at(1, 5))
        _ = state.apply(.paused, at: Nights.at(1, 6))
        for night in state.nights { #expect(NightRecord(kept: night.json) == night) }
        #expect(ScheduleMemory(kept: state.memory.json) == state.memory)
        #expect(NightRecord(kept: .null) == nil && ScheduleMemory(kept: ["made": "x"]) == nil)
    }
}
