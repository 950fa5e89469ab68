import Koji
import Testing

@testable import ComposePhase

@Suite("What is shown of a run")
struct ProgressViewTests {
    static let estimates = Estimates(
        arches: [Story.raw: ["aarch64": 60, "x86_64": 100], Story.iso: ["x86_64": 20]],
        images: [Story.extra: 300])

    static func row(
        _ id: ImageTaskID, after count: Int, at now: Double, estimates: Estimates = .none
    ) throws -> ImageRow {
        let view = ProgressView(Story.state(after: count), at: Instant(seconds: now), estimates: estimates)
        return try #require(view.rows.first { $0.id == id })
    }

    @Test("an image that was not sent has no time, and its arches wait")
    func waiting() throws {
        let row = try Self.row(Story.raw, after: 1, at: 1005)
        #expect(row.state == .waiting && row.elapsed == nil && row.hubTask == nil && row.attempt == 1)
        #expect(row.arches.map(\.arch) == ["aarch64", "x86_64"])
        #expect(row.arches.allSatisfy { $0.state == .waiting && $0.elapsed == nil })
    }

    @Test("while it is built, its arches have builders and times, and the one that waits says why")
    func building() throws {
        let row = try Self.row(Story.raw, after: 8, at: 1090)
        #expect(row.state == .open && row.elapsed == 70 && row.hubTask == TaskID(1))
        #expect(row.arches[0].state == .open && row.arches[0].builder == "builder-aarch64.example.org")
        #expect(row.arches[0].elapsed == 60 && row.arches[0].reason == nil)
        #expect(row.arches[1].state == .free && row.arches[1].builder == nil && row.arches[1].elapsed == nil)
    }

    @Test("the hub's reason stands at the image and at the arch that it is about")
    func reasons() throws {
        let row = try Self.row(Story.raw, after: 7, at: 1065)
        #expect(row.reason == "all x86_64 builders busy")
        #expect(row.arches.map(\.reason) == [nil, "all x86_64 builders busy"])
        #expect(try Self.row(Story.iso, after: 7, at: 1065).reason == "no builder for x86_64")
    }

    @Test("a failure and a missing arch are told in one line, and times stand still")
    func ends() throws {
        let failed = try Self.row(Story.iso, after: 13, at: 5000)
        #expect(failed.state == .failed && failed.canFail && failed.elapsed == 60)
        #expect(failed.reason == "task 2 failed: `image-builder` failed")
        let done = try Self.row(Story.raw, after: 13, at: 5000)
        #expect(done.state == .incomplete && done.reason == "aarch64 is missing: task 4 failed")
        #expect(done.arches.map(\.state) == [.failed, .done] && done.arches[1].elapsed == 60)
    }

    @Test("our own limits are a reason, and a retry says what for")
    func ourReasons() throws {
        var policy = SchedulePolicy()
        policy.limits.tasks = 2
        let state = Story.state(after: 6, policy: policy)
        let view = ProgressView(state, at: Instant(seconds: 1060))
        #expect(view.rows.last?.reason?.hasPrefix("our limit") == true)
        var retried = Story.state(after: 10)
        var failure = Story.boom
        failure.cause = FailureCause(rule: "loop", kind: .builder, remedy: nil, evidence: "e")
        try #require(failure.cause?.kind.isTransient == true)
        _ = retried.apply(.diagnosed(Story.iso, Diagnosis(failure)), at: Instant(seconds: 1100))
        let row = try #require(
            ProgressView(retried, at: Instant(seconds: 1101)).rows.first { $0.id == Story.iso })
        #expect(row.state == .waiting && row.attempt == 2)
        let reason = try #require(row.reason)
        #expect(reason.hasPrefix("try 2 in ") && reason.hasSuffix(" s, after: task 2 failed: `image-builder` failed"))
    }

    @Test(
        "an image is expected when the last of its arches is, never in the past",
        arguments: [
            // Arches that have not begun count as if they began now.
            (1, 1005.0, ExpectedEnd.at(Instant(seconds: 1105))),
            (8, 1080.0, .at(Instant(seconds: 1180))),
            // aarch64 has ended, x86_64 began at 1040.
            (9, 1090.0, .at(Instant(seconds: 1140))),
            (9, 1150.0, .overdue(by: 10)),
        ] as [(Int, Double, ExpectedEnd)])
    func expected(after count: Int, now: Double, end: ExpectedEnd) throws {
        #expect(try Self.row(Story.raw, after: count, at: now, estimates: Self.estimates).expectedEnd == end)
    }

    @Test("the run is expected when its last image is, and says how much is not known")
    func wholeRun() {
        let state = Story.state(after: 9)
        let now = Instant(seconds: 1090)
        let known = ProgressView(state, at: now, estimates: Self.estimates)
        #expect(known.end.expected == .at(Instant(seconds: 1390)) && known.end.unknown == 0)
        #expect(known.end.sentence(at: now) == "about 5 min left")
        var partly = Self.estimates
        partly.images = [:]
        let view = ProgressView(state, at: now, estimates: partly)
        #expect(view.end.unknown == 1 && view.end.sentence(at: now) == "at least 50 s left")
        #expect(ProgressView(state, at: now).end.sentence(at: now) == nil)
    }

    @Test("the counts of every state add up, and make a sentence")
    func counts() {
        for count in 0...Story.entries.count {
            let counts = ProgressView(Story.state(after: count), at: Instant(seconds: 2000)).counts
            #expect(counts.settled + counts.open + counts.queued + counts.waiting == counts.all)
        }
        let counts = ProgressView(Story.state(after: 13), at: Instant(seconds: 2000)).counts
        #expect(
            counts.sentence == "1 of 3 done, 1 of them without an arch that may fail, 1 waiting, 1 failed (may fail)")
    }

    @Test("when not all rows are wanted, what is being built comes first")
    func limited() {
        let view = ProgressView(Story.state(after: 11), at: Instant(seconds: 1105), limit: 2)
        #expect(view.rows.map(\.id) == [Story.raw, Story.extra])
        #expect(view.hidden == 1 && view.counts.all == 3)
    }

    @Test(
        "times are told for people",
        arguments: [
            (0, "0:00", "0 s", "0s"), (7.4, "0:07", "7 s", "7s"), (89, "1:29", "89 s", "89s"),
            (90, "1:30", "2 min", "2m"), (1500, "25:00", "25 min", "25m"), (3600, "1:00:00", "60 min", "60m"),
            (7200, "2:00:00", "2 h", "2h"), (11400, "3:10:00", "3 h 10 min", "3h10m"), (-5, "0:00", "0 s", "0s"),
            (.nan, "0:00", "0 s", "0s"), (.infinity, "277777:46:40", "277777 h 47 min", "277777h47m"),
        ] as [(Double, String, String, String)])
    func times(seconds: Double, exact: String, rough: String, short: String) {
        #expect(TimeText.exact(seconds) == exact)
        #expect(TimeText.rough(seconds) == rough)
        #expect(TimeText.short(seconds) == short)
    }
}
