/// A hub that is listening.
package struct RunningHub: Sendable {
    private let core: HubCore
    private let door: HubDoor
    package let port: Int
    package let user: String
    package let password: String

    init(core: HubCore, settings: RehearsalSettings, server: HubServer) {
        self.core = core
        door = server.door
        port = server.port.number
        user = settings.user
        password = settings.password
    }

    /// `server` of a koji profile.
    package var server: String { "http://127.0.0.1:\(port)/kojihub" }
    /// `weburl` of a koji profile: a page that says what this is.
    package var weburl: String { "http://127.0.0.1:\(port)/koji" }
    /// `topurl` of a koji profile.
    package var topurl: String { "http://127.0.0.1:\(port)/files" }
    /// `topdir` of a koji profile: the same files as below ``topurl``.
    package var topdir: String { core.topdir }

    /// A section of a koji configuration file; the password has no key there and is given on the command line.
    ///
    /// - Parameter pollInterval: whole seconds between two looks of `koji watch-task`.
    package func profile(named name: String, pollInterval: Int = 1) -> String {
        """
        # A rehearsal: this hub builds nothing.
        [\(name)]
        server = \(server)
        weburl = \(weburl)
        topurl = \(topurl)
        topdir = \(topdir)
        authtype = password
        poll_interval = \(pollInterval)

        """
    }

    package func statistics() async -> HubStatistics { await core.statistics() }

    /// The next `calls` calls are answered with fault 1014.
    package func goOffline(calls: Int) async { await core.goOffline(calls: calls) }

    /// All calls within so much of the hub's time are answered with fault 1014.
    package func goOffline(for duration: Duration) async { await core.goOffline(for: duration) }

    /// Sets a rule of what goes wrong; it counts from the next request on. Of rules that hit the same request the one
    /// that was set first counts.
    package func add(_ trouble: TroubleRule) async { await core.add(trouble) }

    /// Takes all rules away; a hub that is offline stays so, a port that is closed too.
    package func removeTroubles() async { await core.removeTroubles() }

    /// Closes all connections and refuses new ones until ``listen()``. From the return on they are refused.
    package func stopListening() async { await door.close(for: nil) }

    /// The same for so much real time, then listens again.
    package func refuseConnections(for duration: Duration) async { await door.close(for: duration) }

    /// Listens again, and returns once the hub does.
    package func listen() async { await door.open() }

    /// Puts these rules in the place of all that were set; requests are counted anew from here on.
    package func expect(_ rules: [TroubleRule]) async { await core.expect(rules) }

    /// How many requests came to the hub's URL since it began, or since the last ``expect(_:)``, whatever became of
    /// them.
    package var requests: Int { get async { await core.requests } }

    /// Every image build that was submitted, in order.
    package var imageBuilds: [RehearsedBuild] { get async { await core.imageBuilds } }

    /// Ends all sessions as time would: their next call gets fault 1007.
    package func expireSessions() async { await core.expireSessions() }
}
