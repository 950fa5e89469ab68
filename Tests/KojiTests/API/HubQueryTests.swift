import Koji
import TestSupport
import Testing

private let target: XMLRPCValue = .object([
    "id": .int(1), "name": .string("f43-image-builder"), "build_tag": .int(2), "dest_tag": .int(3),
    "build_tag_name": .string("f43-image-builder-build"), "dest_tag_name": .string("f43"),
])
private let noSuchTag: XMLRPCValue = .object([
    "faultCode": .int(1000), "faultString": .string("No such tagInfo: 'x'"), "traceback": .array([]),
])

@Suite("Questions, alone and in batches")
struct HubQueryTests {
    @Test("a question alone is one call")
    func alone() async throws {
        let transport = ScriptedTransport([.value(target), .value(.null)])
        let session = transport.session(.anonymous)
        let known = try #require(try await session.ask(.buildTarget("f43-image-builder")))
        #expect(known.buildTag == "f43-image-builder-build" && known.destTag == "f43")
        #expect(try await session.ask(.buildTarget("x")) == nil)
        #expect(
            transport.sent.map(\.call) == [
                XMLRPCCall(method: "getBuildTarget", args: [.string("f43-image-builder")]),
                XMLRPCCall(method: "getBuildTarget", args: [.string("x")]),
            ])
    }

    @Test("questions of several kinds are one request, and each has its own answer, fault or broken answer")
    func batch() async throws {
        var batch = HubBatch()
        let first = batch.add(.buildTarget("f43-image-builder"))
        let unknown = batch.add(.buildTarget("x"))
        let refused = batch.add(.buildConfig(tag: "x"))
        let odd = batch.add(.version)
        let last = batch.add(.permission("image"))
        #expect(batch.count == 5)
        let transport = ScriptedTransport([
            .session(1),
            .value(
                .array([
                    .array([target]), .array([.null]), noSuchTag, .array([.int(7)]), .array([.bool(true)]),
                ])),
        ])
        let answers = try await transport.session().ask(batch)
        #expect(try answers[first].get()?.id == 1)
        #expect(try answers[unknown].get() == nil)
        #expect(answers[refused].kind == "fault")
        #expect(answers[refused].failure?.message.contains("getBuildConfig: fault 1000") == true)
        #expect(answers[odd].kind == "badAnswer")
        #expect(try answers[last].get())
        // One question is about the user, so that the batch goes over a session; reading has no callnum.
        #expect(transport.log == ["login", "multiCall s1"])
    }

    @Test("a ticket of another batch is a failure, not another question's answer")
    func foreignTicket() async throws {
        var other = HubBatch()
        _ = other.add(.version)
        let ticket = other.add(.version)
        var batch = HubBatch()
        _ = batch.add(.version)
        let session = ScriptedTransport([.value(.array([.array([.string("1.36.1")])]))]).session(.anonymous)
        #expect(try await session.ask(batch)[ticket].kind == "badAnswer")
    }

    @Test("many questions go 250 in a request, and their answers keep the order")
    func slices() async throws {
        let names = (0..<501).map { "target-\($0)" }
        func answer(_ range: Range<Int>) -> Reply {
            .value(
                .array(
                    range.map { number in
                        guard case .object(var members) = target else { return .null }
                        members["id"] = .int(Int64(number))
                        return .array([.object(members)])
                    }))
        }
        let transport = ScriptedTransport([answer(0..<250), answer(250..<500), answer(500..<501)])
        let answers = try await transport.session(.anonymous).askAll(names.map { .buildTarget($0) })
        #expect(try answers.map { try $0.get()?.id } == Array(0..<501))
        #expect(transport.log == ["multiCall", "multiCall", "multiCall"])
    }

    @Test("no questions ask nothing")
    func empty() async throws {
        let transport = ScriptedTransport([])
        _ = try await transport.session().ask(HubBatch())
        #expect(try await transport.session().askAll([HubQuery<String>]()).isEmpty)
        #expect(transport.sent.isEmpty)
    }

    @Test("without an answer a batch is a failure as a whole")
    func noAnswer() async throws {
        var batch = HubBatch()
        _ = batch.add(.version)
        let questions = batch
        let session = ScriptedTransport([.fault(1006, "User locked by another session")]).session(.anonymous)
        let result = await outcome { () throws(KojiFailure) in try await session.ask(questions) }
        #expect(result.kind == "fault")
        #expect(result.failure?.isHubUnusable == true)
    }

    @Test("a question about the user logs in first, others do not")
    func login() async throws {
        let transport = ScriptedTransport([.value(.string("1.36.1")), .session(1), .value(.bool(false)), .value(.null)])
        let session = transport.session()
        #expect(try await session.ask(.version) == "1.36.1")
        #expect(try await session.ask(.permission("image")) == false)
        #expect(try await session.ask(.loggedInUser) == nil)
        #expect(transport.log == ["getKojiVersion", "login", "hasPerm s1", "getLoggedInUser s1"])
    }
}

