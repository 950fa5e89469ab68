package import ComposePhase
import Glibc
package import PungiConfig

extension ServiceSettings {
    /// The keys of the file.
    package static let keys = SettingsKeys(
        byPath: [
            "": [
                "listen", "hosts", "state_dir", "configs", "targets", "profiles", "koji_config", "runs", "access",
                "limits",
                "notifications", "keep", "schedules",
            ],
            "listen": ["address", "port", "socket"],
            "target": ["directory"],
            "runs": ["at_once", "on_stop", "settings"],
            "access": ["anonymous", "proxy"],
            "access.proxy": ["header", "from", "roles", "otherwise"],
            "limits": [
                "body_bytes", "requests_per_minute", "streams", "streams_per_client", "command_time", "commands",
            ],
            "notifications": ["scripts", "timeout"],
        ].merging(ScheduleSettings.keys) { own, _ in own },
        inLists: ["target", "schedules", "schedules.retry"])

    /// What a file says over the defaults.
    ///
    /// - Parameters:
    ///   - zones: the time zones of schedules.
    ///   - now: a schedule that never comes from then on is refused.
    /// - Throws: all that is wrong with it, with file, line and column.
    package static func read(
        _ file: SettingsFile?, over defaults: ServiceSettings, zones: TimeZoneDatabase = TimeZoneDatabase(),
        now: Instant
    ) throws(ConfigFailure)
        -> ServiceSettings
    {
        guard let file else { return defaults }
        let findings = SettingsFindings(keys: keys)
        var settings = defaults
        if let table = file.table(findings) {
            settings.take(table)
            settings.takeSchedules(table, zones, now)
        }
        try findings.finish()
        return settings
    }

    private mutating func take(_ table: SettingsTable) {
        if let listen = table.section("listen") { takeListen(listen) }
        table.set("hosts", { $0.list()?.compactMap { $0.text() } }) { hosts = $0 ?? [] }
        let standardTarget = targets
        table.set("state_dir", { $0.filePath() }) { path in
            guard let path else { return }
            // Composes go below the state if nothing else is said.
            if targets == standardTarget { targets = ["composes": Target(directory: "\(path)/composes")] }
            stateDirectory = path
        }
        table.set("configs", { $0.paths() }) { if let roots = $0 { configRoots = roots } }
        table.set("targets", Self.targets) { if let found = $0 { targets = found } }
        table.set("profiles", { $0.list()?.compactMap { $0.text() } }) { profiles = $0 ?? [] }
        table.set("koji_config", { $0.filePath() }) { kojiConfig = $0 }
        table.set("keep", { $0.duration() }) { if let seconds = $0 { keep = seconds } }
        if let runs = table.section("runs") {
            runs.set("at_once", { $0.integer(atLeast: 1) }) { if let number = $0 { runsAtOnce = number } }
            runs.set("on_stop", { $0.word(of: StopRule.allCases.map(\.rawValue)) }) { word in
                onStop = word.flatMap(StopRule.init) ?? .leave
            }
            runs.set("settings", { $0.filePath() }) { runSettings = $0 }
        }
        if let section = table.section("access") { takeAccess(section) }
        if let section = table.section("limits") { takeLimits(section) }
        if let notifications = table.section("notifications") {
            notifications.set("scripts", { $0.paths(areCommands: true) }) { notificationScripts = $0 ?? [] }
            notifications.set("timeout", { $0.duration() }) { if let seconds = $0 { notificationTimeout = seconds } }
        }
    }

    /// What is scheduled goes where the other settings say that composes may go.
    private mutating func takeSchedules(_ table: SettingsTable, _ zones: TimeZoneDatabase, _ now: Instant) {
        guard let entry = table["schedules"] else { return }
        schedules = ScheduleSettings.read(entry, zones: zones, now: now) ?? []
        for schedule in schedules {
            if targets[schedule.target] == nil {
                entry.complain(
                    "value",
                    "has '\(schedule.rule.name)', whose target '\(schedule.target)' is none of"
                        + " \(targets.keys.sorted().joined(separator: ", "))")
            }
            if let profile = schedule.profile, !profiles.contains(profile) {
                entry.complain(
                    "value", "has '\(schedule.rule.name)', whose koji_profile '\(profile)' is none of 'profiles'")
            }
        }
    }

