import Koji
import TestSupport
import Testing

@testable import RehearsalHub

/// Our answers have the members and types of the recorded ones for the same calls.
@Suite("Shapes of answers against the recorded hub", .needsShared)
struct ShapeTests {
    /// The members of a value with their types, nested; arrays by their first element.
    private static func shape(_ value: XMLRPCValue) -> String {
        switch value {
        case .array(let items): "[\(items.first.map { shape($0) } ?? "")]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { "\($0.key): \(shape($0.value))" }
                .joined(separator: ", ") + "}"
        default: Python.className(value)
        }
    }

    /// The types of one struct's members; the insides of `request`, `result` and `extra` are the user's.
    private static func memberTypes(_ value: XMLRPCValue) -> [String: String] {
        (value.members ?? [:]).mapValues { Python.className($0) }
    }

    struct Case: Sendable, CustomStringConvertible {
        let file: String
        let name: String
        let method: String
        let args: [XMLRPCValue]
        var keywords: [String: XMLRPCValue] = [:]
        var description: String { "\(file)/\(name)" }
    }

    /// The hub of these cases: task 1 is a closed scratch build of two arches, 4 a full one, 8 a failed one, 10 free.
    private func hub() throws -> StepHub {
        var hub = StepHub {
            $0.failures = [FailureRule(name: "Fedora-IoT", arch: "x86_64", times: 1)]
        }
        try hub.logIn()
        _ = try hub.submit()
        hub.waitForEnd()
        _ = try hub.submit(name: "Fedora-Minimal", [:])
        hub.waitForEnd()
        _ = try hub.submit(arches: ["x86_64"], name: "Fedora-IoT", [:])
        hub.waitForEnd()
        _ = try hub.submit()
        return hub
    }

    static let cases = [
        Case(file: "19-more", name: "getUser-by-name", method: "getUser", args: [.string("rehearsal")]),
        Case(file: "07-target-tag-repo", name: "getBuildTarget", method: "getBuildTarget", args: [.string("f43")]),
        Case(file: "07-target-tag-repo", name: "getBuildConfig", method: "getBuildConfig", args: [.number(1)]),
        Case(file: "07-target-tag-repo", name: "getTag", method: "getTag", args: [.string("f43-build")]),
        Case(
            file: "07-target-tag-repo", name: "getPackageConfig", method: "getPackageConfig",
            args: [.string("f43-dest"), .string("Fedora-IoT")]),
        Case(file: "07-target-tag-repo", name: "getChannel", method: "getChannel", args: [.string("image")]),
        Case(file: "08-imageBuilderBuild", name: "ok-priority-info", method: "getTaskInfo", args: [.number(10)]),
        Case(
            file: "09-task-life", name: "free", method: "getTaskInfo", args: [.number(10)],
            keywords: ["request": .bool(true)]),
        Case(file: "09-task-life", name: "closed", method: "getTaskInfo", args: [.number(1)]),
        Case(file: "09-task-life", name: "closed-children", method: "getTaskChildren", args: [.number(1)]),
        Case(file: "09-task-life", name: "closed-child-result", method: "getTaskResult", args: [.number(2)]),
        Case(
            file: "09-task-life", name: "listTasks-decode", method: "listTasks",
            args: [
                .object(["parent": .number(1), "decode": .bool(true)]), .object(["order": .string("id")]),
            ]),
        Case(
            file: "09-task-life", name: "listTasks-raw", method: "listTasks",
            args: [.object(["parent": .number(1)]), .object(["order": .string("id"), "limit": .number(1)])]),
        Case(
            file: "10-task-failures", name: "child-failed-no-raise", method: "getTaskResult", args: [.number(9)],
            keywords: ["raise_fault": .bool(false)]),
        Case(
            file: "10-task-failures", name: "build-failed-listBuilds", method: "listBuilds", args: [],
            keywords: ["taskID": .number(8)]),
        Case(
            file: "13-build", name: "listBuilds-task", method: "listBuilds", args: [],
            keywords: ["taskID": .number(4)]),
        Case(file: "13-build", name: "getBuild", method: "getBuild", args: [.number(1)]),
        Case(
            file: "13-build", name: "listArchives", method: "listArchives", args: [],
            keywords: ["buildID": .number(1), "type": .string("image")]),
        Case(file: "13-build", name: "getBuildLogs", method: "getBuildLogs", args: [.number(1)]),
        Case(file: "13-build", name: "getBuildType", method: "getBuildType", args: [.number(1)]),
        Case(
            file: "13-build", name: "listTagged", method: "listTagged", args: [.string("f43-dest")],
            keywords: ["package": .string("Fedora-Minimal")]),
        Case(
            file: "20-again", name: "failed-again-listTags", method: "listTags", args: [],
            keywords: ["build": .number(1)]),
        Case(file: "23-preflight", name: "getTagGroups", method: "getTagGroups", args: [.string("f43-build")]),
        Case(
            file: "23-preflight", name: "getTagGroups-nopkgs", method: "getTagGroups", args: [.string("f43-build")],
            keywords: ["incl_pkgs": .bool(false), "incl_reqs": .bool(false)]),
        Case(
            file: "23-preflight", name: "listPackages", method: "listPackages", args: [],
            keywords: ["tagID": .string("f43-dest")]),
        Case(
            file: "23-preflight", name: "listBuildroots-done", method: "listBuildroots", args: [],
            keywords: ["taskID": .number(2)]),
        Case(
            file: "23-preflight", name: "listRPMs-buildroot", method: "listRPMs", args: [],
            keywords: ["componentBuildrootID": .number(2)]),
        Case(
            file: "23-preflight", name: "getUserPermsInheritance", method: "getUserPermsInheritance", args: [.number(2)]
        ),
    ]

    @Test("members and their types are those of the real hub", arguments: cases)
    func sameShape(_ example: Case) throws {
        let exchange = try #require(
            try Transcript.exchanges(of: example.file).first {
                $0.name == example.name && $0.call.method == example.method
            })
        guard case .value(let expected) = exchange.answer else {
            Issue.record("\(example) is recorded as a fault")
            return
        }
        var hub = try hub()
        let answer = try hub.call(example.method, example.args, example.keywords)
        let pairs = [(answer, expected), (answer.items?.first ?? .null, expected.items?.first ?? .null)]
        for (ours, theirs) in pairs { #expect(Self.memberTypes(ours) == Self.memberTypes(theirs)) }
        #expect(Python.className(answer) == Python.className(expected))
    }

    @Test("hosts and repositories have the same members; what describes our builders may be a text")
    func hostsAndRepositories() throws {
        var hub = try hub()
        for (file, name, method, args) in [
            ("23-preflight", "getHost", "getHost", [XMLRPCValue.number(1)]),
            ("07-target-tag-repo", "getRepo", "getRepo", [.string("f43-build")]),
            ("03-login-ssl", "getLoggedInUser", "getLoggedInUser", []),
        ] {
            let exchange = try #require(try Transcript.exchanges(of: file).first { $0.name == name })
            guard case .value(let expected) = exchange.answer else { continue }
            let answer = try hub.call(method, args)
            #expect(Set((answer.members ?? [:]).keys) == Set((expected.members ?? [:]).keys), "\(method)")
        }
    }

    @Test("a tree of tasks has the ids as texts and no root")
    func tree() throws {
        var hub = try hub()
        let tree = try hub.call("getTaskDescendents", [.number(4)])
        #expect(Set((tree.members ?? [:]).keys) == ["4", "5", "6", "7"])
        #expect(tree["5"] == .array([]))
        #expect(tree["4"].items?.count == 3)
    }
}