@Suite("Answers of any shape")
struct AnyAnswerTests {
    /// Every question and change there is.
    private static let all: [RecordedQuestion] = {
        let task = TaskID(4)
        let reading = [
            RecordedQuestion(.version), RecordedQuestion(.apiVersion), RecordedQuestion(.methods),
            RecordedQuestion(.loggedInUser), RecordedQuestion(.user("a")), RecordedQuestion(.permissions),
            RecordedQuestion(.permission("image")), RecordedQuestion(.buildTarget("a")),
            RecordedQuestion(.buildTargets), RecordedQuestion(.tag("a")), RecordedQuestion(.buildConfig(tag: "a")),
            RecordedQuestion(.repo(tag: "a")), RecordedQuestion(.tagGroups(tag: "a")),
            RecordedQuestion(.packageConfig(tag: "a", package: "b")), RecordedQuestion(.packages(tag: "a")),
            RecordedQuestion(.channel("a")), RecordedQuestion(.host(1)),
            RecordedQuestion(.hosts(channel: "a", arch: "b")), RecordedQuestion(.build(nvr: "a-1-2")),
            RecordedQuestion(.builds(of: task)), RecordedQuestion(.taggedBuilds(tag: "a", package: "b")),
            RecordedQuestion(.nextRelease(name: "a", version: "1")), RecordedQuestion(.imageArchives(of: 1)),
            RecordedQuestion(.buildLogs(of: 1)), RecordedQuestion(.taskInfo(task)),
            RecordedQuestion(.taskInfos([task])), RecordedQuestion(.children(of: task)),
            RecordedQuestion(.descendants(of: task)), RecordedQuestion(.result(of: task)),
            RecordedQuestion(.newestTask), RecordedQuestion(.output(of: task)),
            RecordedQuestion(.outputPart(of: task, name: "a", offset: 0, size: 1)),
            RecordedQuestion(.buildroots(of: task)), RecordedQuestion(.installedRPMs(buildroot: 1, limit: 1)),
            RecordedQuestion(.installedRPMCount(buildroot: 1)),
        ]
        return reading + [
            RecordedQuestion(.submit("imageBuilderBuild", [])), RecordedQuestion(.resubmit(task)),
            RecordedQuestion(.cancelBuild(nvr: "a")), RecordedQuestion(.cancelTask(task)),
            RecordedQuestion(.setPriority(of: task, to: 1)),
        ]
    }()

    /// A struct with the members that hubs give, each of any kind.
    private static func record(using random: inout SeededGenerator) -> XMLRPCValue {
        let names = [
            "id", "name", "state", "arches", "extra", "packagelist", "build_id", "version", "release", "size",
            "checksum", "checksum_type", "filename", "parent", "method", "arch", "request", "update_ts", "package",
            "krb_principals", "blocked", "tag_name", "st_size", "faultCode", "faultString", "17",
        ]
        var members: [String: XMLRPCValue] = [:]
        for name in names where Bool.random(using: &random) {
            members[name] =
                switch Int.random(in: 0..<4, using: &random) {
                case 0: .int(Int64(truncatingIfNeeded: random.next()))
                case 1: .string("9223372036854775808")
                default: PythonTests.random(2, using: &random)
                }
        }
        return .object(members)
    }

    @Test("every answer is understood or refused as such, and the refusal names the method")
    func anyShape() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("AnyAnswerTests.anyShape seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var understood = 0
        var refused = 0
        for _ in 0..<300 {
            let record = Self.record(using: &random)
            for answer in [PythonTests.random(3, using: &random), record, .array([record]), .array([.null, record])] {
                for question in Self.all {
                    do throws(KojiFailure) {
                        try question.understand(answer)
                        understood += 1
                    } catch {
                        refused += 1
                        #expect([.badAnswer, .answerLost].contains(error.kind), "seed \(seed): \(error)")
                        #expect(error.message.contains(question.call.method), "seed \(seed): \(error)")
                        #expect(error.message.utf8.count < 300, "seed \(seed): \(error)")
                    }
                }
            }
        }
        #expect(understood > 1_000 && refused > 10_000)
    }
}
