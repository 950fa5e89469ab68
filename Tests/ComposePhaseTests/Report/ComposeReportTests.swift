import Koji
import ProductMD
import Testing

@testable import ComposePhase

@Suite("What a report tells")
struct ComposeReportTests {
    static let now = Instant(seconds: 1200)

    static func facts(after count: Int = Story.events.count, ended: Bool = false) -> ReportFacts {
        var facts = ReportFacts(directory: "/composes/Fedora-IoT-44-20261123.n.0")
        facts.record = StatusReportTests.record(after: count, ended: ended)
        facts.life = .alive
        return facts
    }

    static func report(_ facts: ReportFacts) -> ComposeReport { ComposeReport(facts, at: now) }

    static func record(
        _ path: String, size: Int, type: String = "raw-xz", format: String = "raw.xz", subvariant: String = "IoT"
    ) -> ImageRecord {
        ImageRecord(
            path: path, mtime: 1, size: size, volumeID: nil, type: type, format: format, arch: "x86_64",
            discNumber: 1, discCount: 1, checksums: [:], implantMD5: nil, bootable: false, subvariant: subvariant)
    }

    static func manifest(_ records: [ImageRecord], id: String = "Fedora-IoT-44-20261122.n.0") -> ImagesManifest {
        var manifest = ImagesManifest(compose: .init(id: id, date: "20261122", type: "nightly", respin: 0))
        for record in records { manifest.add(record, variant: "IoT", arch: "x86_64") }
        return manifest
    }

    @Test("what failed is told with its arches, tasks and whether the compose can do without")
    func failures() {
        let report = Self.report(Self.facts())
        #expect(report.counts.all == 3 && report.counts.incomplete == 1 && report.counts.failedFailable == 1)
        #expect(report.failures.map(\.task) == [Story.raw, Story.iso])
        let missing = report.failures[0]
        #expect(missing.arches == ["aarch64"] && missing.archTasks == ["aarch64": 4] && !missing.isRequired)
        #expect(missing.kind == "missingArch" && missing.message == "task 4 failed")
        let failed = report.failures[1]
        #expect(failed.arches == ["x86_64"] && failed.hubTask == 2 && !failed.isRequired)
        #expect(failed.more(at: "https://koji") == nil, "the task's own page is not more than that")
        #expect(failed.more(at: "https://other") == "https://koji/taskinfo?taskID=2")
    }

    @Test("how far a run is decides up to when things are told")
    func times() {
        var facts = Self.facts()
        #expect(Self.report(facts).stage == .running && Self.report(facts).ended == 1200)
        facts.life = .unknown
        // Nobody here knows whether it is still at work.
        #expect(Self.report(facts).stage == .running && Self.report(facts).ended == 1120)
        facts.life = .gone
        facts.owner = RunOwner(host: "h", pid: 1, bootID: nil)
        #expect(Self.report(facts).stage == .interrupted && Self.report(facts).ended == 1120)
        #expect(Self.report(facts).word == "INTERRUPTED")
        let ended = Self.report(Self.facts(ended: true))
        #expect(ended.stage == .ended && ended.ended == 2000 && ended.process == nil)
        #expect(ended.began == 999 && ended.took == 1001)
    }

