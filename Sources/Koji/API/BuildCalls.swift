/// Builds and their files.
extension HubQuery where Answer == BuildInfo? {
    /// A build by its name-version-release; nil if there is none (`getBuild`). A canceled or failed one is there, too.
    package static func build(nvr: String) -> Self {
        HubQuery("getBuild", [.string(nvr)]) { answer throws(KojiFailure) in
            try answer.recordIfAny().map { record throws(KojiFailure) in try BuildInfo(record) }
        }
    }
}

extension HubQuery where Answer == [BuildInfo] {
    /// The builds of a task. More than one is possible: a restarted parent without an explicit release takes a second
    /// (`listBuilds`).
    package static func builds(of task: TaskID) -> Self {
        HubQuery("listBuilds", [], ["taskID": task.xmlrpc]) { answer throws(KojiFailure) in
            try answer.list { record throws(KojiFailure) in try BuildInfo(record) }
        }
    }

    /// Builds of a package in a tag, newest tagging first (`listTagged`). They have no times.
    ///
    /// - Parameters:
    ///   - inherited: also of the tags that this one inherits from.
    ///   - latest: only the newest one.
    package static func taggedBuilds(
        tag: String, package: String, inherited: Bool = true, latest: Bool = true
    ) -> Self {
        var keywords: [String: XMLRPCValue] = ["package": .string(package)]
        // Both are off by default.
        if inherited { keywords["inherit"] = .bool(true) }
        if latest { keywords["latest"] = .bool(true) }
        return HubQuery("listTagged", [.string(tag)], keywords) { answer throws(KojiFailure) in
            try answer.list { record throws(KojiFailure) in try BuildInfo(record) }
        }
    }
}

extension HubQuery where Answer == String {
    /// The release that the hub would give the next build of this name and version (`getNextRelease`). Fault 1005 if the
    /// newest release is none that can be counted on from.
    package static func nextRelease(name: String, version: String) -> Self {
        HubQuery("getNextRelease", [.object(["name": .string(name), "version": .string(version)])]) {
            answer throws(KojiFailure) in try answer.string()
        }
    }
}

extension HubQuery where Answer == [Archive] {
    /// The image files of a build with size and checksum, in no order (`listArchives`).
    package static func imageArchives(of build: Int) -> Self {
        HubQuery("listArchives", [], ["buildID": .int(Int64(build)), "type": .string("image")]) {
            answer throws(KojiFailure) in try answer.list { record throws(KojiFailure) in try Archive(record) }
        }
    }
}

extension HubQuery where Answer == [BuildLog] {
    /// The logs that are kept with a build (`getBuildLogs`).
    package static func buildLogs(of build: Int) -> Self {
        HubQuery("getBuildLogs", [.int(Int64(build))]) { answer throws(KojiFailure) in
            try answer.list { record throws(KojiFailure) in try BuildLog(record) }
        }
    }
}

extension KojiSession {
    /// The builds of a task. More than one is possible: a restarted parent without an explicit release takes a second.
    package func builds(of task: TaskID) async throws(KojiFailure) -> [BuildInfo] { try await ask(.builds(of: task)) }

    /// The image files of a build with size and checksum, in no order.
    package func imageArchives(of build: Int) async throws(KojiFailure) -> [Archive] {
        try await ask(.imageArchives(of: build))
    }
}
