import Foundation
import Koji
import TestSupport
import Testing

@Suite("Typed calls against what a real hub was asked and answered", .needsShared)
struct RecordedCallTests {
    /// Runs `operation` on a session whose next call gets the recorded answer; checks that the recorded call was made.
    private func play<Value: Sendable>(
        _ file: String, _ name: String, _ method: String, login: Bool = false, sameCall: Bool = true,
        _ operation: (KojiSession) async throws(KojiFailure) -> Value
    ) async throws -> Result<Value, KojiFailure> {
        let recorded = try Recorded.exchange(file, name, method)
        let transport = ScriptedTransport(login ? [.session(1), recorded.reply] : [recorded.reply])
        let session = transport.session(login ? .password(user: "a", password: "b") : .anonymous)
        let result: Result<Value, KojiFailure>
        do {
            result = .success(try await operation(session))
        } catch {
            result = .failure(error)
        }
        let call = try #require(transport.sent.last?.call)
        #expect(call.method == method)
        if sameCall { #expect(Recorded.named(call) == Recorded.named(recorded.call)) }
        return result
    }

    @Test(
        "submits",
        arguments: [
            ("08-imageBuilderBuild", "ok-scratch", 4), ("08-imageBuilderBuild", "ok-full", 5),
            ("08-imageBuilderBuild", "ok-all-opts", 6), ("08-imageBuilderBuild", "ok-no-opts", 7),
            ("08-imageBuilderBuild", "ok-unknown-target", 9), ("23-preflight", "cli-image-builder-build", 218),
            ("24-cut-connection", "new-half-body", 73),
        ])
    func submit(file: String, name: String, id: Int) async throws {
        let recorded = try Recorded.exchange(file, name, "imageBuilderBuild")
        let named = Recorded.named(recorded.call)
        let params = ["target", "arches", "types", "name", "version", "opts"].map { named[$0] ?? .null }
        let result = try await play(file, name, "imageBuilderBuild", login: true) { session throws(KojiFailure) in
            try await session.submit("imageBuilderBuild", params)
        }
        #expect(try result.get() == TaskID(id))
    }

    @Test(
        "refused submits",
        arguments: [
            ("refused-no-permission", "permission", 1004), ("refused-two-types", "fault", 1019),
            ("refused-unknown-option", "fault", 1019), ("refused-channel-disabled", "fault", 1000),
        ])
    func refused(name: String, kind: String, code: Int) async throws {
        let file = "08-imageBuilderBuild"
        let named = Recorded.named(try Recorded.exchange(file, name, "imageBuilderBuild").call)
        let params = ["target", "arches", "types", "name", "version", "opts"].map { named[$0] ?? .null }
        let result = try await play(file, name, "imageBuilderBuild", login: true) { session throws(KojiFailure) in
            try await session.submit("imageBuilderBuild", params)
        }
        #expect(result.kind == kind)
        #expect(result.failure?.fault?.code == code)
    }

    @Test("the refusal that tells that a submit had been done")
    func doneBefore() async throws {
        let file = "05-session"
        let name = "callnum-write-again"
        let named = Recorded.named(try Recorded.exchange(file, name, "imageBuilderBuild").call)
        let params = ["target", "arches", "types", "name", "version", "opts"].map { named[$0] ?? .null }
        let result = try await play(file, name, "imageBuilderBuild", login: true) { session throws(KojiFailure) in
            try await session.submit("imageBuilderBuild", params)
        }
        #expect(result.kind == "alreadyDone")
    }

    @Test(
        "plugins of three ages on the options that they do not know",
        arguments: [
            ("new-two-wrong", [String]()), ("v7-two-wrong", ["bootc"]), ("v1-two-wrong", ["bootc"]),
        ])
    func probe(name: String, unknown: [String]) async throws {
        let recorded = try Recorded.exchange("22-probe-options", name, "imageBuilderBuild")
        guard case .fault(let fault) = recorded.answer else {
            Issue.record("the probe was accepted")
            return
        }
        // The recording had another name for the key that cannot exist.
        let text = fault.text.replacingOccurrences(of: "no_such_key", with: "x-probe")
        let session = ScriptedTransport([.session(1), .fault(fault.code, text)]).session()
        #expect(try await session.unknownBuildOptions(among: ["bootc"]) == Set(unknown))
    }

    @Test("who one is, and what one may")
    func user() async throws {
        let user = try await play("03-login-ssl", "getLoggedInUser", "getLoggedInUser", login: true) {
            session throws(KojiFailure) in try await session.user()
        }
        #expect(
            try user.get() == KojiUser(id: 2, name: "imguser", principals: ["imguser@EXAMPLE.COM"], loginKind: 2))
        let nobody = try await play("01-transport", "anon-getLoggedInUser", "getLoggedInUser") {
            session throws(KojiFailure) in try await session.user()
        }
        #expect(try nobody.get() == nil)
        let may = try await play("03-login-ssl", "hasPerm-yes", "hasPerm", login: true) {
            session throws(KojiFailure) in try await session.mayUse("image")
        }
        #expect(try may.get())
    }

