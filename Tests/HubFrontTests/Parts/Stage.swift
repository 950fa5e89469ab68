import RehearsalHub
import TestSupport
import Testing

/// All parts at work together: a realm, two authorities, the rehearsal hub, and Apache in front of it.
struct Stage: Sendable {
    /// The sites of the web server.
    enum Site: String, CaseIterable, Sendable {
        /// Certificates over TLS 1.2, which renegotiates, and over TLS 1.3, which authenticates after the handshake.
        case tls12, tls13
        /// Certificates, TLS 1.3, and HTTP/2 on offer.
        case http2
        /// Certificates, without which there is not even an answer of the hub.
        case strict
        /// Kerberos tickets.
        case tickets
        /// The server's own certificate is no longer good, or of an authority that nobody trusts.
        case lateServer, foreignServer
        /// Certificates are asked for on every path, and each request is told to ``requests``.
        case watched
    }

    /// Who comes.
    enum User: String, CaseIterable, Sendable {
        case alice
        /// Her account is blocked.
        case barred
        /// May log in others.
        case agent
        /// The hub knows nobody of that name.
        case stranger
    }

    /// A client's certificate.
    enum Certificate: Hashable, Sendable {
        case good(User)
        /// Alice's, past its end.
        case late
        /// Alice's by name, of an authority that the web server does not know.
        case foreign
    }

    let hub: RunningHub
    let realm: KerberosRealm
    let front: WebFront
    /// The requests to the site that is watched. For one test alone: a line is read once.
    let requests: RequestLog
    /// The authority that clients are told to trust.
    let serverAuthority: String
    private let certificates: [Certificate: String]

    /// The PEM file with certificate and key.
    func certificate(_ certificate: Certificate) throws -> String { try #require(certificates[certificate]) }

    /// The stage that the tests of this suite share.
    @TaskLocal private static var shared: Stage?

    /// The stage of the test that asks.
    static func current() throws -> Stage { try #require(shared, "this suite has no trait .onStage") }

    /// Sets everything up for the time of `body`.
    static func with(_ body: () async throws -> Void) async throws {
        guard InstalledProgram.missing.isEmpty else {
            throw PartFailure(
                "not installed: \(InstalledProgram.missing.joined(separator: ", ")); scripts/prepare tests installs them"
            )
        }
        try await Scratch.with("own-authority") { ownFiles in
            try await Scratch.with("foreign-authority") { foreignFiles in
                let own = try await CertificateAuthority("Own", in: ownFiles)
                let foreign = try await CertificateAuthority("Foreign", in: foreignFiles)
                let requests = try RequestLog(at: ownFiles.path("requests"))
                let sites = try await sites(own, foreign, requests)
                let certificates = try await certificates(own, foreign)
                try await KerberosRealm.with(users: User.allCases.map(\.rawValue)) { realm in
                    try await withHub(secret: "of this front") { hub in
                        try await WebFront.with(
                            sites: sites, hub: hub.port, secret: "of this front", realm: realm
                        ) { front in
                            let stage = Stage(
                                hub: hub, realm: realm, front: front, requests: requests,
                                serverAuthority: own.certificate, certificates: certificates)
                            try await $shared.withValue(stage, operation: body)
                        }
                    }
                }
            }
        }
    }

    private static func sites(
        _ own: CertificateAuthority, _ foreign: CertificateAuthority, _ requests: RequestLog
    ) async throws -> [Site: FrontSite] {
        let identity = try await own.server()
        let byCertificate = FrontSite.Proof.certificate(issuer: own.certificate)
        return [
            .tls12: FrontSite(identity: identity, proof: byCertificate, protocols: "+TLSv1.2"),
            .tls13: FrontSite(identity: identity, proof: byCertificate, protocols: "+TLSv1.3"),
            .http2: FrontSite(identity: identity, proof: byCertificate, protocols: "+TLSv1.3", offersHTTP2: true),
            .strict: FrontSite(identity: identity, proof: byCertificate, insists: true),
            .tickets: FrontSite(identity: identity, proof: .ticket),
            .lateServer: FrontSite(identity: try await own.server(.past), proof: byCertificate),
            .foreignServer: FrontSite(identity: try await foreign.server(), proof: byCertificate),
            .watched: FrontSite(
                identity: identity, proof: .certificateAnywhere(issuer: own.certificate), requests: requests.path),
        ]
    }

    private static func certificates(
        _ own: CertificateAuthority, _ foreign: CertificateAuthority
    ) async throws -> [Certificate: String] {
        var certificates: [Certificate: String] = [
            .late: try await own.client(User.alice.rawValue, .past).both,
            .foreign: try await foreign.client(User.alice.rawValue).both,
        ]
        for user in User.allCases { certificates[.good(user)] = try await own.client(user.rawValue).both }
        return certificates
    }

    private static func withHub(secret: String, _ body: (RunningHub) async throws -> Void) async throws {
        try await Scratch.with("hub") { scratch in
            var settings = RehearsalSettings(root: scratch.path("tree"))
            settings.times = TaskTimes(all: .milliseconds(50))
            settings.targets = [RehearsalTarget(name: "f43-image", arches: ["x86_64", "aarch64"])]
            settings.frontSecret = secret
            settings.users = User.allCases.filter { $0 != .stranger }.map {
                RehearsalUser(
                    name: $0.rawValue, principals: [KerberosRealm.principal($0.rawValue)], isBlocked: $0 == .barred,
                    mayLogInOthers: $0 == .agent)
            }
            try await RehearsalHub.withHub(settings: settings) { try await body($0) }
        }
    }
}

/// Sets the stage once for all tests of a suite.
struct OnStage: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await Stage.with { try await function() }
    }
}

extension Trait where Self == OnStage {
    /// The tests of the suite find their ``Stage`` set.
    static var onStage: Self { OnStage() }
}
