import ArgumentParser
import Glibc
import RehearsalHub

/// `rehearsal-hub`: the built-in hub on its own, for other programs.
struct RehearsalHubVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearsal-hub",
        abstract: "Start a hub on loopback that speaks Koji's protocol and builds nothing.",
        discussion: """
            Prints a profile for koji.conf on stdout, then a line for each call and each change of a task's state on \
            stderr, until it gets SIGINT or SIGTERM. Exit status: 0 when told to end, 2 usage error, 4 if it cannot listen.
            """)

    @Option(help: ArgumentHelp("Port on 127.0.0.1; 0 takes a free one.", valueName: "port"))
    var port = 0

    @Option(help: ArgumentHelp("Directory for the hub's files; made if it is not there.", valueName: "dir"))
    var root: String

    @OptionGroup var rehearsal: RehearsalOptions

    func run() async throws {
        let signals = await SignalWatch()
        var settings = RehearsalSettings(root: Paths.absolute(root))
        settings.port = port
        settings.apply(rehearsal)
        let wanted = settings
        let hub = Task {
            try await RehearsalHub.run(settings: wanted, log: { Console.line($0) }) { running in
                print("# A rehearsal hub: it builds nothing. User \(running.user), password \(running.password).")
                print(running.profile(named: "rehearsal"), terminator: "")
                fflush(nil)
            }
        }
        signals.onSignal { _ in hub.cancel() }
        do {
            try await hub.value
        } catch is CancellationError {
            return
        } catch {
            throw VerbFailure(.hubUnusable, String(describing: error))
        }
    }
}
