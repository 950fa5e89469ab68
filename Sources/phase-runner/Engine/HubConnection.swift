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
    /// Which profile led here; nil for the built-in hub.
    private let origin: String?

    /// What was learnt when the hub was opened.
    struct Opened: Sendable {
        let user: KojiUser?
        /// The hub says that it builds nothing.
        let isRehearsal: Bool
        /// The tasks as this hub takes them.
        let tasks: [ImageTask]
    }

    init(_ choice: HubChoice) {
        address = choice.address
        origin = choice.origin
        transport = CurlTransport(
            options: TransportOptions(
                version: PhaseRunner.version, serverAuthorities: choice.serverAuthorities,
                verifiesServer: choice.verifiesServer))
        session = KojiSession(
            hub: address, login: choice.login, proxyUser: choice.proxyUser, transport: transport,
            retry: RetryPolicy(readBudget: choice.patience, writeBudget: choice.patience),
            onRetry: { Console.warning($0) })
    }

    // MARK: Life

    /// Logs in and makes sure that the hub can do what the plan asks for: the part of a preflight that costs a few
    /// requests.
    ///
    /// - Parameters:
    ///   - dropsUnknownOptions: options that the hub's plugin does not take are left out; else they are a failure.
    ///   - looksAhead: whether a check that dooms a required image keeps the run from beginning.
    /// - Throws: ``VerbFailure`` 4 when the hub cannot be used, 1 when a required image could not be built.
    func open(for plan: PhasePlan, dropsUnknownOptions: Bool, looksAhead: Bool) async throws -> Opened {
        let questions = PreflightQuestions(plan)
        let inquiry = HubInquiry(session: session)
        let facts = await inquiry.ask(questions, about: looksAhead ? .everything : .hubAlone)
        let report = PreflightReport(questions, facts, dropsUnknownOptions: dropsUnknownOptions)
        let isDoomed = report.doomsRequired(of: plan.tasks)
        for check in report.checks where check.verdict == .warning || check.verdict == .failed {
            let text = "\(address.server): \(check.sentence)"
            if check.verdict == .failed, isDoomed || report.hubIsUnusable {
                Console.error(text)
            } else {
                Console.warning(text)
            }
        }
        if report.hubIsUnusable {
            await close()
            throw unusable
        }
        if isDoomed {
            await close()
            throw VerbFailure(
                .phaseFailed,
                "nothing was submitted: a required image cannot be built; --no-preflight tries all the same")
        }
        let unknown = facts.unknownOptions.value ?? ["failable_arches"]
        return Opened(
            user: facts.user.value ?? nil, isRehearsal: facts.isRehearsal, tasks: plan.tasks.sendable(without: unknown))
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
