import Koji
import Testing

/// `params` of the plan for an image build.
private let plan: [XMLRPCValue] = [
    .string("f43"), .array([.string("x86_64")]), .array([.string("minimal-raw-xz")]), .string("Minimal"),
    .string("43"), .object(["scratch": .bool(true), "seed": .int(0)]),
]

@Suite("Typed calls on a scripted hub")
struct CallTests {
    @Test("an image build is sent with target and arches by position and the rest by name")
    func submit() async throws {
        let transport = ScriptedTransport([.session(1), .value(.int(41))])
        #expect(try await transport.session().submit("imageBuilderBuild", plan) == TaskID(41))
        let call = try #require(transport.sent.last?.call)
        #expect(call.arguments.positional == Array(plan[..<2]))
        #expect(
            call.arguments.keywords == ["types": plan[2], "name": plan[3], "version": plan[4], "opts": plan[5]])
    }

    @Test("options that are nil are left out, and a target that is nil is sent as nil")
    func submitWithoutOptions() async throws {
        let transport = ScriptedTransport([.session(1), .value(.int(41))])
        _ = try await transport.session().submit("imageBuilderBuild", [.null] + plan[1..<5] + [.null])
        let arguments = try #require(transport.sent.last?.call.arguments)
        #expect(arguments.positional.first == .null)
        #expect(arguments.keywords.keys.sorted() == ["name", "types", "version"])
    }

    @Test("other methods are sent by position")
    func submitOther() async throws {
        let transport = ScriptedTransport([.session(1), .value(.int(7))])
        let params: [XMLRPCValue] = [.string("a"), .object(["b": .int(1)])]
        _ = try await transport.session().submit("other", params)
        #expect(transport.sent.last?.call == XMLRPCCall(method: "other", params: params))
    }

    @Test("a submit that is answered with no number must be looked up")
    func submitOdd() async {
        let transport = ScriptedTransport([.session(1), .value(.string("41"))])
        let session = transport.session()
        let result = await outcome { () throws(KojiFailure) in try await session.submit("imageBuilderBuild", plan) }
        #expect(result.kind == "answerLost")
    }

    @Test(
        "what the plugin's refusal of the probe tells",
        arguments: [
            (1019, "Additional properties are not allowed ('x-probe' was unexpected)\n\n'seed'", []),
            (1019, "Additional properties are not allowed ('bootc', 'x-probe' were unexpected)\nmore", ["bootc"]),
            (
                1019,
                "Additional properties are not allowed ('bootc', 'failable_arches', 'seed', 'x-probe' were unexpected)",
                ["bootc", "failable_arches", "seed"]
            ),
            (1019, "'x' is not of type 'boolean'\n\n'x-probe'", nil), (1019, "[] is too short", nil), (1019, "", nil),
            (1004, "image permission required (user not logged in)", nil), (1, "odd 'x-probe'", nil),
        ] as [(Int, String, [String]?)])
    func probe(code: Int, text: String, unknown: [String]?) async throws {
        let transport = ScriptedTransport([.session(1), .fault(code, text)])
        let keys: Set<String> = ["bootc", "failable_arches", "seed", "preview"]
        let answer = try await transport.session().unknownBuildOptions(among: keys)
        #expect(answer == unknown.map { Set($0) })
        let options = try #require(transport.sent.last?.call.arguments.keywords["opts"])
        guard case .object(let members) = options else {
            Issue.record("opts is no struct")
            return
        }
        #expect(Set(members.keys) == keys.union(["scratch", "x-probe"]))
        // No plugin of any version may take it: the sentinel is unknown, and this has the wrong type.
        #expect(members["scratch"] == .string("x"))
    }

    @Test("a probe that cannot be asked is a failure, one that is accepted teaches nothing")
    func probeOdd() async throws {
        #expect(
            try await ScriptedTransport([.session(1), .value(.int(9))]).session().unknownBuildOptions(among: []) == nil)
        let session = ScriptedTransport([.session(1), .page(404, isKoji: false)]).session()
        let result = await outcome { () throws(KojiFailure) in try await session.unknownBuildOptions(among: []) }
        #expect(result.kind == "proxy")
    }

    private static func task(_ id: Int, parent: Int? = nil, state: Int = 1, label: String? = nil) -> XMLRPCValue {
        .object([
            "id": .int(Int64(id)), "parent": parent.map { .int(Int64($0)) } ?? .null, "method": .string("m"),
            "label": label.map { .string($0) } ?? .null, "arch": .string("noarch"), "state": .int(Int64(state)),
            "host_id": .null, "start_ts": .double(1.5), "new_field_of_2030": .array([]),
        ])
    }

    @Test("a round without parents is one list call; tasks that are not known are missing")
    func plainRound() async throws {
        let transport = ScriptedTransport([.value(.array([Self.task(4), .null]))])
        let round = try await transport.session(.anonymous).taskRound(
            infoFor: [TaskID(4), TaskID(5)], childrenOf: [])
        #expect(transport.sent.map(\.call) == [XMLRPCCall(method: "getTaskInfo", args: [.array([.int(4), .int(5)])])])
        #expect(round.infos.keys.sorted() == [TaskID(4)])
        #expect(round.infos[TaskID(4)]?.started == 1.5)
        #expect(round.infos[TaskID(4)]?.hostID == nil)
        #expect(round.children.isEmpty)
    }

    @Test("a round with parents is one multiCall")
    func fullRound() async throws {
        let children: XMLRPCValue = .array([
            Self.task(12, parent: 4, label: "x86_64"), Self.task(11, parent: 4, state: 5),
        ])
        let answer: XMLRPCValue = .array([
            .array([.array([Self.task(4), Self.task(6, state: 9)])]), .array([children]), .array([.array([])]),
        ])
        let transport = ScriptedTransport([.value(answer)])
        let round = try await transport.session(.anonymous).taskRound(
            infoFor: [TaskID(4), TaskID(6)], childrenOf: [TaskID(4), TaskID(6)])
        #expect(
            transport.sent.map(\.call) == [
                MultiCall.call([
                    XMLRPCCall(method: "getTaskInfo", args: [.array([.int(4), .int(6)])]),
                    XMLRPCCall(method: "getTaskChildren", args: [.int(4)]),
                    XMLRPCCall(method: "getTaskChildren", args: [.int(6)]),
                ])
            ])
        #expect(round.children[TaskID(4)]?.map(\.id) == [TaskID(12), TaskID(11)])
        #expect(round.children[TaskID(4)]?.map(\.label) == ["x86_64", nil])
        #expect(round.children[TaskID(6)] == [])
        // A state that no known hub has is not final.
        #expect(round.infos[TaskID(6)]?.state == .open)
    }

    @Test("an empty round asks nothing")
    func emptyRound() async throws {
        let transport = ScriptedTransport([])
        let round = try await transport.session(.anonymous).taskRound(infoFor: [], childrenOf: [])
        #expect(round == TaskRound(infos: [:], children: [:]))
        #expect(try await transport.session(.anonymous).results(of: []).isEmpty)
        #expect(try await transport.session().cancel([]).isEmpty)
        #expect(transport.sent.isEmpty)
    }

    @Test("the fault of an entry ends a round and is told with its method")
    func faultInRound() async {
        let fault: XMLRPCValue = .object(["faultCode": .int(1000), "faultString": .string("no")])
        let session = ScriptedTransport([.value(.array([.array([.array([])]), fault]))]).session(.anonymous)
        let result = await outcome { () throws(KojiFailure) in
            try await session.taskRound(infoFor: [], childrenOf: [TaskID(4)])
        }
        #expect(result.kind == "fault")
        #expect(result.failure?.message.contains("getTaskChildren") == true)
    }

    @Test(
        "a record without a needed field names the method and the field", arguments: ["id", "method", "arch", "state"])
    func missing(field: String) async throws {
        guard case .object(var members) = Self.task(4) else { return }
        members[field] = nil
        let session = ScriptedTransport([.value(.array([.object(members)]))]).session(.anonymous)
        let failure = try #require(
            await outcome { () throws(KojiFailure) in
                try await session.taskRound(infoFor: [TaskID(4)], childrenOf: [])
            }.failure)
        #expect(failure.kind == .badAnswer)
        #expect(failure.message.contains("getTaskInfo") && failure.message.contains("'\(field)'"))
        #expect(!failure.message.contains("hidden"))
    }

    @Test("results are values or faults of the tasks, whatever their numbers mean elsewhere")
    func results() async throws {
        let fault: XMLRPCValue = .object(["faultCode": .int(1002), "faultString": .string("builder's trouble")])
        let transport = ScriptedTransport([.value(.array([.array([.string("done")]), .array([fault]), fault]))])
        let results = try await transport.session(.anonymous).results(of: [TaskID(1), TaskID(2), TaskID(3)])
        let expected = XMLRPCFault(code: 1002, text: "builder's trouble")
        #expect(
            results == [TaskID(1): .value(.string("done")), TaskID(2): .fault(expected), TaskID(3): .fault(expected)])
        #expect(
            transport.sent.first?.call
                == MultiCall.call(
                    (1...3).map {
                        XMLRPCCall(method: "getTaskResult", args: [.int($0)], keywords: ["raise_fault": .bool(false)])
                    }))
    }

    @Test("cancels go in slices of a hundred, and one refusal does not hide the rest")
    func cancel() async throws {
        let refusal: XMLRPCValue = .object(["faultCode": .int(1004), "faultString": .string("not owner")])
        var first = Array(repeating: XMLRPCValue.array([.null]), count: 100)
        first[3] = refusal
        let transport = ScriptedTransport([.session(1), .value(.array(first)), .value(.array([.array([.null])]))])
        let refusals = try await transport.session().cancel((1...101).map { TaskID($0) })
        #expect(refusals == [TaskID(4): XMLRPCFault(code: 1004, text: "not owner")])
        #expect(transport.log == ["login", "multiCall s1 #0", "multiCall s1 #1"])
    }

    private static func row(_ id: Int, _ request: [XMLRPCValue]) -> XMLRPCValue {
        .object(["id": .int(Int64(id)), "request": .array(request)])
    }

    @Test("a lost task is found among newer ones by its whole request")
    func lookUp() async throws {
        var other = plan
        other[5] = .object(["scratch": .bool(true), "seed": .int(1)])
        let rows = [Self.row(30, plan), Self.row(29, other), Self.row(20, plan)]
        let transport = ScriptedTransport([.value(.array(rows))])
        let found = try await transport.session(.anonymous).tasks(
            of: 2, method: "imageBuilderBuild", request: plan, after: TaskID(20))
        #expect(found == [TaskID(30)])
        #expect(
            transport.sent.first?.call.params.first
                == .object([
                    "owner": .int(2), "method": .string("imageBuilderBuild"), "parent": .null,
                    "state": .array((0...5).map { .int($0) }), "decode": .bool(true),
                ]))
    }

    @Test("the search goes on to the next page while all rows are newer, and a row that moved there counts once")
    func lookUpPages() async throws {
        let first = (0..<50).map { Self.row(200 - $0, $0 == 49 ? plan : []) }
        let second = [Self.row(151, plan), Self.row(150, plan), Self.row(100, plan)]
        let transport = ScriptedTransport([.value(.array(first)), .value(.array(second))])
        let found = try await transport.session(.anonymous).tasks(
            of: 2, method: "imageBuilderBuild", request: plan, after: TaskID(100))
        #expect(found == [TaskID(151), TaskID(150)])
        guard case .object(let options)? = transport.sent.last?.call.params.last else { return }
        #expect(options["offset"] == .int(50))
    }

    @Test("the newest task of a hub, and of an empty one")
    func newest() async throws {
        let transport = ScriptedTransport([.value(.array([Self.row(9, [])])), .value(.array([]))])
        let session = transport.session(.anonymous)
        #expect(try await session.newestTask() == TaskID(9))
        #expect(try await session.newestTask() == nil)
    }

    @Test(
        "admin counts for every permission",
        arguments: [([true], true), ([false, true], true), ([false, false], false)])
    func permission(answers: [Bool], may: Bool) async throws {
        let transport = ScriptedTransport([.session(1)] + answers.map { .value(.bool($0)) })
        #expect(try await transport.session().mayUse("image") == may)
        #expect(transport.left == 0)
    }

    @Test("the tail of a log is decoded, also of one that is shorter than the tail")
    func tail() async throws {
        let transport = ScriptedTransport([
            .value(.string("aGVsbG8=")), .fault(1, "<class 'OSError'>: Invalid argument"), .value(.string("aGk=")),
            .fault(1000, "no such file"),
        ])
        let session = transport.session(.anonymous)
        #expect(try await session.outputTail(of: TaskID(4), name: "a.log", bytes: 5) == Array("hello".utf8))
        #expect(transport.sent.last?.call.arguments.keywords == ["offset": .int(-5), "size": .int(5)])
        #expect(try await session.outputTail(of: TaskID(4), name: "a.log", bytes: 5) == Array("hi".utf8))
        let result = await outcome { () throws(KojiFailure) in
            try await session.outputTail(of: TaskID(4), name: "a.log", bytes: 5)
        }
        #expect(result.kind == "fault")
    }

    @Test(
        "an output directory that is empty or swept away is no failure",
        arguments: [XMLRPCValue.object([:]), .array([])])
    func noOutput(answer: XMLRPCValue) async throws {
        #expect(try await ScriptedTransport([.value(answer)]).session(.anonymous).output(of: TaskID(4)).isEmpty)
    }
}
