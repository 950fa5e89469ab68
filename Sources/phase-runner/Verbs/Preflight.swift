import ArgumentParser
import ComposePhase
import Koji
import PungiConfig
import RehearsalHub

/// `preflight CONFIG`: what would fail hours later on a builder, looked at now.
struct Preflight: HubVerb {
    static let configuration = CommandConfiguration(
        commandName: "preflight",
        abstract: "Check hub, targets, names, repositories and refs before a night is spent on them.",
        discussion: """
            Looks from this host, not from a builder, and submits nothing. Exit status: 0 no check failed, 1 a check \
            failed, 2 usage error or invalid configuration, 4 the hub cannot be used.
            """)

    @OptionGroup(title: "Compose") var compose: ComposeOptions
    @OptionGroup(title: "Images") var selection: SelectionOptions
    @OptionGroup(title: "Hub") var hub: HubOptions

    @Option(
        help: ArgumentHelp(
            "Compare what builders would install with this file: lines 'PACKAGE: NVR'.", valueName: "file"))
    var freeze: String?

    @Flag(help: "Ask the hub only; do not look at repositories.")
    var hubOnly = false

    @Option(help: "text for people, json or yaml for programs.")
    var format: OutputFormat = .text

    @Argument(help: ArgumentHelp("The Pungi configuration, *.conf or *.json.", valueName: "config"))
    var config: String

    struct Job: Sendable {
        let plan: PhasePlan
        let questions: PreflightQuestions
        let freeze: FreezeFile?
        /// nil is the built-in hub.
        let hub: HubChoice?
    }

    func prepare() throws -> Job {
        let loaded = try ConfigInput.load(config)
        let identity = try ConfigInput.nextCompose(loaded, compose, picksRespin: compose.picksRespin)
        let directory = compose.directory(for: identity.id)
        let plan = try selection.apply(
            to: ConfigInput.plan(loaded, identity, directory: directory, namesHub: hub.namesHub))
        DiagnosticPrinter.show(plan.diagnostics)
        guard plan.isRunnable else { throw VerbFailure(.invalid) }
        return Job(
            plan: plan,
            questions: PreflightQuestions(plan, settings: loaded.settings, composeDirectory: directory),
            freeze: try freeze.map { try loadFreeze($0) },
            hub: try hub.choice(profileOfConfig: loaded.settings.kojiProfile?.value, patience: 30))
    }

    private func loadFreeze(_ path: String) throws -> FreezeFile {
        do {
            return try FreezeFile.load(path)
        } catch {
            throw VerbFailure(.invalid, error.description)
        }
    }

    func perform(_ job: Job) async throws {
        if let choice = job.hub {
            try await look(job, on: HubConnection(choice))
        } else {
            try await RehearsalSession.run(nil, log: nil) { running in
                try await look(job, on: HubConnection(.rehearsal(running)))
            }
        }
    }

    private func look(_ job: Job, on connection: HubConnection) async throws {
        async let repositories = hubOnly ? [] : repositoryChecks(job.questions)
        let facts = await HubInquiry(session: connection.session).ask(job.questions, freeze: job.freeze)
        let report = PreflightReport(
            job.questions, facts, dropsUnknownOptions: hub.unknownOptions == .drop, freeze: job.freeze,
            looks: await repositories)
        await connection.close()
        let document = PreflightDocument(
            report: report, compose: job.plan.compose.id, hub: connection.session.hub.server, host: ThisHost.name,
            isRehearsal: facts.isRehearsal)
        switch format {
        case .text: PreflightText(document, colours: Console.outputHasColour).lines().forEach { print($0) }
        case .json: DocumentPrinter.json(document.encoded)
        case .yaml: try DocumentPrinter.yaml(document.encoded)
        }
        if report.hubIsUnusable { throw connection.unusable }
        if !report.failed.isEmpty { throw VerbFailure(.phaseFailed) }
    }

    /// Other servers than the hub: the system's own authorities are trusted.
    private func repositoryChecks(_ questions: PreflightQuestions) async -> [PreflightCheck] {
        let transport = CurlTransport(options: TransportOptions(version: PhaseRunner.version, total: 60))
        let checks = await RepositoryLook(transport: transport).checks(questions)
        await transport.close()
        return checks
    }
}
