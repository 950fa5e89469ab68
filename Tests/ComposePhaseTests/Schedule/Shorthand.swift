import Koji

@testable import ComposePhase

/// Events and policies as short as tables want them.
extension ScheduleEvent {
    static func submitting(_ id: ImageTaskID, after: TaskID?) -> Self {
        .submitting(id, Attempt(arches: ["aarch64", "x86_64"]), after: after)
    }

    static func collected(_ id: ImageTaskID, images: [String], missing: [String: TaskFailure]) -> Self {
        .collected(id, images: images.map { .named($0, of: id) }, missing: missing)
    }

    static func diagnosed(_ id: ImageTaskID, _ failure: TaskFailure) -> Self { .diagnosed(id, Diagnosis(failure)) }
}

extension CollectedImage {
    static func named(_ name: String, of id: ImageTaskID, arch: String = "x86_64") -> Self {
        CollectedImage(
            task: id, hubTask: TaskID(1), archTask: TaskID(2), variant: "IoT", subvariant: "IoT", arch: arch,
            type: "raw-xz", format: "raw.xz", path: "IoT/\(arch)/images/\(name)", size: 1, mtime: 1,
            checksums: ["sha256": "00"], nvr: "n-1-1", buildID: 7, source: "\(name)")
    }
}

extension SchedulePolicy {
    static func holding(tasks: Int = .max, collecting: Int = 4, keepsGoing: Bool = false) -> Self {
        var policy = SchedulePolicy()
        policy.limits.tasks = tasks
        policy.limits.collecting = collecting
        policy.keepsGoing = keepsGoing
        return policy
    }
}

extension ScheduleAction {
    /// Everything of one task of the hub.
    static func collect(_ id: ImageTaskID, _ hubTask: TaskID, _ arches: [String] = ["aarch64", "x86_64"]) -> Self {
        .collect(id, [HubPart(hubTask, arches: arches)], replacing: [])
    }
}
