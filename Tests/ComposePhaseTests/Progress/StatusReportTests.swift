import Koji
import ProductMD
import Testing

@testable import ComposePhase

@Suite("How a run is, for others")
struct StatusReportTests {
    static func record(after count: Int, ended: Bool = false, isRehearsal: Bool = false) -> FollowedRun {
        var record = FollowedRun()
        record.take(
            Array(JSONWriter.line(Story.identity(isRehearsal: isRehearsal).json(at: Instant(seconds: 999))).dropLast()))
        for entry in Story.entries.prefix(count) {
            record.take(Array(JSONWriter.line(EventRecord.json(entry)).dropLast()))
        }
        if ended { record.take(Array(#"{"event": "ended", "time": 2000, "status": "FINISHED"}"#.utf8)) }
        return record
    }

    static func report(
        _ record: FollowedRun, life: RunOwner.Life = .alive, lock: RunOwner? = nil, estimates: Estimates = .none
    ) -> StatusReport {
        StatusReport(
            compose: "from-the-plan", directory: "/composes/x", record: record, lockOwner: lock, life: { _ in life },
            estimates: estimates, now: Instant(seconds: 1090))
    }

    @Test("one line says how far it is, and what is wrong")
    func oneLine() {
        let id = "Fedora-IoT-44-20261123.n.0"
        let running = Self.record(after: 9)
        #expect(
            Self.report(running, estimates: ProgressViewTests.estimates).oneLine
                == "\(id): 0 of 3 done, 2 open, 1 waiting, about 5 min left")
        #expect(
            Self.report(running, life: .gone).oneLine == "\(id): 0 of 3 done, 2 open, 1 waiting, its process is gone")
        #expect(Self.report(Self.record(after: 13, ended: true)).oneLine.hasPrefix("\(id): DOOMED, 1 of 3 done"))
        #expect(Self.report(Self.record(after: 3, isRehearsal: true)).oneLine.hasPrefix("REHEARSAL \(id): "))
        var planned = FollowedRun(planned: Story.planned, at: Instant(seconds: 1))
        planned.takeProcesses(of: FollowedRun())
        #expect(Self.report(planned).oneLine == "from-the-plan: 0 of 3 done, 3 waiting, nothing submitted yet")
    }

    @Test("an end is the end until the run is taken up again")
    func stages() {
        var record = Self.record(after: 13, ended: true)
        #expect(Self.report(record, life: .gone).stage == .ended)
        record.take(Array(JSONWriter.line(Story.identity(pid: 7).json(at: Instant(seconds: 3000))).dropLast()))
        #expect(Self.report(record, life: .alive).stage == .running)
        #expect(Self.report(record, life: .gone).stage == .interrupted)
        #expect(Self.report(record, life: .unknown).stage == .running)
        #expect(Self.report(record, life: .gone).ownerSentence?.contains("phase-runner resume /composes/x") == true)
    }

    @Test("the document has the images with their arches, and no member is left out")
    func document() throws {
        let report = Self.report(Self.record(after: 8), estimates: ProgressViewTests.estimates)
        let payload = try #require(report.json["payload"])
        #expect(payload["stage"]?.string == "running" && payload["status"] == .null)
        #expect(payload["process"]?["alive"] == .bool(true) && payload["process"]?["pid"]?.int == 42)
        let image = try #require(payload["images"]?.array?.first)
        #expect(image["url"]?.string == "https://koji/taskinfo?taskID=1")
        let arch = try #require(image["arches"]?.array?.first)
        #expect(arch["builder"]?.string == "builder-aarch64.example.org" && arch["overdue_by"] == .null)
        #expect(arch["expected_end"] == .null || arch["expected_end"]?.double != nil)
        // Written and read again it is the same: a number without digits after the point stays what it is.
        #expect(try JSONReader.read(JSONWriter.pretty(report.json), name: "again") == report.json)
    }

    @Test(
        "a process is alive, gone, or cannot be seen",
        arguments: [
            ("here", "b1", true, .alive), ("here", "b1", false, .gone), ("here", "b0", true, .gone),
            ("there", "b1", true, .unknown), ("here", nil, true, .alive),
        ] as [(String, String?, Bool, RunOwner.Life)])
    func life(host: String, bootID: String?, isRunning: Bool, expected: RunOwner.Life) {
        let owner = RunOwner(host: host, pid: 5, bootID: bootID)
        #expect(owner.life(on: "here", bootID: "b1", isRunning: { $0 == 5 && isRunning }) == expected)
    }

    @Test("a lock file of another form names nobody")
    func locks() {
        let lock: JSONValue = ["host": "h", "pid": 3, "boot_id": "b", "since": 5, "more": true]
        #expect(RunOwner(lock: lock) == RunOwner(host: "h", pid: 3, bootID: "b"))
        for other in [JSONValue.null, "pid 3 on h", ["host": "h"], ["host": 1, "pid": 2]] {
            #expect(RunOwner(lock: other) == nil)
        }
    }
}
