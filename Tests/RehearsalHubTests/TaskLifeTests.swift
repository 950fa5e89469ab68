import Koji
import Testing

@testable import RehearsalHub

@Suite("The life of tasks")
struct TaskLifeTests {
    @Test("a scratch build goes through all states, and its children with it")
    func scratchBuild() throws {
        var hub = StepHub()
        try hub.logIn()
        let id = try hub.submit()
        #expect(try hub.stateOf(id) == .free)
        #expect(hub.resultFault(id) == .generic("Task 1 is not finished"))
        hub.wait(1)
        #expect(try hub.stateOf(id) == .assigned)
        hub.wait(1)
        #expect(try hub.stateOf(id) == .open)
        let children = try hub.task(id).children.map(\.number)
        #expect(children == [2, 3])
        #expect(try children.map { try hub.task($0).arch } == ["x86_64", "aarch64"])
        #expect(try hub.task(2).priority == 19)
        #expect(try hub.task(id).waiting == true)
        hub.wait(2)
        #expect(try hub.stateOf(2) == .open)
        #expect(try hub.task(2).outputs.map(\.name) == ["root.log", "mock_output.log"])
        hub.waitForEnd()
        #expect(try hub.stateOf(id) == .closed)
        #expect(
            try hub.result(id)
                == .string("Scratch image build results in: /mnt/koji/work/tasks/2/2, /mnt/koji/work/tasks/3/3"))
        let result = try hub.result(3)
        #expect(
            result["files"]
                == .strings([
                    "Fedora-Minimal-43-1.aarch64.raw.xz", "Fedora-Minimal-43-1.aarch64.osbuild-manifest.json",
                    "Fedora-Minimal-43-1.aarch64.buildroot-build.spdx.json",
                    "Fedora-Minimal-43-1.aarch64.image-os.spdx.json",
                ]))
        #expect(result["task_id"] == .number(3))
        #expect(try hub.task(2).awaited == false)
    }

    @Test("a build that is not scratch has archives, is complete and tagged")
    func fullBuild() throws {
        var hub = StepHub()
        try hub.logIn()
        let id = try hub.submit(arches: [], name: "Fedora-IoT", ["release": .string("20261122.0")])
        hub.waitForEnd()
        #expect(
            try hub.result(id) == .string("image build results in: /mnt/koji/packages/Fedora-IoT/43/20261122.0/images"))
        #expect(try hub.task(id).children.map(\.number) == [2, 3, 4])
        let tagging = try hub.task(4)
        #expect(tagging.method == "tagBuild" && tagging.label == "tag" && tagging.arch == "noarch")
        let builds = try #require(try hub.call("listBuilds", [], ["taskID": .number(id)]).items)
        #expect(builds.map { $0["nvr"] } == [.string("Fedora-IoT-43-20261122.0")])
        #expect(builds.first?["state"] == .number(1))
        let archives = try #require(
            try hub.call("listArchives", [], ["buildID": builds[0]["build_id"], "type": .string("image")]).items)
        #expect(archives.count == 8)
        #expect(Set(archives.compactMap { $0["type_name"].textValue }) == ["raw-xz", "json"])
        let tagged = try #require(try hub.call("listTagged", [.string("f43-dest")]).items)
        #expect(tagged.map { $0["nvr"] } == [.string("Fedora-IoT-43-20261122.0")])
        let logs = try #require(try hub.call("getBuildLogs", [builds[0]["build_id"]]).items)
        #expect(
            logs.contains {
                $0["path"] == .string("packages/Fedora-IoT/43/20261122.0/data/logs/image/x86_64/build.log")
            })
    }

    struct Refusal: Sendable, CustomStringConvertible {
        let description: String
        var target = "f43"
        var arches = ["x86_64"]
        var type = "minimal-raw-xz"
        var name = "Fedora-Minimal"
        var opts: [String: XMLRPCValue] = [:]
        let fault: XMLRPCFault
    }

    static let refusals = [
        Refusal(description: "an unknown target", target: "nosuch", fault: .generic("No such build target: nosuch")),
        Refusal(
            description: "an arch that the tag lacks", arches: ["s390x"],
            fault: .build("Unsupported architecture(s): {'s390x'}")),
        Refusal(description: "a tag without arches", target: "empty", arches: [], fault: .build("no arches")),
        Refusal(
            description: "a package that is not listed", name: "Nope",
            fault: .build("package (image) Nope not in list for tag f43-dest")),
        Refusal(
            description: "an image type that image-builder lacks", type: "no-such-type",
            fault: .generic("`image-builder` failed")),
        Refusal(
            description: "an extension that the hub lacks", type: "minimal-raw-zst",
            fault: .build("Unsupported file type: Fedora-Minimal-43-1.x86_64.raw.zst")),
        Refusal(
            description: "a name that leads out of the tree", name: "../x", opts: ["scratch": .bool(true)],
            fault: .generic("Invalid name: '../x'")),
    ]

    @Test("the builders refuse what the real ones refuse", arguments: refusals)
    func refused(_ refusal: Refusal) throws {
        var hub = StepHub {
            $0.inventsTargets = false
            $0.targets.append(RehearsalTarget(name: "empty", arches: []))
        }
        try hub.logIn()
        let id = try hub.submit(
            target: refusal.target, arches: refusal.arches, type: refusal.type, name: refusal.name, refusal.opts)
        hub.waitForEnd()
        #expect(try hub.stateOf(id) == .failed)
        #expect(hub.resultFault(id) == refusal.fault)
        #expect(
            try hub.call("getTaskResult", [.number(id)], ["raise_fault": .bool(false)])
                == .object(["faultCode": .number(refusal.fault.code), "faultString": .string(refusal.fault.text)]))
    }

    @Test("targets that nobody named come into being unless that is switched off")
    func inventedTargets() throws {
        var hub = StepHub()
        try hub.logIn()
        let target = try hub.call("getBuildTarget", [.string("f45-iot")])
        #expect(target["build_tag_name"] == .string("f45-iot-build"))
        let id = try hub.submit(target: "f99", arches: ["s390x"], name: "Anything", ["release": .string("1")])
        hub.waitForEnd()
        #expect(try hub.stateOf(id) == .closed)
    }

    @Test("one arch failing fails the build after the other has ended")
    func archFails() throws {
        var hub = StepHub { $0.failures = [FailureRule(arch: "aarch64")] }
        try hub.logIn()
        let id = try hub.submit([:])
        hub.waitForEnd()
        #expect(try [id, 2, 3].map { try hub.stateOf($0) } == [.failed, .closed, .failed])
        #expect(hub.resultFault(id) == .generic("`image-builder` failed"))
        #expect(try hub.task(3).outputs.map(\.name).contains("build.log"))
        #expect(hub.state.builds.map(\.state) == [.failed])
    }

    @Test("a failable arch may fail; when all fail the build fails")
    func failableArch() throws {
        var hub = StepHub { $0.failures = [FailureRule(arch: "aarch64"), FailureRule(name: "*IoT*")] }
        try hub.logIn()
        let partial = try hub.submit(["failable_arches": .strings(["aarch64"])])
        hub.waitForEnd()
        #expect(try hub.stateOf(partial) == .closed)
        #expect(Set(hub.state.builds[0].archives.map(\.arch)) == ["x86_64"])
        let whole = try hub.submit(
            name: "Fedora-IoT", ["failable_arches": .strings(["aarch64", "x86_64"]), "scratch": .bool(true)])
        hub.waitForEnd()
        #expect(hub.resultFault(whole) == .generic("all subtasks failed"))
    }

    @Test("a rule with a number of times is used up")
    func limitedFailure() throws {
        var hub = StepHub { $0.failures = [FailureRule(stage: .parent, fault: .build("not today"), times: 1)] }
        try hub.logIn()
        let first = try hub.submit()
        hub.waitForEnd()
        let second = try hub.submit()
        hub.waitForEnd()
        #expect(hub.resultFault(first) == .build("not today"))
        #expect(try hub.stateOf(second) == .closed)
    }

    @Test("when only tagging fails the build is complete and the task failed")
    func taggingFails() throws {
        var hub = StepHub { $0.failures = [FailureRule(stage: .tag, fault: .tag("refused"))] }
        try hub.logIn()
        let id = try hub.submit([:])
        hub.waitForEnd()
        #expect(hub.resultFault(id) == .tag("refused"))
        #expect(hub.state.builds.map(\.state) == [.complete])
    }

    @Test("a build tag without a repository makes the task wait for one")
    func waitrepo() throws {
        var hub = StepHub { $0.targets[0].hasRepo = false }
        try hub.logIn()
        let id = try hub.submit()
        hub.waitForEnd()
        #expect(
            try hub.task(id).children.map { try hub.task($0.number).method } == [
                "waitrepo", "imageBuilderBuildArch", "imageBuilderBuildArch",
            ])
        #expect(try hub.stateOf(id) == .closed)
    }

    @Test("no more arch tasks run at once than the builders take, and smaller priorities go first")
    func capacity() throws {
        var hub = StepHub { $0.capacity = ["x86_64": 2] }
        try hub.logIn()
        let admin = try hub.login("rehearsal-admin", "secret")
        let ids = try (0..<6).map { _ in try hub.submit(arches: ["x86_64"]) }
        hub.wait(3)
        #expect(hub.state.running["x86_64"] == 2)
        let last = try #require(try hub.task(ids[5]).children.first)
        _ = try hub.call("setTaskPriority", [.number(last.number), .number(1)], as: admin)
        hub.wait(2.5)
        #expect(try hub.stateOf(last.number) != .free)
        hub.waitForEnd()
        #expect(hub.state.statistics.mostRunningArchTasks == 2)
        #expect(hub.state.statistics.mostOpenBuilds == 6)
        #expect(try ids.allSatisfy { try hub.stateOf($0) == .closed })
    }

    @Test("an arch without a builder stays free for ever")
    func noBuilder() throws {
        var hub = StepHub { $0.builderArches = ["x86_64"] }
        try hub.logIn()
        let id = try hub.submit()
        hub.waitForEnd()
        #expect(try [id, 2, 3].map { try hub.stateOf($0) } == [.open, .closed, .free])
    }

    @Test("the same seed gives the same rehearsal, another seed another one")
    func seeds() throws {
        func end(seed: UInt64) throws -> [HubTime?] {
            var hub = StepHub {
                $0.seed = seed
                $0.times = TaskTimes()
            }
            try hub.logIn()
            for _ in 0..<3 { _ = try hub.submit() }
            hub.waitForEnd()
            return hub.state.tasks.map(\.completed)
        }
        #expect(try end(seed: 1) == end(seed: 1))
        #expect(try end(seed: 1) != end(seed: 2))
    }

    @Test("each change of state is a line of the log")
    func logLines() throws {
        var hub = StepHub()
        try hub.logIn()
        _ = try hub.submit(arches: ["x86_64"])
        hub.waitForEnd()
        let lines = hub.state.takeEffects().compactMap { effect in
            if case .log(let line) = effect { line } else { nil }
        }
        for change in ["FREE -> ASSIGNED on rehearsal-builder-1.invalid", "ASSIGNED -> OPEN", "OPEN -> CLOSED"] {
            #expect(lines.filter { $0.contains(change) }.count == 2, "\(change)")
        }
        #expect(lines.contains { $0.hasSuffix("call imageBuilderBuild by rehearsal: ok") })
        #expect(!lines.contains { $0.contains("2-") && $0.contains("key") })
    }

    @Test("1000 builds of two arches end quickly and all overlap")
    func manyBuilds() throws {
        var hub = StepHub()
        try hub.logIn()
        for _ in 0..<1000 { _ = try hub.submit() }
        hub.waitForEnd()
        #expect(hub.state.tasks.count == 3000)
        #expect(hub.state.tasks.allSatisfy { $0.state == .closed })
        #expect(hub.state.statistics.mostOpenBuilds == 1000)
    }
}
