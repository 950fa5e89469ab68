@testable import ComposePhase
import Foundation
import Koji
import ProductMD
import PungiConfig
import Testing

/// Every event, byte for byte: docs/notifications.md promises these keys.
@Suite("What scripts are told")
struct NotificationTableTests {
    static let layout = ComposeLayout(top: "/mnt/koji/compose/44/Fedora-44-20260102.n.0")
    static let id = ImageTaskID("Minimal/Fedora-Minimal/minimal-raw-xz")
    static let second = ImageTaskID("IoT/Fedora-IoT/iot-raw-xz")

    static let tasks = [
        task(id, "Minimal", "Minimal", failable: ["aarch64"]), task(second, "IoT", "IoT", failable: []),
    ]

    static func task(_ id: ImageTaskID, _ variant: String, _ subvariant: String, failable: [String]) -> ImageTask {
        ImageTask(
            id: id, variant: variant, subvariant: subvariant, manifestType: nil, method: "imageBuilderBuild",
            params: [],
            failableArches: failable, canFail: false,
            arches: ["aarch64", "x86_64"].map {
                ArchTask(arch: $0, failable: failable.contains($0), repos: [], ostreeRef: nil, command: [])
            })
    }

    static let schedule = ScheduleNotifications(tasks: tasks, layout: layout, weburl: "https://koji.example.org/koji")

    /// What the last of some events has to tell.
    static func told(_ events: [ScheduleEvent]) -> [String] {
        var state = ScheduleState()
        let planned = tasks.map {
            ScheduledTask(
                id: $0.id, arches: $0.arches.map(\.arch), failableArches: $0.failableArches, isScratch: true,
                deadline: 60, attempts: 2)
        }
        var told: [ComposePhase.Notification] = []
        for event in [.planned(planned)] + events {
            _ = state.apply(event, at: Instant(seconds: 0))
            told = schedule.notifications(for: event, state)
        }
        return told.map(line)
    }

    static func line(_ notification: ComposePhase.Notification) -> String {
        let input = NotificationContext.input(for: notification, in: nil)
        return "\(notification.event) \(String(decoding: input.dropLast(), as: UTF8.self))"
    }

    static let image = CollectedImage(
        task: id, hubTask: TaskID(7), archTask: TaskID(8), variant: "Minimal", subvariant: "Minimal", arch: "x86_64",
        type: "raw-xz", format: "raw.xz", path: "Minimal/x86_64/images/a.raw.xz", size: 12, mtime: 3,
        checksums: ["sha256": "ab"], nvr: "a-1-2", buildID: nil, source: "s")

    static let submitting = ScheduleEvent.submitting(id, Attempt(arches: ["aarch64", "x86_64"]), after: nil)
    static let running = [submitting, .submitted(id, TaskID(7))]
    static let ended = running + [seen(.closed)]
    static let content = TaskFailure(
        kind: .failed, message: "osbuild: nothing provides x", url: "https://koji.example.org/log",
        cause: FailureCause(rule: "r", kind: .content, remedy: "remove x", evidence: "e"))
    static let network = TaskFailure(
        kind: .failed, message: "no route", cause: FailureCause(rule: "r", kind: .network, remedy: nil, evidence: "e"))

    static func seen(_ state: TaskState) -> ScheduleEvent { .observed([TaskObservation(task: id, state: state)]) }
    static func ended(by failure: TaskFailure, arches: [ArchObservation] = []) -> [ScheduleEvent] {
        running + [seen(.failed), .diagnosed(id, Diagnosis(failure, arches: arches))]
    }

