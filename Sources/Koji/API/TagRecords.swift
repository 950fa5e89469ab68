/// Where a build takes its repo and tools from, and where it is tagged.
package struct BuildTarget: Sendable, Hashable {
    package let id: Int
    package let name: String
    /// The tag whose repo and groups make the buildroot.
    package let buildTag: String
    package let buildTagID: Int
    /// The tag that finished builds get.
    package let destTag: String
    package let destTagID: Int

    init(_ record: Record) throws(KojiFailure) {
        id = try record.int("id")
        name = try record.string("name")
        buildTag = try record.string("build_tag_name")
        buildTagID = try record.int("build_tag")
        destTag = try record.string("dest_tag_name")
        destTagID = try record.int("dest_tag")
    }
}

/// A tag with its settings.
package struct TagInfo: Sendable, Hashable {
    package let id: Int
    package let name: String
    /// The arches in the tag's order; empty for a tag that has none of its own.
    package let arches: [String]
    /// Whether nothing can be tagged into it.
    package let isLocked: Bool
    /// The permission that tagging needs; nil if everybody may who is the package's owner.
    package let permission: String?
    /// Settings of any kind by name, e.g. `mock.new_chroot`, `rpm.macro.dist`.
    package let extra: [String: XMLRPCValue]

    init(_ record: Record) throws(KojiFailure) {
        id = try record.int("id")
        name = try record.string("name")
        // Separated by blanks; nil and "" are none.
        arches = record.words("arches")
        isLocked = record.isTrue("locked")
        permission = record.optionalString("perm")
        if case .object(let members)? = record.value("extra") { extra = members } else { extra = [:] }
    }

    /// What `mock.new_chroot` is set to; nil if the tag does not set it, so that the builder's mock decides.
    ///
    /// The koji-image-builder project wants it off (`0`) in build tags of images. Any kind of value is taken as Python
    /// takes it.
    package var newChroot: Bool? {
        switch extra["mock.new_chroot"] {
        case nil, .null: nil
        case .some(let value): value.isTrue
        }
    }
}

/// A repo that the hub made of a tag.
package struct RepoInfo: Sendable, Hashable {
    package enum State: Int, Sendable, Hashable {
        case initializing = 0
        case ready = 1
        /// Replaced by a newer one; deleted some days later.
        case expired = 2
        case deleted = 3
        case problem = 4
    }

    package let id: Int
    /// nil for a number that no known hub has.
    package let state: State?
    /// The hub's event that the repo shows the tag at.
    package let createEvent: Int?
    /// Seconds since 1970.
    package let created: Double?
    package let isDist: Bool
    /// The task that made it.
    package let task: TaskID?
    /// nil on hubs before 1.35, which do not tell.
    package let tag: String?

    init(_ record: Record) throws(KojiFailure) {
        id = try record.int("id")
        state = State(rawValue: try record.int("state"))
        createEvent = record.optionalInt("create_event")
        created = record.optionalDouble("create_ts")
        isDist = record.isTrue("dist")
        task = record.optionalInt("task_id").map { TaskID($0) }
        tag = record.optionalString("tag_name")
    }
}

/// A group of packages of a tag, inheritance followed.
package struct TagGroup: Sendable, Hashable {
    package struct Package: Sendable, Hashable {
        package let name: String
        /// `mandatory`, `default`, `optional` or `conditional`.
        package let kind: String
        package let isBlocked: Bool
    }

    package let name: String
    package let isBlocked: Bool
    /// Empty also when packages were not asked for.
    package let packages: [Package]

    init(_ record: Record) throws(KojiFailure) {
        name = try record.string("name")
        isBlocked = record.isTrue("blocked")
        var packages: [Package] = []
        for entry in try record.records("packagelist") {
            packages.append(
                Package(
                    name: try entry.string("package"), kind: entry.optionalString("type") ?? "mandatory",
                    isBlocked: entry.isTrue("blocked")))
        }
        self.packages = packages
    }
}

/// An entry of a tag's package list.
package struct PackageEntry: Sendable, Hashable {
    package let id: Int
    package let name: String
    /// The tag that the entry was found in: the one asked for, or one that it inherits from.
    package let tag: String
    /// Whether builds of it cannot be tagged.
    package let isBlocked: Bool
    package let owner: String?
    /// Arches beside the tag's own.
    package let extraArches: [String]

    init(_ record: Record) throws(KojiFailure) {
        id = try record.int("package_id")
        name = try record.string("package_name")
        tag = try record.string("tag_name")
        isBlocked = record.isTrue("blocked")
        owner = record.optionalString("owner_name")
        extraArches = record.words("extra_arches")
    }
}
