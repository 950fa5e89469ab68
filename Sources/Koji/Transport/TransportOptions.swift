/// How a transport behaves.
package struct TransportOptions: Sendable, Hashable {
    /// Sent as User-Agent, so that administrators of a hub can tell who asks.
    package var userAgent: String
    /// A PEM file of the authorities that are trusted for servers; nil is the system's own.
    package var serverAuthorities: String?
    /// Whether servers must prove who they are; false is for test hubs alone.
    package var verifiesServer: Bool
    /// Connections to one host at a time; further requests wait.
    package var connectionsPerHost: Int
    /// Milliseconds until a connection, TLS included, must stand.
    package var connectMilliseconds: Int
    /// Seconds without a byte after which a request fails.
    package var silence: Int
    /// Seconds that a request in memory may take altogether, so that a server that drips bytes holds nobody for ever.
    package var total: Int
    /// The largest answer in memory, in bytes, after decompression.
    package var responseLimit: Int

    /// - Parameter version: ours; hubs see `phase-runner/VERSION`.
    package init(
        version: String, serverAuthorities: String? = nil, verifiesServer: Bool = true, connectionsPerHost: Int = 8,
        connectMilliseconds: Int = 20_000, silence: Int = 120, total: Int = 1_800, responseLimit: Int = 64 << 20
    ) {
        userAgent = "phase-runner/\(version)"
        self.serverAuthorities = serverAuthorities
        self.verifiesServer = verifiesServer
        self.connectionsPerHost = connectionsPerHost
        self.connectMilliseconds = connectMilliseconds
        self.silence = silence
        self.total = total
        self.responseLimit = responseLimit
    }
}
