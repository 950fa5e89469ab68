import ComposePhase
import Foundation
import Koji
import ProductMD
import RehearsalHub
import Synchronization
import Testing

/// What a hub tells of the roots that images were built in, over real connections.
@Suite("Origins on the rehearsal hub")
struct BuilderOriginTests {
    private static let arches = ["x86_64", "aarch64"]

    private static func withSession(
        _ operation: (KojiSession) async throws -> Void
    ) async throws {
        let top = FileManager.default.temporaryDirectory.appendingPathComponent("origins-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: top) }
        var settings = RehearsalSettings(root: top)
        settings.times = TaskTimes(all: .milliseconds(1))
        try await RehearsalHub.withHub(settings: settings) { hub in
            let curl = CurlTransport(options: TransportOptions(version: "origins", silence: 20, total: 60))
            let session = KojiSession(
                hub: HubAddress(server: hub.server, weburl: hub.weburl, topurl: hub.topurl, topdir: nil),
                login: .password(user: hub.user, password: hub.password), transport: curl,
                sleep: { try await Task.sleep(for: $0) }, onRetry: { _ in })
            try await operation(session)
            await session.logout()
            await curl.close()
        }
    }

    private static func task(_ options: [String: JSONValue]) -> ImageTask {
        ImageTask(
            id: ImageTaskID("IoT/Fedora-IoT/iot-raw-xz"), variant: "IoT", subvariant: "IoT", manifestType: nil,
            method: "imageBuilderBuild",
            params: [
                .string("f43"), .array(arches.map { .string($0) }), .array([.string("iot-raw-xz")]),
                .string("Fedora-IoT"), .string("43"), .object(options),
            ], failableArches: [], canFail: false,
            arches: arches.map {
                ArchTask(arch: $0, failable: false, repos: [], ostreeRef: "fedora/43/\($0)/iot", command: [])
            })
    }

    /// The arch children of an image that was built, by arch.
    private static func build(on session: KojiSession) async throws -> [String: TaskID] {
        let ostree: XMLRPCValue = .object([
            "url": .string("http://127.0.0.1:9/repo"), "ref": .string("fedora/43/$arch/iot"),
        ])
        let id = try await session.submit(
            "imageBuilderBuild",
            [
                .string("f43"), .array(arches.map { .string($0) }), .array([.string("iot-raw-xz")]),
                .string("Fedora-IoT"), .string("43"), .object(["scratch": .bool(true), "ostree": ostree]),
            ])
        // The hub's tasks take milliseconds; each look lets it go on.
        for _ in 0..<10_000 where try await session.ask(.taskInfo(id))?.state.isFinal == true {
            let children = try await session.children(of: id).filter { $0.label == $0.arch }
            return Dictionary(uniqueKeysWithValues: children.map { ($0.arch, $0.id) })
        }
        throw CancellationError()
    }

    private static func inquiry(
        _ session: KojiSession, freeze: FreezeRule? = nil, warn: @escaping @Sendable (String) -> Void
    ) -> OriginInquiry {
        let files = RepositoryFiles(transport: session.transport, reach: .thisHost)
        return OriginInquiry(
            buildroots: KojiBuildroots(session: session),
            repositories: RepositoryRevisions(files: files, now: { Date().timeIntervalSince1970 }), files: files,
            topurl: session.hub.topurl, freeze: freeze, warn: warn)
    }

    @Test("host, buildroot, toolchain and the tag's repo of all arches cost two requests to the hub")
    func origins() async throws {
        try await Self.withSession { session in
            let archTasks = try await Self.build(on: session)
            let before = session.cost.requests
            let findings = await Self.inquiry(session, warn: { _ in })
                .findings(of: Self.task(["seed": .int(5)]), archTasks: archTasks)
            #expect(session.cost.requests - before == 2)
            #expect(findings.remarks.isEmpty)
            #expect(Set(findings.origins.keys) == Set(Self.arches))
            for (arch, origin) in findings.origins {
                #expect(origin.host?.isEmpty == false && origin.seed == 5)
                #expect(origin.buildroot == archTasks[arch]?.number)
                #expect(origin.toolchain["image-builder"] == "image-builder-0-rehearsal")
                #expect(origin.toolchain["osbuild-ostree"] == "osbuild-ostree-0-rehearsal")
                #expect(origin.toolchain["bash"] == nil)
                let repository = try #require(origin.repositories.first)
                #expect(repository.url == "\(session.hub.topurl)/repos/f43-build/1/\(arch)")
                #expect(repository.revision != nil && repository.checksum?.utf8.count == 64)
            }
        }
    }

    @Test("a buildroot of many packages is told in parts", arguments: [(1, 10), (5, 3), (12, 2), (100, 1)])
    func parts(size: Int, requests: Int) async throws {
        try await Self.withSession { session in
            let archTasks = try await Self.build(on: session)
            let before = session.cost.requests
            let told = await KojiBuildroots(session: session, part: size)
                .roots(of: Array(archTasks.values), keeping: ToolchainNames())
            #expect(session.cost.requests - before == 1 + requests)
            #expect(told.troubles.isEmpty && told.roots.count == 2)
            // Twelve packages are there; one by one, the last two are not asked for any more.
            for root in told.roots.values { #expect(root.toolchain.count == 7) }
        }
    }

    @Test("tasks that the hub has no buildroots of are not an error")
    func none() async throws {
        try await Self.withSession { session in
            let told = await KojiBuildroots(session: session).roots(of: [TaskID(4711)], keeping: ToolchainNames())
            #expect(told.roots.isEmpty && told.troubles.isEmpty)
        }
    }

    @Test("the manifest that a builder leaves tells the commit")
    func manifest() async throws {
        try await Self.withSession { session in
            let archTasks = try await Self.build(on: session)
            let warnings = Mutex<[String]>([])
            let inquiry = Self.inquiry(session, warn: { line in warnings.withLock { $0.append(line) } })
            let task = Self.task([
                "ostree": .object([
                    "url": .string("http://127.0.0.1:9/repo"), "ref": .string("fedora/43/$arch/iot"),
                ])
            ])
            let child = try #require(archTasks["x86_64"])
            let output = try await session.ask(.output(of: child))
            let name = try #require(output.map(\.name).first { $0.hasSuffix(".osbuild-manifest.json") })
            let url = "\(session.hub.topurl)/\(PathInfo.percentEncoded(PathInfo.taskFile(child, name: name)))"
            let body = try await session.transport.send(HTTPRequest(url: url)).body
            let path = FileManager.default.temporaryDirectory.appendingPathComponent("manifest-\(UUID()).json").path
            defer { try? FileManager.default.removeItem(atPath: path) }
            try Data(body).write(to: URL(fileURLWithPath: path))
            let findings = await inquiry.findings(of: task, archTasks: archTasks)
            let origins = await inquiry.origins(findings, of: task, manifests: ["x86_64": path])
            #expect(origins["x86_64"]?.ostree?.commit?.utf8.count == 64)
            // Nobody listens at the repository, and the other arch has no manifest.
            #expect(origins["aarch64"]?.ostree?.commit == nil)
            #expect(warnings.withLock { $0 }.count == 1)
        }
    }
}
