import ComposePhase
import Glibc
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The service's HTTP server: takes requests in within limits, finds out who asks, hands them to their routes.
package struct PhaseServer: Sendable {
    let service: Service
    private let routes: RouteTable
    private let rate = RateGate()

    /// Seconds that a connection may be silent while a request is awaited or read.
    static let idleSeconds: Int64 = 30
    /// Seconds that a body may take.
    static let bodySeconds = 60.0

    package init(_ service: Service) {
        self.service = service
        routes = service.routes
    }

    /// Why the server cannot listen.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Serves until cancelled.
    ///
    /// - Parameter onListening: gets the port, or 0 for a socket.
    package func serve(onListening: @escaping @Sendable (Int) async -> Void) async throws(Failure) {
        let listen = await service.settings.value.listen
        var logger = Logger(label: "phase-runner") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        let address: BindAddress
        switch listen {
        case .tcp(let host, let port): address = .hostname(host, port: port)
        case .unix(let path):
            try Self.clearSocket(path)
            address = .unixDomainSocket(path: path)
        }
        let application = Application(
            responder: CallbackResponder<ServiceContext> { request, context in
                await respond(to: request, context)
            },
            server: .http1(configuration: .init(idleTimeout: .seconds(Self.idleSeconds))),
            configuration: .init(address: address, serverName: "phase-runner"),
            onServerRunning: { channel in
                if case .unix(let path) = listen { chmod(path, 0o660) }
                await onListening(channel.localAddress?.port ?? 0)
            },
            logger: logger)
        do {
            try await application.run()
        } catch {
            if Task.isCancelled || error is CancellationError { return }
            throw Failure(description: "cannot listen on \(listen): \(error)")
        }
    }

    /// A socket that a dead service left is taken away; one that somebody listens on is not.
    private static func clearSocket(_ path: String) throws(Failure) {
        var info = stat()
        guard lstat(path, &info) == 0 else { return }
        guard info.st_mode & S_IFMT == S_IFSOCK else {
            throw Failure(description: "\(path) is there and is no socket; name another path")
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { place in
            for (index, byte) in path.utf8.prefix(place.count - 1).enumerated() { place[index] = byte }
        }
        let isTaken = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard !isTaken else { throw Failure(description: "another service listens on \(path)") }
        unlink(path)
    }

    // MARK: One request

    private func respond(to request: Request, _ context: ServiceContext) async -> Response {
        let began = ContinuousClock.now
        var template: String?
        var response: Response
        do {
            let (route, values) = try routes.find(request.method, request.uri.path)
            template = route.template
            response = try await answer(request, route, values, context)
        } catch {
            response = Answer.problem(Self.problem(error))
        }
        Self.harden(&response)
        let isStream = response.headers[.contentType]?.hasPrefix("text/event-stream") == true
        let elapsed = (ContinuousClock.now - began).components
        service.traffic.note(
            method: request.method.rawValue, route: template, status: response.status.code,
            seconds: isStream ? nil : Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18)
        if request.method == .head { response.body = ResponseBody() }
        return response
    }

    private static func problem(_ error: any Error) -> Problem {
        if let problem = error as? Problem { return problem }
        if error is CancellationError { return Problem(503, "The service is stopping", "ask again when it is back") }
        return Problem(500, "It cannot be done", String(describing: error))
    }

    private func answer(
        _ request: Request, _ route: Route, _ values: [String: String], _ context: ServiceContext
    ) async throws -> Response {
        let settings = await service.settings.value
        try Self.checkHost(request, settings)
        var credentials = Credentials()
        credentials.authorization = request.headers[.authorization]
        credentials.cookies = request.headers[values: .cookie]
        if let proxy = settings.access.proxy, let name = HTTPField.Name(proxy.header) {
            credentials.proxyUser = request.headers[values: name]
        }
        credentials.address = context.channel.remoteAddress?.ipAddress
        let address = credentials.address ?? "socket"
        // All users of a proxy come from one address.
        let isOfProxy = settings.access.proxy?.addresses.contains(credentials.address) ?? false
        let counted = isOfProxy ? credentials.proxyUser.first.map { "user \($0.prefix(255))" } ?? address : address
        if let seconds = await rate.take(counted, perMinute: settings.limits.requestsPerMinute, at: service.now()) {
            var problem = Problem(429, "Too many requests", "ask again in \(seconds) s")
            problem.retryAfter = seconds
            throw problem
        }
        let caller = try await service.desk.caller(credentials, settings.access)
        try service.desk.check(
            caller, may: route.role, isChange: route.isChange,
            pageKey: HTTPField.Name("X-CSRF-Token").flatMap { request.headers[$0] })
        let query = try Self.query(request.uri.query)
        let body = try await Self.body(of: request, limit: settings.limits.body)
        return try await route.answer(
            APIRequest(
                caller: caller, values: values, query: query, headers: request.headers, body: body,
                client: caller.via == .anonymous ? address : "\(caller.via.rawValue) \(caller.name)",
                channel: context.channel))
    }

    /// A page of another site can make a browser ask for a name that leads to loopback: only names of ours are answered.
    private static func checkHost(_ request: Request, _ settings: ServiceSettings) throws(Problem) {
        guard case .tcp(let own, _) = settings.listen else { return }
        var name = request.head.authority ?? ""
        if name.hasPrefix("[") {
            name = String(name.dropFirst().prefix { $0 != "]" })
        } else if let colon = name.lastIndex(of: ":") {
            name = String(name[..<colon])
        }
        let known = [own, "localhost", "127.0.0.1", "::1"] + settings.hosts
        guard known.contains(where: { $0.lowercased() == name.lowercased() }) else {
            throw Problem(
                421, "Not for this host",
                "the service is not known by the name in the Host header; if it is right, add it to 'hosts' of the settings"
            )
        }
    }

    private static func query(_ text: String?) throws(Problem) -> [(name: String, value: String)] {
        guard let text, !text.isEmpty else { return [] }
        var pairs: [(name: String, value: String)] = []
        for part in text.split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentText.decoded(sides[0], plusIsSpace: true),
                let value = sides.count > 1 ? PercentText.decoded(sides[1], plusIsSpace: true) : ""
            else { throw Problem(400, "The query cannot be read", "it is not UTF-8, percent-encoded") }
            pairs.append((name, value))
        }
        return pairs
    }

    private static func body(of request: Request, limit: Int) async throws -> [UInt8] {
        let tooLong = Problem(413, "The body is too long", "it may have \(limit) bytes")
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLong }
        var bytes: [UInt8] = []
        let clock = ContinuousClock()
        let end = clock.now + .seconds(bodySeconds)
        for try await buffer in request.body {
            bytes.append(contentsOf: buffer.readableBytesView)
            if bytes.count > limit { throw tooLong }
            if clock.now > end {
                throw Problem(408, "The body took too long", "it did not come in \(Int(bodySeconds)) s")
            }
        }
        return bytes
    }

    /// What every answer says to browsers.
    private static func harden(_ response: inout Response) {
        for (name, value) in [
            ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Resource-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
        ] {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
        if response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] =
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        }
    }
}

/// The rate of every client.
private actor RateGate {
    private var limit = RateLimit()

    func take(_ client: String, perMinute: Int, at now: Double) -> Int? {
        limit.take(client, perMinute: perMinute, at: now)
    }
}

/// A request's context that knows its connection.
private struct ServiceContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
