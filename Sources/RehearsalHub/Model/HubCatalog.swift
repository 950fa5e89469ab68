import Koji

/// A tag: arches and the package list.
package struct HubTag: Sendable {
    package let id: Int
    package let name: String
    package let arches: [String]
    /// Listed packages; nil means that every package is listed.
    package let packages: Set<String>?
    package let blocked: Set<String>
    /// Whether the group `image-builder-build` is there: build tags have it.
    let hasBuildGroup: Bool

    /// The struct of `getTag`.
    var record: [String: XMLRPCValue] {
        [
            "id": .number(id), "name": .string(name), "arches": .string(arches.joined(separator: " ")),
            "locked": .bool(false), "perm": .null, "perm_id": .null, "maven_support": .bool(false),
            "maven_include_all": .bool(false),
            "extra": .object(hasBuildGroup ? ["mock.new_chroot": .number(0)] : [:]),
        ]
    }

    /// The struct of `getBuildConfig`.
    var configRecord: XMLRPCValue {
        .object(record.merging(["config_inheritance": .object(["arches": .null, "extra": .object([:])])]) { $1 })
    }
}

/// A build target: where the buildroot comes from and where builds go.
package struct HubTarget: Sendable {
    package let id: Int
    package let name: String
    package let buildTag: Int
    package let destTag: Int
}

/// A channel of builders.
struct HubChannel: Sendable {
    let id: Int
    let name: String
    let isEnabled: Bool

    var record: XMLRPCValue {
        .object([
            "id": .number(id), "name": .string(name), "enabled": .bool(isEnabled), "comment": .null,
            "description": .null,
        ])
    }
}

/// A stand-in builder.
struct HubHost: Sendable {
    let id: Int
    let name: String
    let arch: String
    let user: Int
    let capacity: Double
}

/// The repository of a build tag.
struct HubRepo: Sendable {
    let id: Int
    let tag: Int
    let created: HubTime
    let event: Int
}

extension HubState {
    /// The target's struct, with the names of its tags.
    func record(of target: HubTarget) -> XMLRPCValue {
        .object([
            "id": .number(target.id), "name": .string(target.name), "build_tag": .number(target.buildTag),
            "build_tag_name": .optional(tag(id: target.buildTag)?.name), "dest_tag": .number(target.destTag),
            "dest_tag_name": .optional(tag(id: target.destTag)?.name),
        ])
    }

    /// The host's struct; `task_load` counts what runs on it now. A full host is not ready.
    func record(of host: HubHost) -> XMLRPCValue {
        let load = Double(running[host.arch] ?? 0)
        return .object([
            "id": .number(host.id), "name": .string(host.name), "arches": .string(host.arch),
            "capacity": .double(host.capacity), "comment": .string("rehearsal: builds nothing"),
            "description": .string("stand-in builder of phase-runner's rehearsal hub"), "enabled": .bool(true),
            "ready": .bool(load < host.capacity), "task_load": .double(load), "user_id": .number(host.user),
            "update_ts": .timestamp(clock),
        ])
    }

    /// The struct of `getRepo` and `repoInfo`.
    func record(of repo: HubRepo) -> XMLRPCValue {
        .object([
            "id": .number(repo.id), "tag_id": .number(repo.tag), "tag_name": .optional(tag(id: repo.tag)?.name),
            "state": .number(1), "task_id": .null, "task_state": .null, "create_event": .number(repo.event),
            "begin_event": .number(repo.event), "end_event": .null, "end_ts": .null,
            "begin_ts": .timestamp(repo.created), "create_ts": .timestamp(repo.created),
            "creation_ts": .timestamp(repo.created), "state_ts": .timestamp(repo.created),
            "creation_time": .time(repo.created), "state_time": .time(repo.created), "dist": .bool(false),
            "custom_opts": .object([:]),
            "opts": .object([
                "src": .bool(false), "maven": .bool(false), "debuginfo": .bool(false), "separate_src": .bool(false),
            ]),
        ])
    }

    /// The struct of `getRepo`, which hubs before 1.35 made shorter.
    func newestRecord(of repo: HubRepo) -> XMLRPCValue {
        let record = record(of: repo)
        if settings.generation.hasFullRepos { return record }
        let names: Set = ["id", "state", "create_event", "creation_time", "create_ts", "dist", "task_id"]
        return .object((record.members ?? [:]).filter { names.contains($0.key) })
    }

    /// Makes a target that the settings do not name, with tags of its own, so that any configuration can be rehearsed.
    mutating func inventTarget(named name: String) -> HubTarget? {
        guard settings.inventsTargets, Self.isPlausible(name) else { return nil }
        var target = RehearsalTarget(name: name, arches: settings.builderArches)
        target.hasRepo = !settings.lacksRepos
        return addTarget(target)
    }

    /// Names that Koji itself would take; anything else stays unknown.
    private static func isPlausible(_ name: String) -> Bool {
        (1...256).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || "0123456789._+-~".utf8.contains($0)
            }
    }

    /// Adds a target with its two tags and, unless told otherwise, a ready repository.
    @discardableResult
    mutating func addTarget(_ setting: RehearsalTarget) -> HubTarget {
        let buildTag = addTag(
            named: setting.buildTag, arches: setting.arches, packages: [], blocked: [], hasBuildGroup: true)
        let destTag = addTag(
            named: setting.destTag, arches: [], packages: setting.packages, blocked: setting.blockedPackages,
            hasBuildGroup: false)
        let target = HubTarget(id: targets.count + 1, name: setting.name, buildTag: buildTag, destTag: destTag)
        targets.append(target)
        if setting.hasRepo, repo(tag: buildTag) == nil { addRepo(tag: buildTag) }
        return target
    }

    /// Adds the repository of a build tag.
    mutating func addRepo(tag: Int) {
        let repo = HubRepo(id: repos.count + 1, tag: tag, created: clock, event: nextEvent())
        repos.append(repo)
        guard let tag = self.tag(id: tag) else { return }
        for arch in tag.arches {
            perform(
                .writeText(
                    path: "\(PathInfo.repo(tag: tag.name, id: repo.id, arch: arch))/repodata/repomd.xml",
                    Self.repositoryIndex(revision: repo.event)))
        }
    }

    /// The index of an empty repository. Its revision is an event, not a time, so that rehearsals of one plan agree.
    private static func repositoryIndex(revision: Int) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <!-- \(OutputContent.notice) -->
        <repomd xmlns="http://linux.duke.edu/metadata/repo">
          <revision>\(revision)</revision>
        </repomd>

        """
    }

    private mutating func addTag(
        named name: String, arches: [String], packages: Set<String>?, blocked: Set<String>, hasBuildGroup: Bool
    ) -> Int {
        if let known = tags.first(where: { $0.name == name }) { return known.id }
        let tag = HubTag(
            id: tags.count + 1, name: name, arches: arches, packages: packages, blocked: blocked,
            hasBuildGroup: hasBuildGroup)
        tags.append(tag)
        return tag.id
    }
}
