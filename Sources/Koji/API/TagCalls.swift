/// Targets, tags, repos, groups and package lists.
extension HubQuery where Answer == BuildTarget? {
    /// A build target; nil if there is none of this name (`getBuildTarget`).
    package static func buildTarget(_ name: String) -> Self {
        HubQuery("getBuildTarget", [.string(name)]) { answer throws(KojiFailure) in
            try answer.recordIfAny().map { record throws(KojiFailure) in try BuildTarget(record) }
        }
    }
}

extension HubQuery where Answer == [BuildTarget] {
    /// All build targets (`getBuildTargets`).
    package static var buildTargets: Self {
        HubQuery("getBuildTargets") { answer throws(KojiFailure) in
            try answer.list { record throws(KojiFailure) in try BuildTarget(record) }
        }
    }
}

extension HubQuery where Answer == TagInfo? {
    /// A tag with its own settings; nil if there is none (`getTag`).
    package static func tag(_ name: String) -> Self {
        HubQuery("getTag", [.string(name)]) { answer throws(KojiFailure) in
            try answer.recordIfAny().map { record throws(KojiFailure) in try TagInfo(record) }
        }
    }
}

extension HubQuery where Answer == TagInfo {
    /// A tag with arches and settings that it inherits: what a builder goes by (`getBuildConfig`). Fault 1000 for a tag
    /// that the hub does not know.
    package static func buildConfig(tag: String) -> Self {
        HubQuery("getBuildConfig", [.string(tag)]) { answer throws(KojiFailure) in try TagInfo(answer.record()) }
    }
}

extension HubQuery where Answer == RepoInfo? {
    /// The newest ready repo of a tag; nil if there is none (`getRepo`). Fault 1000 for a tag that the hub does not know.
    package static func repo(tag: String) -> Self {
        HubQuery("getRepo", [.string(tag)]) { answer throws(KojiFailure) in
            try answer.recordIfAny().map { record throws(KojiFailure) in try RepoInfo(record) }
        }
    }
}

extension HubQuery where Answer == [TagGroup] {
    /// The groups of a tag with their packages (`getTagGroups`). Fault 1000 for a tag that the hub does not know.
    ///
    /// - Parameter packages: false leaves ``TagGroup/packages`` empty and the answer short.
    package static func tagGroups(tag: String, packages: Bool = true) -> Self {
        HubQuery(
            "getTagGroups", [.string(tag)], packages ? [:] : ["incl_pkgs": .bool(false), "incl_reqs": .bool(false)]
        ) { answer throws(KojiFailure) in
            try answer.list { record throws(KojiFailure) in try TagGroup(record) }
        }
    }
}

extension HubQuery where Answer == PackageEntry? {
    /// A package in a tag's list, inheritance followed; nil if it is not there, and for an unknown tag, too
    /// (`getPackageConfig`). What the builder looks at before a build that is not scratch.
    package static func packageConfig(tag: String, package: String) -> Self {
        HubQuery("getPackageConfig", [.string(tag), .string(package)]) { answer throws(KojiFailure) in
            try answer.recordIfAny().map { record throws(KojiFailure) in try PackageEntry(record) }
        }
    }
}

extension HubQuery where Answer == [PackageEntry] {
    /// The package list of a tag, inherited entries included (`listPackages`). Thousands on a distribution's main tags.
    package static func packages(tag: String) -> Self {
        HubQuery("listPackages", [], ["tagID": .string(tag), "inherited": .bool(true)]) { answer throws(KojiFailure) in
            try answer.list { record throws(KojiFailure) in try PackageEntry(record) }
        }
    }
}