    // What is the same in many of them.
    static let hub = #""hub_task": 7, "hub_url": "https://koji.example.org/koji/taskinfo?taskID=7""#
    static let noHub = #""hub_task": null, "hub_url": null"#
    static let task = #""subvariant": "Minimal", "task": "Minimal/Fedora-Minimal/minimal-raw-xz""#
    static let bare = #""cause": null, \#(hub)"#
    static let submitted =
        #"imagebuilder-tasksubmitted {"arches": ["aarch64", "x86_64"], "attempt": 1, "failable_arches": ["aarch64"], "#
        + #"\#(hub), \#(task), "variant": "Minimal"}"#
    static let done =
        #"imagebuilder-imagedone {"arch": "x86_64", "arch_task": 8, "build": null, "checksums": {"sha256": "ab"}, "#
        + #""file": "/mnt/koji/compose/44/Fedora-44-20260102.n.0/compose/Minimal/x86_64/images/a.raw.xz", "#
        + #""format": "raw.xz", \#(hub), "nvr": "a-1-2", "path": "Minimal/x86_64/images/a.raw.xz", "size": 12, "#
        + #"\#(task), "type": "raw-xz", "variant": "Minimal"}"#
    static let whole = #""arches": ["aarch64", "x86_64"], "can_fail": false"#

    @Test(
        "a task on the hub is told, however it came to be known",
        arguments: [
            running,
            [submitting, .answerLost(id, wasDone: false), .lookedUp(id, found: [TaskID(7)])],
            [.adopted(id, TaskID(7))],
        ])
    func submitted(_ events: [ScheduleEvent]) { #expect(Self.told(events) == [Self.submitted]) }

    @Test(
        "a failure is told with its reason, its cause and what to do",
        arguments: [
            (
                [submitting, .refused(id, TaskFailure(kind: .refused, message: "no \u{1F600}"))],
                #"{\#(whole), "cause": null, \#(noHub), "kind": "refused", "reason": "no \ud83d\ude00", "#
                    + #""remedy": null, \#(task), "url": null, "variant": "Minimal"}"#
            ),
            (
                ended(by: content),
                #"{\#(whole), "cause": "content", \#(hub), "kind": "failed", "reason": "osbuild: nothing provides x", "#
                    + #""remedy": "remove x", \#(task), "url": "https://koji.example.org/log", "variant": "Minimal"}"#
            ),
            (
                ended + [.notCollected(id, TaskFailure(kind: .notCollected, message: "m"))],
                #"{\#(whole), \#(bare), "kind": "notCollected", "reason": "m", "remedy": null, \#(task), "url": null, "#
                    + #""variant": "Minimal"}"#
            ),
        ] as [([ScheduleEvent], String)])
    func failed(_ events: [ScheduleEvent], _ expected: String) {
        #expect(Self.told(events) == ["imagebuilder-imagefail \(expected)"])
    }

    @Test("a task that is tried again is told with the arches that are left")
    func retried() {
        let good = ArchObservation(arch: "aarch64", id: TaskID(9), state: .closed)
        #expect(
            Self.told(Self.ended(by: Self.network, arches: [good])) == [
                #"imagebuilder-taskretried {"arches": ["x86_64"], "attempt": 2, "cause": "network", \#(Self.noHub), "#
                    + #""kind": "failed", "reason": "no route", "remedy": null, \#(Self.task), "url": null, "#
                    + #""variant": "Minimal"}"#
            ])
    }

