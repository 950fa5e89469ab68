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

    /// What was learnt when the hub was opened.
    struct Opened: Sendable {
        let user: KojiUser?
        /// The hub says that it builds nothing.
        let isRehearsal: Bool
        /// A rehearsal's tasks take seconds: it is watched every second, by the same rules.
        var pace: WatchPace { isRehearsal ? WatchPace(shortest: 1) : WatchPace() }
        /// Options that the hub's plugin does not take.
        let unknownOptions: Set<String>

        /// The tasks as this hub takes them: arches that may fail are named where it knows the option.
        func sendable(_ tasks: [ImageTask]) -> [ImageTask] {
            guard !unknownOptions.contains("failable_arches") else { return tasks }
            return tasks.map { task in
                guard !task.failableArches.isEmpty, task.params.count == 6, case .object(var options) = task.params[5]
                else { return task }
                options["failable_arches"] = .array(task.failableArches.map { .string($0) })
                var task = task
                task.params[5] = .object(options)
                return task
            }
        }
    }

    // MARK: Which hub

    static func profile(_ name: String, _ file: String?, patience: Int) throws -> HubConnection {
        let profile: KojiProfile
        do {
            profile = try KojiProfile.load(
                name, from: .init(file: file.map(Paths.absolute), home: Console.environment("HOME") ?? "/"))
        } catch {
            throw VerbFailure(.hubUnusable, error.message)
        }
        return try HubConnection(
            profile.address, login: login(of: profile), authorities: profile.serverAuthorities,
            patience: Double(patience))
    }

    /// The logins that this version offers: a password comes from the environment, never from a file.
    private static func login(of profile: KojiProfile) throws -> Login {
        switch profile.authtype {
        case "noauth": return .anonymous
        case "password":
            guard let user = Console.environment("KOJI_USER"), let password = Console.environment("KOJI_PASSWORD")
            else {
                throw VerbFailure(
                    .hubUnusable,
                    "profile \(profile.name) logs in by password: set KOJI_USER and KOJI_PASSWORD in the environment")
            }
            return .password(user: user, password: password)
        case let other:
            throw VerbFailure(
                .hubUnusable,
                "profile \(profile.name) logs in by \(other ?? "ssl or kerberos"), which this version does not offer yet;"
                    + " it offers authtype = password")
        }
    }

    static func rehearsal(_ hub: RunningHub) throws -> HubConnection {
        try HubConnection(
            HubAddress(server: hub.server, weburl: hub.weburl, topurl: hub.topurl, topdir: nil),
            login: .password(user: hub.user, password: hub.password), patience: 30)
    }

    private init(
        _ address: HubAddress, login: Login, authorities: String? = nil, patience: Double
    ) throws {
        self.address = address
        transport = CurlTransport(
            options: TransportOptions(version: PhaseRunner.version, serverAuthorities: authorities))
        session = KojiSession(
            hub: address, login: login, transport: transport,
            retry: RetryPolicy(readBudget: patience, writeBudget: patience), onRetry: { Console.warning($0) })
    }

    // MARK: Life

    /// Logs in and makes sure that the hub can do what the plan asks for.
    func open(for plan: PhasePlan) async throws -> Opened {
        do {
            let methods = Set(plan.tasks.map(\.method))
            let offered = try await session.methods()
            guard methods.isSubset(of: offered) else {
                throw VerbFailure(
                    .hubUnusable,
                    "\(address.server) does not offer \(methods.subtracting(offered).sorted().joined(separator: ", ")):"
                        + " its plugin koji-image-builder is not loaded")
            }
            try await session.login()
            let user = try await session.user()
            guard try await session.mayUse("image") else {
                throw VerbFailure(
                    .hubUnusable,
                    "\(user?.name ?? "the anonymous user") lacks the permission 'image' on \(address.server);"
                        + " an administrator grants it with: koji grant-permission image \(user?.name ?? "USER")")
            }
            return Opened(
                user: user, isRehearsal: offered.contains(KojiSession.rehearsalMark),
                unknownOptions: try await unknownOptions(of: plan))
        } catch let failure as VerbFailure {
            await close()
            throw failure
        } catch {
            await close()
            throw VerbFailure(.hubUnusable, String(describing: error))
        }
    }

    /// Asks for the options that not every hub takes; only a missing `failable_arches` can be done without.
    private func unknownOptions(of plan: PhasePlan) async throws -> Set<String> {
        let new: Set<String> = ["preview", "bootc", "seed"]
        var used: Set<String> = []
        for task in plan.tasks {
            if !task.failableArches.isEmpty { used.insert("failable_arches") }
            if task.params.count == 6, case .object(let options) = task.params[5] {
                used.formUnion(new.intersection(options.keys))
            }
        }
        guard !used.isEmpty else { return [] }
        guard let unknown = try await session.unknownBuildOptions(among: used) else {
            // Nothing learnt: leave out what can be left out, and let the submit decide on the rest.
            return ["failable_arches"]
        }
        let needed = unknown.subtracting(["failable_arches"])
        guard needed.isEmpty else {
            throw VerbFailure(
                .hubUnusable,
                "the plugin of \(address.server) does not know \(needed.sorted().joined(separator: ", ")), which the plan uses"
            )
        }
        if unknown.contains("failable_arches") {
            Console.warning(
                "the plugin of \(address.server) does not know failable_arches: a failed arch fails its whole image there"
            )
        }
        return unknown
    }

    func files(_ linkType: String) -> any ResultFiles {
        if let topdir = address.topdir, AtomicFile.exists("\(topdir)/packages"),
            let type = TreeFiles.LinkType(rawValue: linkType)
        {
            return TreeFiles(top: topdir, linkType: type)
        }
        return WebFiles(topurl: address.topurl, transport: transport)
    }

    func close() async {
        await session.logout()
        await transport.close()
    }
}
