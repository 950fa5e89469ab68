import ArgumentParser
import Glibc

/// `phase-runner VERB [options] CONFIG`
struct PhaseRunner: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "phase-runner",
        abstract: "Plans, schedules and records the image builds of a Pungi compose on Koji.",
        discussion: """
            Data goes to stdout, everything else to stderr. Exit status: 0 done, 1 the phase failed, 2 usage error or \
            invalid configuration, 3 incomplete with --fail-on-incomplete, 4 the hub cannot be used, 5 the compose \
            directory cannot be worked on, 6 canceled by cancel, 129/130/143 ended by a signal.
            """,
        version: version,
        // Each verb names itself: making names of types takes longer than a plan.
        subcommands: [
            Validate.self, Dump.self, Plan.self, Explain.self, Diff.self, Branch.self, Migrate.self, Preflight.self,
            Run.self, Resume.self, Adopt.self, Cancel.self, Status.self, Report.self, Check.self,
            Serve.self, TokenVerb.self, RehearsalHubVerb.self,
        ])
}

/// The program's entry: exit status by class, as docs/architecture.md fixes it.
@main
enum Main {
    @MainActor static func main() async {
        // A reader that goes away (a pager, head) ends output, not the run.
        signal(SIGPIPE, SIG_IGN)
        Memory.keepSmall()
        RunLock.keep()
        do {
            var command = try PhaseRunner.parseAsRoot()
            if let verb = command as? any HubVerb {
                try await verb.start()
            } else if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            fflush(nil)
            exit(ExitStatus.done.rawValue)
        } catch let failure as VerbFailure {
            fflush(nil)
            if let message = failure.message { Console.error(message) }
            exit(failure.status.rawValue)
        } catch {
            fflush(nil)
            let text = PhaseRunner.fullMessage(for: error)
            if PhaseRunner.exitCode(for: error) == .success {
                print(text)
                fflush(nil)
                exit(ExitStatus.done.rawValue)
            }
            Console.line(text)
            exit(ExitStatus.invalid.rawValue)
        }
    }
}