    @Test("a rehearsal is one, whichever file says so")
    func rehearsal() throws {
        var marked = Self.facts()
        #expect(!Self.report(marked).isRehearsal)
        marked.isMarkedRehearsal = true
        var result = Self.facts()
        result.result = ["payload": ["rehearsal": true]]
        var record = Self.facts()
        record.record = StatusReportTests.record(after: 3, isRehearsal: true)
        for facts in [marked, result, record] { #expect(Self.report(facts).isRehearsal) }
    }

    @Test("sizes are those of the same image in the compose before, whatever its file is called")
    func sizes() {
        var facts = Self.facts()
        #expect(Self.report(facts).images.map(\.change) == [.unknown])
        facts.manifest = Self.manifest([
            Self.record("IoT/x86_64/images/a.raw.xz", size: 1),
            Self.record("IoT/x86_64/iso/boot.iso", size: 50, type: "boot", format: "iso"),
        ])
        facts.previous = EarlierCompose(
            id: "Fedora-IoT-44-20261121.n.0", directory: "/composes/x",
            manifest: Self.manifest([
                Self.record("IoT/x86_64/images/before.raw.xz", size: 3),
                Self.record("IoT/x86_64/images/gone.qcow2", size: 9, type: "qcow2", format: "qcow2"),
            ]))
        let report = Self.report(facts)
        #expect(report.images.map(\.name) == ["a.raw.xz", "boot.iso"])
        #expect(report.images.map(\.change) == [.from(3), .new])
        #expect(report.previous?.gone == ["IoT/x86_64/images/gone.qcow2"])
        #expect(report.images[1].made == nil, "it is another phase's")
        #expect(report.troubles.isEmpty)
    }

    @Test("a size that no disk has breaks nothing")
    func sizesWithoutBounds() {
        let change = SizeChange.from(.min)
        #expect(change.difference(to: .max) == nil)
        #expect(SizeChange.from(0).part(to: 5) == nil)
        #expect(SizeChange.from(100).part(to: 150) == 0.5)
        var facts = Self.facts()
        facts.manifest = Self.manifest([Self.record("a", size: .max), Self.record("b", size: .max, type: "boot")])
        #expect(Self.report(facts).images.count == 3)
    }

    @Test("an image that was collected and is not in images.json is told")
    func unrecorded() {
        var facts = Self.facts()
        facts.manifest = Self.manifest([])
        #expect(Self.report(facts).troubles.count == 1)
        #expect(Self.report(facts).troubles[0].contains("IoT/x86_64/images/a.raw.xz"))
    }

    @Test("without events the result tells which images there are, and the plan their arches")
    func withoutEvents() throws {
        var facts = ReportFacts(directory: "/composes/x")
        facts.plan = PhasePlan(
            compose: PlannedCompose(
                id: "Fedora-IoT-44-20261123.n.0", date: "20261123", type: "nightly", respin: 0, label: nil,
                releaseShort: "Fedora-IoT", releaseVersion: "44"),
            tasks: Story.tasks, skipped: [], diagnostics: [])
        #expect(Self.report(facts).stage == .planned && Self.report(facts).counts.waiting == 3)
        let tasks: [JSONValue] = [
            [
                "id": .string(Story.raw.text), "state": "done", "hub_task": 1, "can_fail": false,
                "missing": ["aarch64": "no"],
            ],
            ["id": .string(Story.iso.text), "state": "failed", "hub_task": 2, "reason": "boom", "can_fail": true],
            ["id": .string(Story.extra.text), "state": "not canceled", "hub_task": 3, "reason": "offline"],
        ]
        facts.result = [
            "payload": ["compose": "Fedora-IoT-44-20261123.n.0", "status": "DOOMED", "tasks": .array(tasks)]
        ]
        let report = Self.report(facts)
        #expect(report.stage == .ended && report.word == "DOOMED")
        #expect(report.tasks.map(\.state) == [.incomplete, .failed, .leftRunning])
        #expect(report.tasks[0].arches.map(\.state) == [.failed, .done])
        #expect(report.failures.map(\.message) == ["no", "boom", "offline"])
        #expect(report.counts.leftRunning == 1)
    }

    @Test("the document says what the value says")
    func document() {
        let payload = Self.report(Self.facts()).json["payload"]
        #expect(payload?["counts"]?["all"]?.int == 3)
        #expect(payload?["tasks"]?.array?.first?["arches"]?.array?.last?["builder"]?.string?.isEmpty == false)
        #expect(payload?["images"]?.array?.first?["made"]?["nvr"]?.string == "n-1-1")
        #expect(payload?["failures"]?.array?.count == 2)
    }
}