    @Test("the hub's version and methods")
    func hub() async throws {
        let version = try await play("01-transport", "anon-getKojiVersion", "getKojiVersion") {
            session throws(KojiFailure) in try await session.version()
        }
        #expect(try version.get() == "1.35.3")
        let protocolVersion = try await play("01-transport", "anon-getAPIVersion", "getAPIVersion") {
            session throws(KojiFailure) in try await session.apiVersion()
        }
        #expect(try protocolVersion.get() == 1)
        let methods = try await play("01-transport", "system.listMethods", "system.listMethods") {
            session throws(KojiFailure) in try await session.methods()
        }
        #expect(try methods.get().contains("imageBuilderBuild"))
        #expect(try methods.get().contains("getTaskInfo"))
    }

    @Test("a password is taken or refused")
    func login() async throws {
        for (name, kind) in [("password-ok", "ok"), ("password-wrong", "loginRefused")] {
            let recorded = try Recorded.exchange("03-login-ssl", name, "login")
            let transport = ScriptedTransport([recorded.reply])
            let session = transport.session(
                .password(user: "imguser", password: name == "password-ok" ? "imgpw" : "wrong"))
            #expect(await outcome { () throws(KojiFailure) in try await session.login() }.kind == kind)
            #expect(transport.sent.first?.call.params == Array(recorded.call.params.prefix(2)))
        }
    }

    @Test("tasks of a list, one of them unknown")
    func infos() async throws {
        let round = try await play("09-task-life", "getTaskInfo-list-unknown", "getTaskInfo") {
            session throws(KojiFailure) in
            try await session.taskRound(infoFor: [TaskID(4), TaskID(999_999)], childrenOf: [])
        }
        let info = try #require(try round.get().infos[TaskID(4)])
        #expect(info.method == "imageBuilderBuild")
        #expect(info.state == .closed)
        #expect(info.arch == "noarch")
        #expect(info.parent == nil)
        #expect(info.started != nil)
        #expect(try round.get().infos.count == 1)
    }

    @Test("children of an open task: in no order, each with its arch as label")
    func children() async throws {
        let recorded = try Recorded.exchange("09-task-life", "open-children", "getTaskChildren")
        guard case .value(let value) = recorded.answer else { return }
        let transport = ScriptedTransport([.value(.array([.array([.array([])]), .array([value])]))])
        let round = try await transport.session(.anonymous).taskRound(infoFor: [], childrenOf: [TaskID(4)])
        let children = try #require(round.children[TaskID(4)])
        #expect(children.map(\.id) == [TaskID(16), TaskID(15)])
        #expect(children.map(\.label) == ["aarch64", "x86_64"])
        #expect(children.allSatisfy { $0.parent == TaskID(4) && $0.method == "imageBuilderBuildArch" })
    }

