import Koji
import Testing

@Suite("What the hub's answers on builds, tasks and buildroots mean")
struct BuildAnswerTests {
    private static let url = "https://hub.example.org/kojihub"

    private static func object(_ members: KeyValuePairs<String, XMLRPCValue>) -> XMLRPCValue {
        .object(Dictionary(members.map { ($0.key, $0.value) }) { $1 })
    }

    private static let build = object([
        "build_id": .int(7), "name": .string("Fedora-IoT"), "version": .string("43"), "release": .string("3"),
        "state": .int(1), "task_id": .int(47), "owner_name": .string("imguser"), "volume_name": .string("DEFAULT"),
        "completion_ts": .double(1795385394.661173), "epoch": .int(0),
    ])

    @Test("a build by its NVR, and none")
    func build() throws {
        let query = HubQuery.build(nvr: "Fedora-IoT-43-3")
        #expect(query.call == XMLRPCCall(method: "getBuild", args: [.string("Fedora-IoT-43-3")]))
        let build = try #require(try query.answer(of: Self.build, url: Self.url))
        #expect(build.nvr == "Fedora-IoT-43-3" && build.state == .complete && build.task == TaskID(47))
        #expect(build.completed == 1795385394.661173 && build.tag == nil && build.owner == "imguser")
        #expect(try query.answer(of: .null, url: Self.url) == nil)
    }