    private mutating func takeListen(_ table: SettingsTable) {
        if let socket = table["socket"], !socket.isNull {
            if let other = table["address"] ?? table["port"] {
                other.complain("value", "goes with no 'socket'", fix: "say one of them")
            }
            guard let path = socket.filePath() else { return }
            guard path.utf8.count < 108 else {
                return socket.complain("value", "is longer than the 107 bytes that a socket's path can have")
            }
            listen = .unix(path: path)
            return
        }
        var host = "127.0.0.1"
        var port = 8477
        table.set("address", { entry in entry.text() }) { if let text = $0 { host = text } }
        table.set("port", { $0.integer(atLeast: 0) }) { if let number = $0 { port = number } }
        if port > 65535 { table["port"]?.complain("value", "is \(port), but ports end at 65535") }
        if let entry = table["address"], !Self.isLoopback(host) {
            entry.complain(
                "value", "is no address of loopback, and the service does not encrypt",
                fix: "listen on 127.0.0.1, ::1 or a socket, and put a proxy with TLS in front")
        }
        listen = .tcp(host: host, port: port)
    }

    private static func isLoopback(_ host: String) -> Bool {
        (try? AddressSet(["127.0.0.0/8", "::1"]).contains(host)) ?? false
    }

    private mutating func takeAccess(_ table: SettingsTable) {
        table.set("anonymous", { $0.role() }) { access.anonymous = $0 ?? .read }
        guard let section = table.section("proxy") else { return }
        let header = section.required("header")?.text()
        let from = section.required("from")
        let texts = from?.list()?.compactMap { $0.text() }
        var roles: [String: Role] = [:]
        section.set("roles", { $0.entries() }) { entries in
            for (name, _, entry) in entries ?? [] { roles[name] = entry.role() }
        }
        var otherwise = Role.read
        section.set("otherwise", { $0.role() }) { otherwise = $0 ?? .read }
        guard let header, let texts else { return }
        guard !header.isEmpty, header.utf8.allSatisfy({ $0 == 45 || isalnum(Int32($0)) != 0 }) else {
            section["header"]?.complain("value", "is no name of a header")
            return
        }
        do {
            access.proxy = ProxyTrust(
                header: header, addresses: try AddressSet(texts), roles: roles, otherwise: otherwise)
        } catch {
            from?.complain(
                "value", "has '\(SettingsFindings.shown(error.text))', which is no address",
                fix: "write an address, a network such as 10.0.0.0/8, or unix")
        }
    }

    private mutating func takeLimits(_ table: SettingsTable) {
        var limits = limits
        table.set("body_bytes", { $0.integer(atLeast: 1024) }) { if let number = $0 { limits.body = number } }
        table.set("requests_per_minute", { $0.integer(atLeast: 1) }) {
            if let number = $0 { limits.requestsPerMinute = number }
        }
        table.set("streams", { $0.integer(atLeast: 1) }) { if let number = $0 { limits.streams = number } }
        table.set("streams_per_client", { $0.integer(atLeast: 1) }) {
            if let number = $0 { limits.streamsPerClient = number }
        }
        table.set("command_time", { $0.duration() }) { if let seconds = $0 { limits.commandSeconds = seconds } }
        table.set("commands", { $0.integer(atLeast: 1) }) { if let number = $0 { limits.commands = number } }
        self.limits = limits
    }

    private static func targets(_ entry: SettingsEntry) -> [String: Target]? {
        guard let entries = entry.entries() else { return nil }
        var targets: [String: Target] = [:]
        for (name, place, entry) in entries {
            guard !name.isEmpty, name.utf8.allSatisfy({ $0 == 45 || $0 == 46 || $0 == 95 || isalnum(Int32($0)) != 0 })
            else {
                entry.findings.add(
                    "value", "'\(SettingsFindings.shown(name))' is no name of a target", at: place,
                    fix: "use letters, digits, '.', '_' and '-'")
                continue
            }
            guard let table = entry.table("target"), let path = table.required("directory")?.filePath() else {
                continue
            }
            targets[name] = Target(directory: path)
        }
        return targets
    }
}

extension SettingsEntry {
    /// The name of a role.
    package func role() -> Role? { word(of: Role.allCases.map(\.rawValue)).flatMap(Role.init) }
}
