import ComposePhase
import Foundation
import Koji
import RehearsalHub
import Testing

/// What stand-in builders leave is found by the rules of the same name, over real connections.
@Suite("Causes on the rehearsal hub")
struct CauseDiagnosisTests {
    private static func withSession<Value: Sendable>(
        _ change: (inout RehearsalSettings) -> Void,
        _ operation: (KojiSession, RunningHub) async throws -> Value
    ) async throws -> Value {
        let top = FileManager.default.temporaryDirectory.appendingPathComponent("causes-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: top) }
        var settings = RehearsalSettings(root: top)
        settings.times = TaskTimes(all: .milliseconds(1))
        change(&settings)
        return try await RehearsalHub.withHub(settings: settings) { hub in
            let curl = CurlTransport(options: TransportOptions(version: "causes", silence: 20, total: 60))
            let session = KojiSession(
                hub: HubAddress(server: hub.server, weburl: hub.weburl, topurl: hub.topurl, topdir: nil),
                login: .password(user: hub.user, password: hub.password), transport: curl,
                sleep: { try await Task.sleep(for: $0) }, onRetry: { _ in })
            let value = try await operation(session, hub)
            await session.logout()
            await curl.close()
            return value
        }
    }

    private static func failure(
        _ name: String, arches: [String] = ["x86_64"], _ options: [String: XMLRPCValue] = ["scratch": .bool(true)],
        on session: KojiSession
    ) async throws -> TaskFailure {
        try await failure(of: submit(name, arches: arches, options, on: session), on: session)
    }

    private static func submit(
        _ name: String, arches: [String] = ["x86_64"], _ options: [String: XMLRPCValue] = ["scratch": .bool(true)],
        on session: KojiSession
    ) async throws -> TaskID {
        try await session.submit(
            "imageBuilderBuild",
            [
                .string("f43"), .array(arches.map { .string($0) }), .array([.string("minimal-raw-xz")]), .string(name),
                .string("43"), .object(options),
            ])
    }

    /// Any task does: what is asked of the hub is asked by id.
    private static let task = ImageTask(
        id: ImageTaskID("V/image/minimal-raw-xz"), variant: "V", subvariant: "V", manifestType: nil,
        method: "imageBuilderBuild", params: [], failableArches: [], canFail: false, arches: [])

    private static func failure(of id: TaskID, on session: KojiSession) async throws -> TaskFailure {
        // The hub's tasks take milliseconds; each look lets it go on.
        for _ in 0..<10_000 {
            let state = try await session.ask(.taskInfo(id))?.state
            if state?.isFinal == true {
                let hub = KojiTaskHub(session: session, tasks: [], user: nil)
                return await hub.diagnose(task, id, state ?? .failed).failure
            }
        }
        throw CancellationError()
    }

    @Test("each cause that can be rehearsed is found by its rule, with a remedy and a log")
    func allCauses() async throws {
        let causes = RehearsedCause.all.filter { $0.stage != .host }
        try await Self.withSession({ $0.failures = causes.map { FailureRule(name: "image-\($0.name)", cause: $0) } }) {
            session, hub in
            var ids: [TaskID] = []
            for cause in causes { ids.append(try await Self.submit("image-\(cause.name)", on: session)) }
            for (cause, id) in zip(causes, ids) {
                let failure = try await Self.failure(of: id, on: session)
                let found = try #require(failure.cause, "\(cause.name): \(failure)")
                #expect(found.rule == cause.name, "\(failure)")
                #expect(found.rule == "unknown" || failure.message.contains(found.remedy ?? "no remedy"), "\(failure)")
                #expect(!failure.message.contains("\n"))
                let log = cause.fault.code == 1012 ? "root.log" : "build.log"
                if cause.stage == .arch {
                    #expect(failure.message.contains("og: \(hub.topurl)/work/tasks/"), "\(failure)")
                    #expect(failure.message.hasSuffix("/\(log)"), "\(failure)")
                }
            }
        }
    }

    @Test("one arch with passing trouble and one with an error is an error")
    func twoArches() async throws {
        try await Self.withSession({
            $0.failures = ["*/x86_64:timeout", "*/aarch64:package-missing"].compactMap { try? FailureRule(parsing: $0) }
        }) { session, _ in
            let arches = ["x86_64", "aarch64"]
            let both = try await Self.failure("a", arches: arches, on: session)
            #expect(both.cause?.rule == "package-missing" && both.message.contains("(timeout)"), "\(both)")
            let options: [String: XMLRPCValue] = [
                "scratch": .bool(true), "failable_arches": .array([.string("aarch64")]),
            ]
            let one = try await Self.failure("a", arches: arches, options, on: session)
            #expect(one.cause?.rule == "timeout" && one.cause?.kind.isTransient == true, "\(one)")
        }
    }

    @Test("a build that is complete but for its tag is final, with the command that does the rest")
    func onlyTagging() async throws {
        try await Self.withSession({
            $0.failures = [FailureRule(stage: .tag, fault: XMLRPCFault(code: 1003, text: "tag f43-dest is locked"))]
        }) { session, _ in
            let failure = try await Self.failure("a", ["release": .string("7")], on: session)
            #expect(failure.cause?.rule == "only-tagging-failed" && failure.cause?.kind.isTransient == false)
            #expect(failure.message.contains("tag f43-dest is locked"), "\(failure)")
            #expect(failure.message.contains("koji tag-build f43-dest a-43-7"), "\(failure)")
        }
    }
}