    @Test("builds of a tag come without times, and what is off by default is not sent")
    func tagged() throws {
        guard case .object(var members) = Self.build else { return }
        members["completion_ts"] = nil
        members["tag_name"] = .string("f43")
        let query = HubQuery.taggedBuilds(tag: "f43-candidate", package: "Fedora-IoT")
        #expect(
            query.call.arguments.keywords
                == ["package": .string("Fedora-IoT"), "inherit": .bool(true), "latest": .bool(true)])
        let found = try #require(try query.answer(of: .array([.object(members)]), url: Self.url).first)
        #expect(found.tag == "f43" && found.completed == nil)
        let all = HubQuery.taggedBuilds(tag: "f43", package: "a", inherited: false, latest: false)
        #expect(all.call.arguments.keywords == ["package": .string("a")])
        let builds = HubQuery.builds(of: TaskID(47))
        #expect(builds.call == XMLRPCCall(method: "listBuilds", args: [], keywords: ["taskID": .int(47)]))
    }

    @Test("the next release")
    func nextRelease() throws {
        let query = HubQuery.nextRelease(name: "a", version: "1")
        let build: [String: XMLRPCValue] = ["name": .string("a"), "version": .string("1")]
        #expect(query.call == XMLRPCCall(method: "getNextRelease", args: [.object(build)]))
        #expect(try query.answer(of: .string("4"), url: Self.url) == "4")
    }

    @Test("an archive with its size and checksum", arguments: [(0, "md5"), (1, "sha1"), (2, "sha256"), (3, nil)])
    func archive(kind: Int64, name: String?) throws {
        let answer = Self.object([
            "id": .int(5), "build_id": .int(7), "filename": .string("a.raw.xz"), "size": .int(5_000_000_000),
            "checksum": .string("00ff"), "checksum_type": .int(kind), "arch": .string("x86_64"),
            "type_name": .string("raw-xz"), "buildroot_id": .null, "metadata_only": .bool(false),
        ])
        let query = HubQuery.imageArchives(of: 7)
        #expect(query.call.arguments.keywords == ["buildID": .int(7), "type": .string("image")])
        let archive = try #require(try query.answer(of: .array([answer]), url: Self.url).first)
        #expect(archive.checksumKind == name && archive.size == 5_000_000_000 && archive.checksum == "00ff")
        #expect(archive.arch == "x86_64" && archive.typeName == "raw-xz" && archive.buildroot == nil)
    }

    @Test("logs of a build")
    func logs() throws {
        let log = Self.object([
            "name": .string("build.log"), "dir": .string("image/x86_64"),
            "path": .string("packages/a/1/2/data/logs/image/x86_64/build.log"),
        ])
        let found = try HubQuery.buildLogs(of: 7).answer(of: .array([log]), url: Self.url)
        #expect(found.map(\.directory) == ["image/x86_64"])
    }

    private static func task(_ id: Int64, request: XMLRPCValue? = nil) -> XMLRPCValue {
        var members: [String: XMLRPCValue] = [
            "id": .int(id), "parent": .int(4), "method": .string("imageBuilderBuildArch"), "label": .string("x86_64"),
            "arch": .string("x86_64"), "state": .int(5), "host_id": .int(1), "start_ts": .double(2),
            "create_ts": .double(1), "completion_ts": .double(3), "owner": .int(2), "priority": .int(19),
        ]
        members["request"] = request
        return .object(members)
    }

    @Test("a task with its times and, where asked for, its request")
    func task() throws {
        let query = HubQuery.taskInfo(TaskID(16), request: true)
        #expect(query.call.arguments.keywords == ["request": .bool(true)])
        let task = try #require(try query.answer(of: Self.task(16, request: .array([.int(1)])), url: Self.url))
        #expect(task.created == 1 && task.started == 2 && task.ended == 3)
        #expect(task.owner == 2 && task.priority == 19 && task.request == [.int(1)])
        // listTasks has it as a document in a text.
        let raw = try query.answer(of: Self.task(16, request: .string("<?xml?>")), url: Self.url)
        #expect(raw?.request == nil)
        #expect(HubQuery.taskInfo(TaskID(16)).call.params == [.int(16)])
    }

    @Test("a tree by the ids of its tasks")
    func tree() throws {
        let answer: XMLRPCValue = .object(["4": .array([Self.task(16)]), "16": .array([])])
        let tree = try HubQuery.descendants(of: TaskID(4)).answer(of: answer, url: Self.url)
        #expect(tree.mapValues { $0.map(\.id) } == [TaskID(4): [TaskID(16)], TaskID(16): []])
        for wrong in [.object(["x": .array([])]), .array([]), .object(["4": .null])] as [XMLRPCValue] {
            #expect(throws: KojiFailure.self) {
                try HubQuery.descendants(of: TaskID(4)).answer(of: wrong, url: Self.url)
            }
        }
    }

    @Test("the children of many are never asked for without a parent, which hubs take for an error")
    func childrenOfMany() {
        #expect(HubQuery.children(ofAny: [])?.call == nil)
        let query = HubQuery.children(ofAny: [TaskID(4), TaskID(5)])
        #expect(query?.call.params.first == .object(["parent": .array([.int(4), .int(5)])]))
    }

    @Test("a task's result, or the fault that it failed with")
    func result() throws {
        let query = HubQuery.result(of: TaskID(4))
        #expect(query.call.arguments.keywords == ["raise_fault": .bool(false)])
        let fault = XMLRPCFault(code: 1007, text: "what the builder met")
        #expect(try query.answer(of: fault.value, url: Self.url) == .fault(fault))
        #expect(try query.answer(of: .null, url: Self.url) == .value(.null))
    }

    @Test("buildroots and what is in them")
    func buildroots() throws {
        let root = Self.object([
            "id": .int(3), "arch": .string("aarch64"), "state": .int(3), "task_id": .int(215),
            "host_name": .string("b1"), "repo_id": .int(1), "tag_name": .string("t"), "br_type": .int(0),
        ])
        let found = try #require(
            try HubQuery.buildroots(of: TaskID(215)).answer(of: .array([root]), url: Self.url).first)
        #expect(found.id == 3 && found.state == .expired && found.host == "b1" && found.repo == 1 && found.tag == "t")
        let rpm = Self.object([
            "name": .string("osbuild"), "version": .string("1.1"), "release": .string("1.fc43"), "epoch": .int(2),
            "arch": .string("noarch"), "external_repo_id": .int(1), "external_repo_name": .string("f43-build"),
        ])
        let own = Self.object([
            "name": .string("a"), "version": .string("1"), "release": .string("2"), "epoch": .null,
            "arch": .string("noarch"), "external_repo_id": .int(0), "external_repo_name": .string("INTERNAL"),
        ])
        let query = HubQuery.installedRPMs(buildroot: 3, limit: 10)
        #expect(query.call.arguments.keywords["queryOpts"] == .object(["order": .string("id"), "limit": .int(10)]))
        let rpms = try query.answer(of: .array([rpm, own]), url: Self.url)
        #expect(rpms.map(\.nvr) == ["osbuild-1.1-1.fc43", "a-1-2"])
        #expect(rpms.map(\.epoch) == [2, nil] && rpms.map(\.externalRepo) == ["f43-build", nil])
        #expect(try HubQuery.installedRPMCount(buildroot: 3).answer(of: .int(300), url: Self.url) == 300)
    }

    @Test("changes: what is sent, and an answer without a task id means that the task must be looked up")
    func changes() throws {
        #expect(HubChange.cancelTask(TaskID(4)).call == XMLRPCCall(method: "cancelTask", args: [.int(4)]))
        #expect(
            HubChange.setPriority(of: TaskID(4), to: 5).call
                == XMLRPCCall(method: "setTaskPriority", args: [.int(4), .int(5)]))
        let cancel = HubChange.cancelBuild(nvr: "a-1-2")
        #expect(
            cancel.call
                == XMLRPCCall(method: "cancelBuild", args: [.string("a-1-2")], keywords: ["strict": .bool(true)]))
        #expect(try cancel.answer(of: .bool(true), url: Self.url))
        let again = HubChange.resubmit(TaskID(4))
        #expect(try again.answer(of: .int(46), url: Self.url) == TaskID(46))
        let failure = try #require(throws: KojiFailure.self) { try again.answer(of: .null, url: Self.url) }
        #expect(failure.kind == .answerLost)
    }

    @Test("many changes go a hundred in a request, and each has its own refusal")
    func manyChanges() async throws {
        let no: XMLRPCValue = .object(["faultCode": .int(1004), "faultString": .string("not owner")])
        let transport = ScriptedTransport([
            .session(1), .value(.array(Array(repeating: .array([.null]), count: 100))),
            .value(.array([no, .array([.null])])),
        ])
        let results = try await transport.session().carryOutAll((0..<102).map { .cancelTask(TaskID($0)) })
        #expect(results.map(\.kind) == Array(repeating: "ok", count: 100) + ["permission", "ok"])
        #expect(transport.log == ["login", "multiCall s1 #0", "multiCall s1 #1"])
    }
}
