import ArgumentParser
import ComposePhase
import Glibc
import PhaseService
import PhaseStore
import PungiConfig

/// `serve`: runs composes on request and by schedule, and shows them.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run composes on request and by schedule, with an API and a page.",
        discussion: """
            Listens on loopback or a UNIX socket; each compose is a process of its own, which goes on when the service dies \
            and is followed or resumed by the next one. SIGHUP reads the settings again. SIGTERM and SIGINT end the service: \
            tasks are left running on the hub for its next start, or canceled (runs.on_stop).
            Exit status: 0 ended by a signal, or what was asked for is done; 2 usage error or invalid settings; 5 the state \
            cannot be worked on or the address is taken.
            """)

    @OptionGroup var options: ServiceOptions

    @Flag(help: "Look at the settings, say what is wrong with them, and end.")
    var checkSettings = false

    @Option(
        help: ArgumentHelp(
            "Copy the database into this new file, also while the service runs, and end.", valueName: "file"))
    var backUpTo: String?

    func run() async throws {
        let settings = try options.load()
        if checkSettings {
            Console.line("the settings are good")
            return
        }
        let store = try settings.openStore()
        if let backUpTo {
            do {
                try store.backUp(to: Paths.absolute(backUpTo))
            } catch {
                throw VerbFailure(.composeUnusable, error.description)
            }
            return
        }
        let lock = try Self.takeState(settings.stateDirectory)
        defer { close(lock) }
        try await serve(settings, store)
        // What stands in the database's log goes into its file, which is whole then.
        store.close()
        fflush(nil)
        // Without the library's ends: connections may still come in.
        _exit(ExitStatus.done.rawValue)
    }

    /// One service at a time works on a state.
    private static func takeState(_ directory: String) throws -> Int32 {
        let path = "\(directory)/lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno == EWOULDBLOCK ? "another service works on it" : String(cString: strerror(errno))
            throw VerbFailure(.composeUnusable, "\(directory) cannot be used: \(reason)")
        }
        return descriptor
    }

    private func serve(_ settings: ServiceSettings, _ store: ServiceStore) async throws {
        let supervisor = Supervisor()
        let signals = await SignalWatch()
        let service = Service(
            settings, store: store, program: Self.program, environment: Self.environment, version: PhaseRunner.version,
            warn: { Console.warning($0) },
            tell: { [scripts = ServiceScripts()] notification, commands, timeout in
                await scripts.tell(notification, commands, timeout: timeout)
            })
        do {
            try await service.begin()
        } catch {
            throw VerbFailure(.composeUnusable, String(describing: error))
        }
        let (stops, stop) = AsyncStream<Int32>.makeStream()
        signals.onSignal { number in
            if number == SIGHUP { Task { await reload(service, supervisor) } } else { stop.yield(number) }
        }
        let ended = AsyncStream<PhaseServer.Failure?>.makeStream()
        // Nothing of this is ever canceled: a server that is taken down while a connection comes in ends the program with a
        // fatal error of its library. It ends with the process.
        Task {
            do throws(PhaseServer.Failure) {
                try await PhaseServer(service).serve { port in
                    Console.line("listening on \(Self.shown(settings.listen, port: port))")
                    supervisor.say("READY=1", "STATUS=listening")
                }
                ended.continuation.yield(nil)
            } catch {
                ended.continuation.yield(error)
            }
        }
        Task { await service.work() }
        if let interval = supervisor.watchdog {
            Task { await Self.reportLife(service, supervisor, every: interval / 3) }
        }
        Task {
            for await _ in stops { break }
            ended.continuation.yield(nil)
        }
        var failure: PhaseServer.Failure?
        for await end in ended.stream {
            failure = end
            break
        }
        supervisor.say("STOPPING=1", "STATUS=stopping")
        await service.stop(patience: 90)
        if let failure { throw VerbFailure(.composeUnusable, failure.description) }
        Console.line("stopped")
    }

    /// Whoever cannot answer a question of the runs is not alive.
    private static func reportLife(_ service: Service, _ supervisor: Supervisor, every interval: Double) async {
        while true {
            _ = await service.keeper.states()
            supervisor.say("WATCHDOG=1")
            try? await Task.sleep(for: .seconds(interval))
        }
    }

    /// Reads the settings again. Bad ones change nothing.
    private func reload(_ service: Service, _ supervisor: Supervisor) async {
        supervisor.say("RELOADING=1", Supervisor.monotonic)
        do {
            await service.use(try options.read())
            Console.line("the settings were read again")
        } catch {
            DiagnosticPrinter.show(error.diagnostics)
            Console.error("the settings are not valid; those from before hold on")
        }
        supervisor.say("READY=1")
    }

    private static func shown(_ address: ListenAddress, port: Int) -> String {
        if case .tcp(let host, _) = address { return ListenAddress.tcp(host: host, port: port).description }
        return address.description
    }

    /// This program, wherever it was started from.
    private static var program: String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        return String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// What runs inherit: everything but what is between this process and its supervisor.
    private static var environment: [String] {
        let ours = ["NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"]
        return Console.environment.filter { entry in !ours.contains { entry.hasPrefix("\($0)=") } }
    }
}
