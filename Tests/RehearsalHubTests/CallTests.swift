import Koji
import Testing

@testable import RehearsalHub

@Suite("Calls")
struct CallTests {
    struct Wrong: Sendable, CustomStringConvertible {
        let method: String
        var args: [XMLRPCValue] = []
        var keywords: [String: XMLRPCValue] = [:]
        let code: Int
        let text: String
        var description: String { text }
    }

    static let wrongCalls = [
        Wrong(method: "noSuchMethod", args: [.number(1)], code: 1000, text: "Invalid method: noSuchMethod"),
        Wrong(method: "listImages", code: 1000, text: "Invalid method: listImages"),
        Wrong(
            method: "getTaskInfo", code: 1019,
            text: "RootExports.getTaskInfo() missing 1 required positional argument: 'task_id'"),
        Wrong(
            method: "getAPIVersion", args: [.number(1), .number(2)], code: 1019,
            text: "RootExports.getAPIVersion() takes 1 positional argument but 3 were given"),
        Wrong(
            method: "taskFinished", args: [.number(1), .number(2)], code: 1019,
            text: "RootExports.taskFinished() takes 2 positional arguments but 3 were given"),
        Wrong(
            method: "getTaskInfo", args: [.number(1)], keywords: ["nosuch": .bool(true)], code: 1019,
            text: "RootExports.getTaskInfo() got an unexpected keyword argument 'nosuch'"),
        Wrong(
            method: "getTaskInfo", args: [.number(1)], keywords: ["task_id": .number(1)], code: 1019,
            text: "RootExports.getTaskInfo() got multiple values for argument 'task_id'"),
        Wrong(
            method: "getTaskInfo", args: [.string("abc")], code: 1019,
            text: "Invalid type for value 'abc': <class 'str'>, expected type <class 'int'>"),
        Wrong(
            method: "imageBuilderBuild", args: [.string("a"), .array([]), .strings(["t"]), .string("n")], code: 1019,
            text: "imageBuilderBuild() missing 1 required positional argument: 'version'"),
        Wrong(
            method: "imageBuilderBuild", args: [.string("a"), .array([])], code: 1019,
            text: "imageBuilderBuild() missing 3 required positional arguments: 'types', 'name', and 'version'"),
        Wrong(
            method: "getTaskInfo", args: [.number(999)], keywords: ["strict": .bool(true)], code: 1000,
            text: "query returned no rows"),
        Wrong(method: "taskFinished", args: [.number(999)], code: 1000, text: "query returned no rows"),
        Wrong(method: "getTaskResult", args: [.number(999)], code: 1000, text: "No such task"),
        Wrong(method: "getBuildConfig", args: [.string("nosuch")], code: 1000, text: "No such tagInfo: 'nosuch'"),
        Wrong(
            method: "getTagGroups", args: [.string("nosuch")], code: 1000,
            text: "No such entry in table tag: nosuch"),
        Wrong(
            method: "getBuild", args: [.string("no-such-1")], keywords: ["strict": .bool(true)], code: 1000,
            text: "No such build: 'no-such-1'"),
        Wrong(
            method: "listTaskOutput", args: [.number(999)], keywords: ["strict": .bool(true)], code: 1000,
            text: "Task doesn't exist"),
        Wrong(
            method: "multiCall", args: [.number(1)], code: 1019,
            text: "Invalid type for value 1: <class 'int'>, expected type <class 'list'>"),
    ]

    @Test("wrong calls get the hub's faults", arguments: wrongCalls)
    func wrong(_ call: Wrong) throws {
        var hub = StepHub()
        try hub.logIn()
        #expect(hub.fault(call.method, call.args, call.keywords) == XMLRPCFault(code: call.code, text: call.text))
    }

    @Test("what is not there is nil where Koji says nil")
    func absent() throws {
        var hub = StepHub { $0.inventsTargets = false }
        for (method, value) in [
            ("getTaskInfo", XMLRPCValue.number(99)), ("getBuildTarget", .string("x")), ("getTag", .string("x")),
            ("getRepo", .string("x")), ("getHost", .string("x")), ("getChannel", .string("x")),
            ("getBuild", .string("x-1-1")), ("getUser", .string("x")),
        ] {
            #expect(try hub.call(method, [value]) == .null, "\(method)")
        }
        #expect(try hub.call("getTaskChildren", [.number(99)]) == .array([]))
        #expect(try hub.call("listTaskOutput", [.number(99)]) == .array([]))
        #expect(try hub.call("getPackageConfig", [.string("x"), .string("y")]) == .null)
    }

