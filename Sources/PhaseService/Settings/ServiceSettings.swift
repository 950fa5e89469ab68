/// What the settings file of the service says. Everything has a default, so that `serve` works without one: on
/// loopback, for configurations in the directory where it was started.
package struct ServiceSettings: Sendable, Hashable {
    package var listen = ListenAddress.tcp(host: "127.0.0.1", port: 8477)
    /// Names by which the service may be asked beside loopback's: the proxy's, mostly.
    package var hosts: [String] = []
    /// Where the database and the runs' own files lie. On a local disk.
    package var stateDirectory: String
    /// Directories in which configurations, plans and settings of runs may lie.
    package var configRoots: [String]
    /// Where composes go, by the name that a request gives.
    package var targets: [String: Target]
    /// Koji profiles that runs may use; the first is used where a request names none. Empty: the configuration's own.
    package var profiles: [String] = []
    /// The file with Koji profiles; nil for the system's.
    package var kojiConfig: String?
    /// Composes that are worked on at the same time.
    package var runsAtOnce = 4
    /// What becomes of runs when the service is told to end.
    package var onStop = StopRule.leave
    /// The settings file of runs; nil for the machine's.
    package var runSettings: String?
    package var access = AccessSettings()
    package var limits = ServiceLimits()
    /// What is composed by the calendar.
    package var schedules: [ScheduleSettings] = []
    package var notificationScripts: [String] = []
    /// Seconds that one call of a notification script may take.
    package var notificationTimeout = 60.0
    /// Seconds that the history goes back.
    package var keep = 400.0 * 86400

    /// - Parameters:
    ///   - stateDirectory: where the state lies if no file says.
    ///   - workingDirectory: where configurations lie if no file says.
    package init(stateDirectory: String, workingDirectory: String) {
        self.stateDirectory = stateDirectory
        configRoots = [workingDirectory]
        targets = ["composes": Target(directory: "\(stateDirectory)/composes")]
    }

    package enum StopRule: String, Sendable, Hashable, CaseIterable {
        /// Tasks go on on the hub, and the next start takes the runs up.
        case leave
        /// What was submitted is canceled.
        case cancel
    }

    /// A place for composes.
    package struct Target: Sendable, Hashable {
        package var directory: String

        package init(directory: String) { self.directory = directory }
    }
}

/// Where the service listens.
package enum ListenAddress: Sendable, Hashable, CustomStringConvertible {
    case tcp(host: String, port: Int)
    case unix(path: String)

    package var description: String {
        switch self {
        case .tcp(let host, let port): "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}

/// How much a client may ask for.
package struct ServiceLimits: Sendable, Hashable {
    /// Bytes of a request's body.
    package var body = 1 << 20
    /// Requests a minute for each client, on average.
    package var requestsPerMinute = 1200
    /// Event streams in all, and of one client.
    package var streams = 2000
    package var streamsPerClient = 100
    /// Seconds that planning, validating or a preflight may take, and how many may go on at a time.
    package var commandSeconds = 120.0
    package var commands = 2

    package init() {}
}

/// Who may do what.
package struct AccessSettings: Sendable, Hashable {
    /// Whoever does not say who he is.
    package var anonymous = Role.read
    package var proxy: ProxyTrust?

    package init() {}
}

/// A proxy that says who its users are (Kerberos, OIDC).
package struct ProxyTrust: Sendable, Hashable {
    /// The header with the user's name.
    package var header: String
    /// Where the proxy's connections come from.
    package var addresses: AddressSet
    package var roles: [String: Role]
    /// The role of users that the roles do not name.
    package var otherwise: Role

    package init(header: String, addresses: AddressSet, roles: [String: Role] = [:], otherwise: Role = .read) {
        self.header = header
        self.addresses = addresses
        self.roles = roles
        self.otherwise = otherwise
    }
}
