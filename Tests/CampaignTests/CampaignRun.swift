import ComposePhase
import Foundation
import Koji
import ProductMD
import PungiConfig
import RehearsalHub
import Synchronization
import TestSupport

/// A whole run in this process: the real client over real connections against a rehearsal hub, a hundred times as fast.
struct CampaignRun: Sendable {
    static let factor = 100.0

    /// What one run came to.
    struct Report: Sendable {
        var requests = 0
        /// How often each image was submitted, by name; what the hub itself has.
        var submits: [String: Int] = [:]
        var isComplete = false
        var images = 0
        /// Why it is not complete, in the run's own words.
        var reasons: [String] = []
        /// Everything that was said on the way.
        var said: [String] = []
        /// Tasks that the hub still has open or free.
        var leftRunning = 0
        var seconds = 0.0
    }

    let plan: PhasePlan
    let settings: ComposeSettings
    let variants: VariantSet
    let identity: ComposeIdentity

    /// The run of our own IoT fixture: three images, two arches each.
    static func prepared() throws -> CampaignRun {
        let config = Checkout.root.appendingPathComponent("fixtures/pungi-configs/fedora-iot/fedora-iot.conf").path
        let document = try ConfigDocument.load(path: config)
        let (settings, _) = try SettingsReader.read(document)
        let variants = try VariantsInput.load(for: settings, besideConfig: config)
        let identity = try ComposeIdentity(
            settings: settings,
            request: ComposeRequest(
                type: .nightly, label: nil, hasNoLabel: false, isSupported: false, date: "20261122", respin: 0))
        let plan = PhasePlanner(
            settings: settings, variants: variants, compose: identity, composeDirectory: "/nowhere", namesHub: true
        ).plan()
        return CampaignRun(plan: plan, settings: settings, variants: variants, identity: identity)
    }

    /// Runs with `fault` at the `call`th request to the hub; nil is undisturbed.
    func perform(_ fault: HubFault?, at call: Int) async throws -> Report {
        let top = FileManager.default.temporaryDirectory.appendingPathComponent("campaign-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: top, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: top) }
        let time = ScaledTime(factor: Self.factor)
        var hubSettings = RehearsalSettings(root: "\(top)/hub")
        hubSettings.times = TaskTimes(all: .seconds(2))
        hubSettings.troubles = fault?.rules(at: call) ?? []
        return try await RehearsalHub.withHub(settings: hubSettings, clock: time.hubClock) { hub in
            let began = Date()
            var report = try await run(hub, fault == .refused ? call : nil, at: time, in: "\(top)/compose")
            report.seconds = Date().timeIntervalSince(began)
            report.requests = await hub.requests
            for build in await hub.imageBuilds {
                report.submits[build.name, default: 0] += 1
                if !build.state.isFinal { report.leftRunning += 1 }
            }
            return report
        }
    }

    private func run(
        _ hub: RunningHub, _ refusedCall: Int?, at time: ScaledTime, in compose: String
    ) async throws -> Report {
        let said = Said()
        let curl = CurlTransport(options: TransportOptions(version: "campaign", silence: 5, total: 20))
        let transport = RefusingTransport(curl, hub, at: refusedCall)
        let session = KojiSession(
            hub: HubAddress(
                server: hub.server, weburl: hub.weburl, topurl: hub.topurl, topdir: nil),
            login: .password(user: hub.user, password: hub.password), transport: transport,
            sleep: { try await Task.sleep(for: $0 / Int(Self.factor)) }, onRetry: { said.note($0) })
        var report = Report()
        let questions = PreflightQuestions(plan)
        let facts = await HubInquiry(session: session).ask(questions)
        let preflight = PreflightReport(questions, facts, dropsUnknownOptions: false)
        if preflight.hubIsUnusable || preflight.doomsRequired(of: plan.tasks) {
            report.reasons = preflight.failed.map(\.sentence)
        } else {
            let directory = try ComposeDirectory.open(.composeDirectory(compose), isRehearsal: true)
            let run = ComposeRun(
                settings: settings, variants: variants, compose: identity, plan: plan, layout: directory.layout,
                isOurs: directory.isOurs, isRehearsal: true, hub: session.hub.server)
            _ = try run.prepare()
            let finished = try await run.perform(
                with: RunMeans(
                    session: session,
                    identity: RunIdentity(
                        compose: identity.id, hub: session.hub.server, weburl: session.hub.weburl, host: "here", pid: 1,
                        version: "campaign", isRehearsal: true),
                    user: facts.user.value ?? nil,
                    tasks: plan.tasks.sendable(without: facts.unknownOptions.value ?? ["failable_arches"]), clock: time,
                    showClock: { "\($0)" }, warn: { said.note($0) }))
            report.isComplete = finished.outcome.isComplete && finished.status == .finished
            report.images = try recordedImages(directory.layout)
            let outcome = finished.outcome
            report.reasons =
                (outcome.stopReason.map { [$0.sentence] } ?? [])
                + (outcome.failedRequired + outcome.failedFailable).map { "\($0.task): \($0.failure)" }
        }
        await session.logout()
        await curl.close()
        report.said = said.lines
        return report
    }

    /// How many images images.json holds; it must be readable whatever happened.
    private func recordedImages(_ layout: ComposeLayout) throws -> Int {
        let path = layout.path(ComposeLayout.images)
        guard let bytes = try AtomicFile.read(path) else { return 0 }
        return try ImagesManifest.decode(bytes, name: path).all.count
    }
}

/// What a run says on the way.
final class Said: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    func note(_ line: String) { kept.withLock { $0.append(line) } }
}

/// Lets the hub's port refuse connections when the call in question is about to be made.
final class RefusingTransport: HTTPTransport {
    private let transport: CurlTransport
    private let hub: RunningHub
    private let call: Int?
    private let calls = Mutex(0)

    init(_ transport: CurlTransport, _ hub: RunningHub, at call: Int?) {
        self.transport = transport
        self.hub = hub
        self.call = call
    }

    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let number = calls.withLock { calls in
            calls += 1
            return calls
        }
        if number == call { await hub.refuseConnections(for: .milliseconds(100)) }
        return try await transport.send(request)
    }

    func download(_ download: HTTPDownload) async throws(HTTPFailure) -> HTTPDownloadResult {
        try await transport.download(download)
    }
}