    @Test("images are told one by one, and each arch that is missing")
    func collected() {
        let missing = ["aarch64": TaskFailure(kind: .missingArch, message: "gone")]
        #expect(
            Self.told(Self.ended + [.collected(Self.id, images: [Self.image], missing: missing)]) == [
                Self.done,
                #"imagebuilder-imagefail {"arches": ["aarch64"], "can_fail": true, \#(Self.bare), "#
                    + #""kind": "missingArch", "reason": "gone", "remedy": null, \#(Self.task), "url": null, "#
                    + #""variant": "Minimal"}"#,
            ])
    }

    @Test("what was canceled is told, and what was not", arguments: [nil, "the hub is gone"] as [String?])
    func cancelled(failure: String?) {
        let reason = failure.map { "\"\($0)\"" } ?? "null"
        #expect(
            Self.told(Self.running + [.stopRequested(.signal(15)), .cancelAnswered(Self.id, failure: failure)]) == [
                #"imagebuilder-taskcanceled {"canceled": \#(failure == nil), \#(Self.hub), "reason": \#(reason), "#
                    + #"\#(Self.task), "variant": "Minimal"}"#
            ])
    }

    @Test("one that is canceled because its time is over has failed")
    func overdue() {
        let told = Self.told(Self.running + [.overdue(Self.id), .cancelAnswered(Self.id, failure: nil)])
        #expect(told.count == 2)
        #expect(told.first?.hasPrefix("imagebuilder-taskcanceled ") == true)
        #expect(told.last?.contains(#""kind": "overdue""#) == true, "\(told)")
    }

    @Test(
        "what a script need not know is not told, nor what does not fit the task's phase",
        arguments: [
            [], [submitting], [submitting, .answerLost(id, wasDone: false)],
            [submitting, .answerLost(id, wasDone: false), .lookedUp(id, found: [])], [submitting, .unsent(id)],
            running + [seen(.open)], running + [seen(.failed)], ended, running + [.stopRequested(.signal(15))],
            running + [.overdue(id)], [.collected(id, images: [image], missing: [:])],
            [.cancelAnswered(id, failure: nil)], running + [.cancelAnswered(id, failure: nil)],
            ended + [.collected(id, images: [image], missing: [:]), .cancelAnswered(id, failure: nil)],
            [.timePassed], [.resumed(by: "me")],
        ])
    func untold(_ events: [ScheduleEvent]) { #expect(Self.told(events) == []) }

    @Test("a builder's whole log does not go into a notification")
    func longReason() throws {
        let long = String(repeating: "é", count: 1_000_000)
        let told = Self.told([
            Self.submitting, .refused(Self.id, TaskFailure(kind: .refused, message: long)),
        ])
        #expect(try #require(told.first).utf8.count < 30_000)
        let notStarted = Notification.failToStart(
            command: [], targetDirectory: nil, config: nil, detail: long, errors: Array(repeating: "e", count: 5000))
        #expect(NotificationContext.input(for: notStarted, in: nil).count < 40_000)
    }

    @Test("only what tells of single tasks may be left out")
    func perTask() {
        let event = ScheduleEvent.submitted(Self.id, TaskID(7))
        let told = Self.schedule.notifications(for: event, ScheduleState())
        #expect(told.count == 1 && told.allSatisfy { $0.isPerTask })
        #expect(!Notification.phaseStart.isPerTask)
        #expect(!Notification.phaseStop.isPerTask)
    }

    // MARK: Pungi's events

    @Test("phases and a compose that does not start are told as Pungi tells them")
    func pungiEvents() {
        #expect(Self.line(.phaseStart) == #"phase-start {"phase_name": "imagebuilder"}"#)
        #expect(Self.line(.phaseStop) == #"phase-stop {"phase_name": "imagebuilder"}"#)
        #expect(
            Self.line(
                .failToStart(
                    command: ["phase-runner", "run", "f.conf"], targetDirectory: "/t", config: "f.conf",
                    detail: "Config validation failed", errors: ["one", "two"]))
                == #"fail-to-start {"command": ["phase-runner", "run", "f.conf"], "config": "f.conf", "#
                + #""detail": "Config validation failed", "errors": ["one", "two"], "target_dir": "/t"}"#)
        #expect(
            Self.line(.failToStart(command: [], targetDirectory: nil, config: nil, detail: "d"))
                == #"fail-to-start {"command": [], "config": null, "detail": "d", "target_dir": null}"#)
    }

    static func settings(_ section: String = "") throws -> ComposeSettings {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("notify-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appendingPathComponent("compose.conf").path
        try (PlanWorld.head + "translate_paths = [(\"/mnt/koji\", \"https://kojipkgs.example.org/\")]\n" + section)
            .write(
                toFile: path, atomically: false, encoding: .utf8)
        return try SettingsReader.read(try ConfigDocument.load(path: path)).0
    }

    static func context(_ settings: ComposeSettings, label: String? = nil, isOurs: Bool = true) throws
        -> NotificationContext
    {
        let identity = try ComposeIdentity(
            settings: settings,
            request: ComposeRequest(
                type: label == nil ? .nightly : .production, label: label, hasNoLabel: false, isSupported: false,
                date: "20260102", respin: 0))
        return NotificationContext(settings: settings, compose: identity, layout: layout, isOurs: isOurs)
    }

    @Test("the keys of every notification are those of Pungi")
    func context() throws {
        let context = try Self.context(Self.settings())
        let input = NotificationContext.input(for: .phaseStart, in: context)
        #expect(
            String(decoding: input, as: UTF8.self)
                == #"{"compose_date": "20260102", "compose_id": "Fedora-44-20260102.n.0", "compose_label": null, "#
                + #""compose_path": "/mnt/koji/compose/44/Fedora-44-20260102.n.0", "compose_respin": 0, "#
                + #""compose_type": "nightly", "#
                + #""location": "https://kojipkgs.example.org/compose/44/Fedora-44-20260102.n.0/compose", "#
                + #""phase_name": "imagebuilder", "release_is_layered": false, "release_name": "Fedora", "#
                + #""release_short": "Fedora", "release_type": "ga", "release_version": "44"}"# + "\n")
    }

    @Test("a layered product names its base product, a labelled compose its label")
    func layered() throws {
        let settings = try Self.settings(
            """
            base_product_name = "Base"
            base_product_short = "B"
            base_product_version = "7"
            base_product_type = "updates"
            """)
        let context = try Self.context(settings, label: "RC-1.2")
        let object = try JSONReader.read(
            NotificationContext.input(for: .phaseStop, in: context), name: "input")
        #expect(object["release_is_layered"] == true)
        #expect(object["base_product_name"] == "Base")
        #expect(object["base_product_short"] == "B")
        #expect(object["base_product_version"] == "7")
        #expect(object["base_product_type"] == "updates")
        #expect(object["compose_label"] == "RC-1.2")
    }

    @Test("an event's own key wins over that of the compose")
    func ownKeyWins() throws {
        let own = ComposePhase.Notification("e", ["compose_type": "own"])
        let object = try JSONReader.read(
            NotificationContext.input(for: own, in: try Self.context(Self.settings())), name: "input")
        #expect(object["compose_type"] == "own")
    }

    @Test("a status is told only where it is ours", arguments: [true, false])
    func status(isOurs: Bool) throws {
        let told = try Self.context(Self.settings(), isOurs: isOurs).statusChange(.finishedIncomplete)
        #expect(told.map(Self.line) == (isOurs ? #"status-change {"status": "FINISHED_INCOMPLETE"}"# : nil))
    }

    @Test("what the plan changes since the last compose")
    func compared() {
        let compose = PlannedCompose(
            id: "F-44-20260102.n.0", date: "20260102", type: "nightly", respin: 0, label: nil, releaseShort: "F",
            releaseVersion: "44")
        let old = PhasePlan(compose: compose, tasks: [Self.tasks[0]], skipped: [], diagnostics: [])
        let new = PhasePlan(compose: compose, tasks: Self.tasks, skipped: [], diagnostics: [])
        let last = LastCompose(id: "F-44-20260101.n.0", directory: "/mnt/F-44-20260101.n.0", plan: old)
        #expect(
            Self.line(.planCompared(PlanComparison(old, new), last: last, text: "words"))
                == #"imagebuilder-plancompared {"added": ["IoT/Fedora-IoT/iot-raw-xz"], "changed": [], "gone": [], "#
                + #""last_compose_id": "F-44-20260101.n.0", "last_compose_path": "/mnt/F-44-20260101.n.0", "same": false, "#
                + #""text": "words", "unchanged": 1}"#)
    }
}
