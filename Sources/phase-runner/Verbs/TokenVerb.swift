import ArgumentParser
import ComposePhase
import PhaseService
import PhaseStore

/// `token`: who may do what with the service.
struct TokenVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make, list and revoke tokens of the service.",
        discussion: "Works on the service's database, also while the service runs. Exit status: 0; 2 usage error; 5.",
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Make a token and print it: this once, only its digest is kept.")

        @OptionGroup var options: ServiceOptions

        @Option(help: "What its holder may do: read, operate or admin.")
        var role: RoleOption = .read

        @Option(
            help: ArgumentHelp("Days after which it lets nobody in any more; else it does not expire.", valueName: "n"))
        var days: Int?

        @Argument(help: "A name for it, that the audit log shows: a person's, or a program's.")
        var name: String

        func validate() throws {
            guard (1...100).contains(name.utf8.count), name.utf8.allSatisfy({ (33...126).contains($0) }) else {
                throw ValidationError("A token's name is 1 to 100 characters of ASCII without blanks.")
            }
            if let days, !(1...36500 ~= days) { throw ValidationError("--days is 1 to 36500.") }
        }

        func run() async throws {
            let token = Secret.token()
            let now = SystemClock().now().seconds
            try await TokenVerb.working(on: options) { store in
                try await store.add(
                    StoredToken(
                        name: name, role: role.rawValue, digest: Secret.digest(token), made: now,
                        expires: days.map { now + Double($0) * 86400 }))
                try await store.add(TokenVerb.entry("make token", name, now))
            }
            print(token)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the tokens.")

        @OptionGroup var options: ServiceOptions

        func run() async throws {
            try await TokenVerb.working(on: options) { store in
                for token in try await store.tokens() {
                    let used = token.lastUsed.map { "last used \(LocalTime.stamp($0))" } ?? "never used"
                    let expires = token.expires.map { ", expires \(LocalTime.stamp($0))" } ?? ""
                    print("\(token.name)  \(token.role)  made \(LocalTime.stamp(token.made)), \(used)\(expires)")
                }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Revoke a token; from now on it lets nobody in.")

        @OptionGroup var options: ServiceOptions

        @Argument(help: "The token's name.")
        var name: String

        func run() async throws {
            try await TokenVerb.working(on: options) { store in
                guard try await store.revokeToken(name) else {
                    throw VerbFailure(.invalid, "there is no token '\(name)'; phase-runner token list shows them")
                }
                try await store.add(TokenVerb.entry("revoke token", name, SystemClock().now().seconds))
            }
        }
    }

    enum RoleOption: String, ExpressibleByArgument, CaseIterable {
        case read, operate, admin
    }

    private static func working(
        on options: ServiceOptions, _ body: (ServiceStore) async throws -> Void
    ) async throws {
        let store = try options.load().openStore()
        defer { store.close() }
        do {
            try await body(store)
        } catch let failure as ServiceStore.Failure {
            throw VerbFailure(.composeUnusable, failure.description)
        }
    }

    private static func entry(_ action: String, _ name: String, _ now: Double) -> AuditEntry {
        AuditEntry(time: now, who: ThisHost.user, via: "shell", action: action, subject: name, outcome: "done")
    }
}
