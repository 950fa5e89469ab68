/// One call sent once, and what to make of the answer.
struct HubExchange: Sendable {
    /// What stands in the headers of a call.
    struct Credentials: Sendable, Hashable {
        let id: Int
        let key: String
    }

    enum Outcome: Sendable {
        case value(XMLRPCValue)
        case fault(XMLRPCFault)
        /// No answer of Koji's.
        case none(Trouble)
    }

    /// Why there is no answer, and what that means for the next step.
    struct Trouble: Sendable {
        enum Repeat: Sendable { case never, later, atOnceThenLater, onceAtOnce }

        let failure: KojiFailure
        let `repeat`: Repeat
        /// Whether the hub may have carried the call out all the same.
        let mayBeDone: Bool
        /// What came instead, for who can say more about it.
        let cause: Cause
    }

    enum Cause: Sendable {
        case answer(HTTPResponse)
        case noAnswer(HTTPFailure)
    }

    let server: String
    let transport: any HTTPTransport
    let traffic = HubTraffic()

    /// - Parameters:
    ///   - callnum: makes the hub refuse to do a changing call twice; nil for reading.
    ///   - login: where the call goes to and what it shows, if it is a login.
    func send(
        _ method: String, _ body: [UInt8], _ credentials: Credentials?, callnum: Int?, login: LoginCall? = nil
    ) async -> Outcome {
        var headers = [HTTPHeader("Content-Type", "text/xml")]
        if let credentials {
            headers.append(HTTPHeader("Koji-Session-Id", String(credentials.id)))
            headers.append(HTTPHeader("Koji-Session-Key", credentials.key))
            if let callnum {
                // Hubs from 1.31 to 1.35 read the second name, newer ones the first.
                headers.append(HTTPHeader("Koji-Session-Callnum", String(callnum)))
                headers.append(HTTPHeader("Koji-Callnum", String(callnum)))
            }
        }
        do {
            let request = HTTPRequest(
                url: login?.url ?? server, headers: headers, body: body, silence: login.map { _ in LoginCall.silence },
                proof: login?.proof, isSentOnce: callnum != nil)
            traffic.count(sent: body.count)
            let response = try await transport.send(request)
            traffic.count(received: response.body.count)
            return outcome(response, method)
        } catch {
            return .none(trouble(error, method))
        }
    }

    // MARK: What came back

    private func outcome(_ response: HTTPResponse, _ method: String) -> Outcome {
        guard response.status == 200, response.headers.mediaType == "text/xml" else {
            return .none(trouble(response, method))
        }
        do {
            switch try XMLRPCResponse.decode(response.body) {
            case .value(let value): return .value(value)
            case .fault(let fault): return .fault(fault)
            }
        } catch {
            let failure = failure(.badAnswer, "the answer to \(method) cannot be read: \(error)", method)
            return .none(
                Trouble(failure: failure, repeat: .onceAtOnce, mayBeDone: true, cause: .answer(response)))
        }
    }

    /// Not Koji's answer. Its text is neither read nor shown: proxies answer with whole pages.
    private func trouble(_ response: HTTPResponse, _ method: String) -> Trouble {
        let status = response.status
        let isKoji = response.headers["Koji-Version"] != nil
        let who = isKoji ? "the hub refused \(method)" : "a proxy answered \(method), not Koji"
        let what: String
        if status == 200 {
            what = "with status 200 and a \(response.headers.mediaType ?? "body without a type") instead of text/xml"
        } else if (300..<400).contains(status) {
            what = "with status \(status), a redirection; the server's URL must be the final one"
        } else {
            what = "with status \(status)\(Self.names[status].map { " \($0)" } ?? "")"
        }
        let isPassing = status >= 500 || status == 408 || status == 429
        // 4xx and redirections are said before a call is looked at; 200 with a page has unknown history.
        // A page instead of an answer may be a proxy's word on its own troubles, or a wrong URL.
        let again: Trouble.Repeat = isPassing ? .later : status == 200 ? .onceAtOnce : .never
        return Trouble(
            failure: failure(.proxy, "\(who) \(what)", method), repeat: again,
            mayBeDone: status >= 500 || status < 300, cause: .answer(response))
    }

    private func trouble(_ http: HTTPFailure, _ method: String) -> Trouble {
        let kind: KojiFailure.Kind = http.kind == .cancelled ? .cancelled : .unreachable
        let mayBeDone =
            switch http.kind {
            case .cannotResolve, .cannotConnect, .tls, .badURL: false
            case .timeout, .reset, .tooLarge, .cancelled, .writeFailed, .other: true
            }
        let again: Trouble.Repeat =
            switch http.kind {
            case .reset: .atOnceThenLater
            // Whatever that was, it is no answer of a hub; another one may be.
            case .tooLarge: .onceAtOnce
            default: http.isRetryable ? .later : .never
            }
        let failure = KojiFailure(kind: kind, message: "\(method): \(http.message)", method: method, url: server)
        return Trouble(failure: failure, repeat: again, mayBeDone: mayBeDone, cause: .noAnswer(http))
    }

    private func failure(_ kind: KojiFailure.Kind, _ text: String, _ method: String) -> KojiFailure {
        KojiFailure(kind: kind, message: "\(ShownURL.text(server)): \(text)", method: method, url: server)
    }

    private static let names = [
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        408: "Request Timeout", 413: "Request Too Large", 429: "Too Many Requests", 500: "Internal Server Error",
        502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
    ]
}
