import Koji

@testable import ComposePhase

/// The events of a small run, as its journal would have them: one image is built, one that may fail fails, one waits.
enum Story {
    static let raw = ImageTaskID("IoT/Fedora-IoT-raw/iot-raw-xz")
    static let iso = ImageTaskID("IoT/Fedora-IoT-ostree/iot-installer")
    static let extra = ImageTaskID("Spins/Fedora-Minimal/minimal-raw-xz")
    static let boom = TaskFailure(
        kind: .failed, message: "task 2 failed: `image-builder` failed\nmore", url: "https://koji/taskinfo?taskID=2")

    static let planned: [ScheduledTask] = [
        ScheduledTask(id: raw, arches: ["aarch64", "x86_64"], failableArches: ["aarch64"], target: "t", attempts: 3),
        ScheduledTask(id: iso, arches: ["x86_64"], failableArches: ["x86_64"], target: "t", attempts: 3),
        ScheduledTask(id: extra, arches: ["x86_64"], failableArches: [], target: "other", attempts: 3),
    ]

    static let images = ["IoT", "IoT", "Spins"]

    /// The plan of it.
    static let tasks: [ImageTask] = zip(planned, images).map { task, variant in
        ImageTask(
            id: task.id, variant: variant, subvariant: "\(variant)_Sub", manifestType: nil,
            method: "imageBuilderBuild", params: [], failableArches: task.failableArches, canFail: task.canFail,
            arches: task.arches.map {
                ArchTask(
                    arch: $0, failable: task.failableArches.contains($0), repos: [], ostreeRef: nil, command: [])
            })
    }

    static func arch(
        _ arch: String, _ id: Int, _ state: TaskState, started: Double? = nil, ended: Double? = nil
    ) -> ArchObservation {
        ArchObservation(
            arch: arch, id: TaskID(id), state: state, host: started == nil ? nil : "builder-\(arch).example.org",
            started: started, ended: ended)
    }

    static func seen(_ id: ImageTaskID, _ state: TaskState, _ arches: [ArchObservation] = []) -> TaskObservation {
        TaskObservation(
            task: id, state: state, host: state == .free ? nil : "builder-0.example.org", started: nil, arches: arches)
    }

    static let image = CollectedImage(
        task: raw, hubTask: TaskID(1), archTask: TaskID(5), variant: "IoT", subvariant: "IoT", arch: "x86_64",
        type: "raw-xz", format: "raw.xz", path: "IoT/x86_64/images/a.raw.xz", size: 1, mtime: 1,
        checksums: ["sha256": "00"], nvr: "n-1-1", buildID: 7, source: "a.raw.xz")

    static let missing = TaskFailure(kind: .missingArch, message: "task 4 failed")

    /// Everything from the plan to the end of the first two.
    static let events: [ScheduleEvent] = [
        .planned(planned),
        .submitting(raw, Attempt(arches: ["aarch64", "x86_64"]), after: nil),
        .submitted(raw, TaskID(1)),
        .submitting(iso, Attempt(arches: ["x86_64"]), after: TaskID(1)),
        .submitted(iso, TaskID(2)),
        .observed([seen(raw, .open)]),
        .explained([raw: .channelFull(arch: "x86_64"), iso: .noBuilder(arch: "x86_64")]),
        .observed([
            seen(raw, .open, [arch("aarch64", 4, .open, started: 1030), arch("x86_64", 5, .free)]),
            seen(iso, .open, [arch("x86_64", 6, .open, started: 1031)]),
        ]),
        .observed([
            seen(
                raw, .open,
                [
                    arch("aarch64", 4, .failed, started: 1030, ended: 1060),
                    arch("x86_64", 5, .open, started: 1040),
                ])
        ]),
        .observed([seen(iso, .failed, [arch("x86_64", 6, .failed, started: 1031, ended: 1090)])]),
        .diagnosed(iso, Diagnosis(boom, arches: [arch("x86_64", 6, .failed, started: 1031, ended: 1090)])),
        .observed([seen(raw, .closed, [arch("x86_64", 5, .closed, started: 1040, ended: 1100)])]),
        .collected(raw, images: [image], missing: ["aarch64": missing]),
    ]

    /// The events ten seconds apart, from 1000 on.
    static let entries: [JournalEntry] = events.enumerated().map {
        JournalEntry(instant: Instant(seconds: 1000 + Double($0) * 10), event: $1)
    }

    /// What of it is in the journal.
    static let journalled = entries.filter(\.event.isDurable)

    /// The state after the first `count` events.
    static func state(after count: Int, policy: SchedulePolicy = SchedulePolicy()) -> ScheduleState {
        ScheduleState(replaying: Array(entries.prefix(count)), policy: policy)
    }

    static func identity(pid: Int = 42, isRehearsal: Bool = false) -> RunIdentity {
        RunIdentity(
            compose: "Fedora-IoT-44-20261123.n.0", releaseShort: "Fedora-IoT", hub: "https://koji/kojihub",
            weburl: "https://koji", profile: "fedora", user: "releng", host: "composer", pid: pid, bootID: "b",
            version: "1", isRehearsal: isRehearsal)
    }
}