    @Test("entries of a multiCall do not disturb each other")
    func multiCall() throws {
        var hub = StepHub()
        try hub.logIn()
        func entry(_ method: String, _ params: [XMLRPCValue]) -> XMLRPCValue {
            .object(["methodName": .string(method), "params": .array(params)])
        }
        let answer = try hub.call(
            "multiCall",
            [
                .array([
                    entry("getAPIVersion", []), entry("noSuchMethod", []),
                    .object(["methodName": .string("getAPIVersion")]),
                    entry("multiCall", [.array([entry("getTaskInfo", [.number(99)])])]),
                    entry(
                        "getTaskInfo",
                        [.number(99), .object(["strict": .bool(true), "__starstar": .bool(true)])]),
                ])
            ])
        let items = try #require(answer.items)
        #expect(items.count == 5)
        #expect(items[0] == .array([.number(1)]))
        #expect(items[1]["faultString"] == .string("Invalid method: noSuchMethod"))
        #expect(items[1]["traceback"].items?.last == .string("koji.GenericError: Invalid method: noSuchMethod\n"))
        #expect(items[2]["faultCode"] == .number(1))
        #expect(items[3] == .array([.array([.array([.null])])]))
        #expect(items[4]["faultCode"] == .number(1000))
    }

    @Test("a task's own fault has no traceback in a multiCall")
    func storedFault() throws {
        var hub = StepHub { $0.failures = [FailureRule(stage: .parent, fault: .build("no"))] }
        try hub.logIn()
        let id = try hub.submit()
        hub.waitForEnd()
        let answer = try hub.call(
            "multiCall",
            [.array([.object(["methodName": .string("getTaskResult"), "params": .array([.number(id)])])])])
        #expect(answer == .array([.object(["faultCode": .number(1005), "faultString": .string("no")])]))
    }