    @Test("what an arch task made, and why another one failed")
    func results() async throws {
        let good = try Recorded.exchange("09-task-life", "closed-child-result", "getTaskResult")
        let bad = try Recorded.exchange("10-task-failures", "child-failed-no-raise", "getTaskResult")
        guard case .value(let first) = good.answer, case .value(let second) = bad.answer else {
            Issue.record("the recording has faults here")
            return
        }
        let session = ScriptedTransport([.value(.array([.array([first]), .array([second])]))]).session(.anonymous)
        let results = try await session.results(of: [TaskID(16), TaskID(32)])
        #expect(results[TaskID(32)] == .fault(XMLRPCFault(code: 1000, text: "`image-builder` failed")))
        guard case .value(let value)? = results[TaskID(16)] else {
            Issue.record("no value")
            return
        }
        let made = try session.archResult(value)
        #expect(
            [made.name, made.version, made.release, made.arch] == ["Fedora-Minimal", "43", "20261122.0", "aarch64"])
        #expect(made.files.contains("Fedora-Minimal-43-20261122.0.aarch64.raw.xz"))
        #expect(made.logs.isEmpty)
    }

    @Test("builds of a task: two after a restart, none for a scratch task, a canceled one")
    func builds() async throws {
        let cases: [(file: String, name: String, task: Int, states: [BuildState])] = [
            ("13-build", "listBuilds-restarted", 5, [.building, .complete]),
            ("13-build", "listBuilds-task", 47, [.complete]),
            ("13-build", "listBuilds-scratch", 4, []), ("11-cancel-resubmit", "cancel-open-build", 42, [.canceled]),
            ("10-task-failures", "build-failed-listBuilds", 30, [.failed]),
        ]
        for (file, name, task, states) in cases {
            let builds = try await play(file, name, "listBuilds") { session throws(KojiFailure) in
                try await session.builds(of: TaskID(task))
            }.get()
            #expect(builds.map(\.state).sorted { $0.rawValue < $1.rawValue } == states)
            #expect(builds.allSatisfy { $0.volume == "DEFAULT" })
        }
    }

    @Test("archives carry size and SHA-256")
    func archives() async throws {
        let archives = try await play("13-build", "listArchives", "listArchives") { session throws(KojiFailure) in
            try await session.imageArchives(of: 7)
        }.get()
        #expect(!archives.isEmpty)
        for archive in archives {
            #expect(archive.checksumKind == "sha256")
            #expect(archive.checksum.count == 64)
            #expect(archive.size > 0)
            #expect(!archive.fileName.isEmpty)
        }
    }

    @Test("output of a task with sizes, and the tail of a log")
    func output() async throws {
        let files = try await play("12-output", "listTaskOutput-stat", "listTaskOutput") {
            session throws(KojiFailure) in
            try await session.output(of: TaskID(15))
        }.get()
        #expect(files.contains { $0.name == "build.log" && $0.size > 0 })
        let tail = try await play("12-output", "download-tail", "downloadTaskOutput", sameCall: false) {
            session throws(KojiFailure) in
            try await session.outputTail(of: TaskID(15), name: "build.log", bytes: 10)
        }.get()
        #expect(tail == Array(" (x86_64)\n".utf8))
    }

    @Test("cancels of many: the unknown one is refused, the others are done")
    func cancel() async throws {
        let ids = [216, 217, 999_999, 213].map { TaskID($0) }
        let refusals = try await play("23-preflight", "cancel-multicall", "multiCall", login: true) {
            session throws(KojiFailure) in try await session.cancel(ids)
        }.get()
        #expect(refusals.mapValues(\.code) == [TaskID(999_999): 1000])
    }

    @Test("the newest task, and a lost one found by its request")
    func lookUp() async throws {
        let newest = try await play("21-lost-submit", "highest-before", "listTasks") { session throws(KojiFailure) in
            try await session.newestTask()
        }.get()
        #expect((newest?.number ?? 0) > 0)
        let recorded = try Recorded.exchange("21-lost-submit", "after", "listTasks")
        guard case .value(.array(let rows)) = recorded.answer, case .object(let row)? = rows.first,
            case .array(let request)? = row["request"], case .int(let id)? = row["id"]
        else {
            Issue.record("the recording has no decoded row")
            return
        }
        #expect(request.count == 6)
        let session = ScriptedTransport([recorded.reply]).session(.anonymous)
        let found = try await session.tasks(
            of: 2, method: "imageBuilderBuild", request: request, after: TaskID(Int(id) - 1))
        #expect(found == [TaskID(Int(id))])
    }
}
