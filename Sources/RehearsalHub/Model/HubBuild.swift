import Koji

/// States of a build, as Koji numbers them.
package enum BuildState: Int, Sendable {
    case building = 0
    case complete = 1
    case deleted = 2
    case failed = 3
    case canceled = 4

    var name: String {
        switch self {
        case .building: "BUILDING"
        case .complete: "COMPLETE"
        case .deleted: "DELETED"
        case .failed: "FAILED"
        case .canceled: "CANCELED"
        }
    }
}

/// What builds are looked up by; the release is told apart within.
struct BuildKey: Sendable, Hashable {
    let name: String
    let version: String
}

/// The record of a build.
struct HubBuild: Sendable {
    let id: Int
    let name: String
    let version: String
    let release: String
    let package: Int
    var state: BuildState
    var task: TaskID
    var owner: Int
    var event: Int
    var created: HubTime
    var started: HubTime
    var completed: HubTime?
    var archives: [HubArchive] = []
    /// Tags that the build is in, with the event of tagging, oldest first.
    var tags: [(tag: Int, event: Int)] = []
    /// Logs below `data/logs/image`.
    var logs: [(arch: String, name: String)] = []

    var nvr: String { "\(name)-\(version)-\(release)" }

    /// The directory of the build, relative to the top of the tree.
    var directory: String { "packages/\(name)/\(version)/\(release)" }
}

/// One file of a build.
struct HubArchive: Sendable {
    let id: Int
    let build: Int
    let file: OutputFile
    let arch: String
    let type: ArchiveType
    let sha256: String

    /// The struct of `listArchives(type="image")`.
    var record: XMLRPCValue {
        .object([
            "id": .number(id), "build_id": .number(build), "filename": .string(file.name), "size": .number(file.size),
            "checksum": .string(sha256), "checksum_type": .number(2), "arch": .string(arch),
            "btype": .string("image"), "btype_id": .number(4), "type_id": .number(type.id),
            "type_name": .string(type.name), "type_extensions": .string(type.extensions),
            "type_description": .string(type.description), "compression_type": .null, "extra": .null,
            "metadata_only": .bool(false), "buildroot_id": .null,
        ])
    }
}

extension HubState {
    /// The struct of `listBuilds`.
    func record(of build: HubBuild) -> [String: XMLRPCValue] {
        let record: [String: XMLRPCValue] = [
            "build_id": .number(build.id), "name": .string(build.name), "version": .string(build.version),
            "release": .string(build.release), "nvr": .string(build.nvr), "epoch": .number(0),
            "state": .number(build.state.rawValue), "task_id": .number(build.task.number),
            "owner_id": .number(build.owner), "owner_name": .optional(user(id: build.owner)?.name),
            "package_id": .number(build.package), "package_name": .string(build.name), "volume_id": .number(0),
            "volume_name": .string("DEFAULT"), "creation_event_id": .number(build.event),
            "creation_time": .time(build.created), "creation_ts": .timestamp(build.created),
            "start_time": .time(build.started), "start_ts": .timestamp(build.started),
            "completion_time": .time(build.completed), "completion_ts": .timestamp(build.completed), "source": .null,
            "extra": .null, "draft": .bool(false), "promoter_id": .null, "promoter_name": .null,
            "promotion_time": .null, "promotion_ts": .null,
        ]
        if settings.generation.hasPromotion { return record }
        return record.filter { !$0.key.hasPrefix("promot") }
    }

    /// The struct of `getBuild`.
    func fullRecord(of build: HubBuild) -> XMLRPCValue {
        .object(record(of: build).merging(["id": .number(build.id), "cg_id": .null, "cg_name": .null]) { $1 })
    }

    /// The records of a name and version, oldest first.
    func builds(name: String, version: String) -> [HubBuild] {
        (buildIndex[BuildKey(name: name, version: version)] ?? []).map { builds[$0 - 1] }
    }

    /// The release that the hub would give next.
    ///
    /// It follows the newest record that is building, complete or deleted; failed and canceled ones do not count.
    ///
    /// - Throws: 1005 if the last release is neither a number nor a number, a dot and a rest.
    func nextRelease(name: String, version: String, increment: Int = 1) throws(XMLRPCFault) -> String {
        let counted: Set<BuildState> = [.building, .complete, .deleted]
        guard
            let last = builds(name: name, version: version).last(where: { counted.contains($0.state) })
        else { return "1" }
        let parts = last.release.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let number = Int(parts[0]), parts[0].allSatisfy(\.isNumber),
            case (let next, false) = number.addingReportingOverflow(increment)
        else { throw .build("Unable to increment release value: \(last.release)") }
        return "\(next)" + (parts.count == 2 ? ".\(parts[1])" : "")
    }

    /// Takes the record of a name, version and release for a task, as the hub does when a builder asks for it.
    ///
    /// A failed or canceled one is recycled, one that is building for the same task is taken up again.
    ///
    /// - Returns: the id of the record.
    /// - Throws: 1000 if the build is there already, or being built by another task.
    mutating func takeBuild(for task: HubTask, release: String) throws(XMLRPCFault) -> Int {
        guard let image = task.image else { throw .unforeseen("no image in task \(task.id)") }
        let found = builds(name: image.name, version: image.version).first { $0.release == release }
        let package = packageID(image.name)
        guard let found else {
            let build = HubBuild(
                id: builds.count + 1, name: image.name, version: image.version, release: release, package: package,
                state: .building, task: task.id, owner: task.owner, event: nextEvent(), created: clock, started: clock)
            builds.append(build)
            buildIndex[BuildKey(name: image.name, version: image.version), default: []].append(build.id)
            return build.id
        }
        var build = found
        switch build.state {
        case .building where build.task == task.id:
            return build.id
        case .building:
            throw .generic("Build already in progress (task \(build.task))")
        case .complete, .deleted:
            throw .generic(
                "Build already exists (id=\(build.id), state=\(build.state.name)): "
                    + "{'name': \(Python.repr(image.name)), "
                    + "'version': \(Python.repr(image.version)), 'release': \(Python.repr(release)), 'epoch': 0, "
                    + "'task_id': \(task.id), 'owner': \(task.owner), 'state': 0, 'completion_time': None, "
                    + "'pkg_id': \(package), 'extra': None, 'start_time': 'NOW', 'source': None, 'volume_id': 0, "
                    + "'draft': False}")
        case .failed, .canceled:
            build.state = .building
            build.task = task.id
            build.owner = task.owner
            build.event = nextEvent()
            build.created = clock
            build.started = clock
            build.completed = nil
            update(build: build.id) { $0 = build }
            return build.id
        }
    }
}