    @Test("tasks are found by owner, method, state, parents and times, in pages")
    func listTasks() throws {
        var hub = StepHub()
        try hub.logIn()
        let ids = try (0..<5).map { _ in try hub.submit() }
        let last = try hub.submit(["release": .string("9"), "scratch": .bool(true)])
        hub.wait(2.5)
        func list(_ opts: [String: XMLRPCValue], _ query: [String: XMLRPCValue] = [:]) throws -> [Int] {
            let rows = try hub.call("listTasks", [.object(opts), .object(query)])
            return (rows.items ?? []).compactMap { $0["id"].wholeNumber }
        }
        let own: [String: XMLRPCValue] = ["owner": .number(2), "method": .string("imageBuilderBuild"), "parent": .null]
        #expect(try list(own) == ids + [last])
        #expect(try list(own, ["order": .string("-id"), "limit": .number(2)]) == [last, ids[4]])
        #expect(
            try list(own, ["order": .string("-id"), "limit": .number(2), "offset": .number(4)]) == [ids[1], ids[0]])
        #expect(try list(["parent": .array([.number(2), .number(1), .number(99)])]) == [7, 8, 9, 10])
        #expect(try list(["parent": .number(1), "not_arch": .strings(["x86_64"])]) == [8])
        #expect(try list(["owner": .number(2), "state": .array([.number(2)])]) == [])
        #expect(try list(["createdAfter": .double(hub.state.clock.seconds + 5)]) == [])
        #expect(try list(["id": .number(1), "limit": .number(1)]).count == 18)
        #expect(try list([:], ["order": .string("priority,-create_time"), "limit": .number(1)]) != [1])
        #expect(
            try hub.call("listTasks", [.object(own), .object(["countOnly": .bool(true)])]) == .number(6))
        let decoded = try hub.call(
            "listTasks",
            [
                .object(own.merging(["decode": .bool(true)]) { $1 }),
                .object(["order": .string("-id"), "limit": .number(1)]),
            ])
        #expect(
            decoded.items?.first?["request"]
                == .array([
                    .string("f43"), .strings(["x86_64", "aarch64"]), .strings(["minimal-raw-xz"]),
                    .string("Fedora-Minimal"), .string("43"),
                    .object(["release": .string("9"), "scratch": .bool(true)]),
                ]))
        #expect(hub.fault("listTasks", [.object(["parent": .array([])])])?.code == 1)
        #expect(
            hub.fault("listTasks", [.object(["owner": .string("rehearsal")])])?.text
                .contains("invalid input syntax for type integer: \"rehearsal\"") == true)
        #expect(
            hub.fault("listTasks", [.object([:]), .object(["order": .string("-nosuch")])])
                == XMLRPCFault(code: 1, text: "<class 'Exception'>: Invalid order: nosuch"))
    }

    @Test("the list of a task's files has four shapes")
    func outputShapes() throws {
        var hub = StepHub()
        try hub.logIn()
        _ = try hub.submit(arches: ["x86_64"])
        hub.waitForEnd()
        let names = try #require(try hub.call("listTaskOutput", [.number(2)]).items)
        #expect(names.count == 7)
        let stat = try hub.call("listTaskOutput", [.number(2)], ["stat": .bool(true)])
        #expect(stat["Fedora-Minimal-43-1.x86_64.raw.xz"]["st_size"] == .string("600"))
        let volumes = try hub.call("listTaskOutput", [.number(2)], ["all_volumes": .bool(true)])
        #expect(volumes["root.log"] == .strings(["DEFAULT"]))
        let both = try hub.call("listTaskOutput", [.number(2)], ["all_volumes": .bool(true), "stat": .bool(true)])
        #expect(both["root.log"]["DEFAULT"] == stat["root.log"])
    }

    @Test("a file is downloaded in pieces, and says that nothing was built")
    func download() throws {
        var hub = StepHub()
        try hub.logIn()
        _ = try hub.submit(arches: ["x86_64"])
        hub.waitForEnd()
        let name: XMLRPCValue = .string("Fedora-Minimal-43-1.x86_64.raw.xz")
        let whole = try hub.call("downloadTaskOutput", [.number(2), name])
        let first = try hub.call("downloadTaskOutput", [.number(2), name, .number(0), .number(300)])
        let second = try hub.call("downloadTaskOutput", [.number(2), name, .number(300), .number(300)])
        let text = try #require(whole.textValue)
        #expect(first.textValue.map { $0 + (second.textValue ?? "") } == text)
        #expect(text.hasPrefix(Base64.encode(Array("phase-runner rehearsal: not an image".utf8))))
        #expect(try hub.call("downloadTaskOutput", [.number(2), name, .number(600)]) == .string(""))
        #expect(try hub.call("downloadTaskOutput", [.number(2), name, .number(-300)]) == second)
        #expect(
            hub.fault("downloadTaskOutput", [.number(2), .string("../x")]) == .generic("Invalid file name: ../x"))
        #expect(
            hub.fault("downloadTaskOutput", [.number(2), .string("nope.log")])
                == .generic("no file \"nope.log\" output by task 2"))
    }

    @Test(
        "dates are written as Koji writes them",
        arguments: [
            (1_795_383_865_407_059, "2026-11-22 21:44:25.407059+00:00"), (0, "1970-01-01 00:00:00+00:00"),
            (951_782_400_000_001, "2000-02-29 00:00:00.000001+00:00"), (-1_000_000, "1969-12-31 23:59:59+00:00"),
        ] as [(Int64, String)])
    func dates(_ microseconds: Int64, _ text: String) {
        #expect(HubTime(microseconds: microseconds).text == text)
    }
}

extension CallTests {
    @Test("numbers at the edge of what can be sent crash nothing", arguments: [Int.min, -1, 0, Int.max])
    func edges(_ number: Int) throws {
        var hub = StepHub()
        let admin = try hub.login("rehearsal-admin", "secret")
        hub.claim = admin
        let id = try hub.submit(arches: ["x86_64"], ["release": .string("\(Int.max)")])
        hub.waitForEnd()
        let value: XMLRPCValue = .number(number)
        for method in (CallTable.methods[.newest] ?? [:]).values.sorted(by: { $0.name < $1.name })
        where method.name != "logout" {
            let count = method.parameters.count
            _ = hub.fault(method.name, Array(repeating: value, count: count))
            _ = hub.fault(method.name, Array(repeating: .array([value]), count: count))
            _ = hub.fault(method.name, Array(repeating: .object(["limit": value, "offset": value]), count: count))
        }
        _ = hub.fault("downloadTaskOutput", [.number(2), .string("root.log"), value, value])
        _ = hub.fault(
            "getNextRelease", [.object(["name": .string("Fedora-Minimal"), "version": .string("43")]), value])
        _ = hub.fault("setTaskPriority", [.number(try hub.submit()), value])
        hub.waitForEnd()
        #expect(try hub.stateOf(id) == .closed)
    }
}
