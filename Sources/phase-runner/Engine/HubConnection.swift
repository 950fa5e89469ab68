import ComposePhase
import Glibc
import Koji
import ProductMD
import RehearsalHub

/// A hub that a run works on.
struct HubConnection: Sendable {
    let address: HubAddress
    let session: KojiSession
    let transport: CurlTransport
    /// The trace that its calls are in; nil where there is none.
    let trace: RunTrace?
    /// Which profile led here; nil for the built-in hub.
    private let origin: String?

    /// What was learnt when the hub was opened.
    struct Opened: Sendable {
        let user: KojiUser?
        /// The hub says that it builds nothing.
        let isRehearsal: Bool
        /// The tasks as this hub takes them.
        let tasks: [ImageTask]
        /// Options that it does not take.
        let dropped: [String]
    }

    /// - Parameter trace: the trace of the run that works on the hub.
    init(_ choice: HubChoice, trace: RunTrace? = nil) {
        address = choice.address
        origin = choice.origin
        self.trace = trace
        transport = CurlTransport(
            options: TransportOptions(
                version: PhaseRunner.version, serverAuthorities: choice.serverAuthorities,
                verifiesServer: choice.verifiesServer))
        session = KojiSession(
            hub: address, login: choice.login, proxyUser: choice.proxyUser, transport: transport,
            retry: RetryPolicy(readBudget: choice.patience, writeBudget: choice.patience),
            onRetry: { Console.warning($0) }, observer: trace?.tracer)
    }

    // MARK: Life

    /// Logs in and makes sure that the hub can do what the plan asks for: the part of a preflight that costs a few
    /// requests.
    ///
    /// - Throws: ``VerbFailure`` 4 when the hub cannot be used, 1 when a required image could not be built.
    func open(for plan: PhasePlan, _ conduct: RunConduct) async throws -> Opened {
        let questions = PreflightQuestions(plan)
        let inquiry = HubInquiry(session: session)
        let freeze = conduct.looksAhead ? conduct.freeze : nil
        let facts = await inquiry.ask(
            questions, about: conduct.looksAhead ? .everything : .hubAlone, freeze: freeze?.file)
        let report = PreflightReport(
            questions, facts, dropsUnknownOptions: conduct.dropsUnknownOptions,
            looks: freeze?.checksBeforeSubmit(questions, facts) ?? [])
        let isDoomed = report.doomsRequired(of: plan.tasks)
        for check in report.checks where check.verdict == .warning || check.verdict == .failed {
            let text = "\(address.server): \(check.sentence)"
            if check.verdict == .failed, isDoomed || report.hubIsUnusable {
                Console.error(text)
            } else {
                Console.warning(text)
            }
        }
        if report.hubIsUnusable { throw unusable }
        if isDoomed {
            throw VerbFailure(
                .phaseFailed,
                "nothing was submitted: a required image cannot be built; --no-preflight tries all the same")
        }
        let unknown = facts.unknownOptions.value ?? ["failable_arches"]
        return Opened(
            user: facts.user.value ?? nil, isRehearsal: facts.isRehearsal, tasks: plan.tasks.sendable(without: unknown),
            dropped: unknown.sorted())
    }

    /// Logs in to the hub that a run was begun on, as the user that it was begun as.
    ///
    /// - Throws: ``VerbFailure`` 4 when the hub cannot be used, 2 when it is not that hub or not that user.
    func openAgain(for plan: PhasePlan, _ record: RunRecord) async throws -> Opened {
        guard record.hub == address.server else {
            throw VerbFailure(
                .invalid,
                "the run was begun on \(record.hub), and this is \(address.server); its tasks are there:"
                    + " name that hub's profile with --koji-profile")
        }
        let facts = await HubInquiry(session: session).ask(PreflightQuestions(plan), about: .hubAlone)
        if case .unknown(let reason) = facts.user {
            Console.error("\(address.server): \(reason)")
            throw unusable
        }
        let user = facts.user.value ?? nil
        guard user?.name == record.user else {
            throw VerbFailure(
                .invalid,
                "the run's tasks belong to \(record.user ?? "nobody"), and this is \(user?.name ?? "nobody"):"
                    + " another user cannot cancel them, nor find one whose number was lost")
        }
        return Opened(
            user: user, isRehearsal: facts.isRehearsal,
            tasks: plan.tasks.sendable(without: Set(record.droppedOptions)), dropped: record.droppedOptions)
    }

    /// The hub cannot be used; what is wrong with it was said.
    var unusable: VerbFailure {
        VerbFailure(.hubUnusable, "the hub \(address.server)\(origin.map { " (\($0))" } ?? "") cannot be used")
    }

    func close() async {
        await session.logout()
        await transport.close()
    }
}
