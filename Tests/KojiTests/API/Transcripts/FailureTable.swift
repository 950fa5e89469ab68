import Koji

/// What each kind of bad answer means for a call, as docs and callers count on it.
///
/// `isHubUnusable` makes the program end with status 4: no other call can be expected to do better.
enum FailureTable {
    struct Row: Sendable {
        /// `fault CODE`, `status HTTP`, or the Python library's name of a broken connection.
        let answer: String
        /// Of a reading call.
        let reading: KojiFailure.Kind
        /// Of a changing call, over a session.
        let changing: KojiFailure.Kind

        init(_ answer: String, _ reading: KojiFailure.Kind, changing: KojiFailure.Kind? = nil) {
            self.answer = answer
            self.reading = reading
            self.changing = changing ?? reading
        }

        /// Of a kind `fault` those that keep any user from calling anything.
        func isHubUnusable(_ kind: KojiFailure.Kind) -> Bool {
            switch kind {
            case .fault: ["fault 1002", "fault 1006", "fault 1007", "fault 1008"].contains(answer)
            case .permission, .badAnswer, .alreadyDone, .answerLost, .cancelled: false
            default: true
            }
        }
    }

    static let rows = [
        Row("fault 1", .fault), Row("fault 1000", .fault), Row("fault 1002", .fault), Row("fault 1003", .fault),
        Row("fault 1004", .permission),
        Row("fault 1005", .fault), Row("fault 1006", .fault), Row("fault 1007", .fault), Row("fault 1008", .fault),
        Row("fault 1009", .alreadyDone), Row("fault 1014", .offline), Row("fault 1019", .fault),
        // A web server spoke. What it may have passed on before that cannot be told from a status of its own making.
        Row("status 400", .proxy), Row("status 401", .proxy), Row("status 404", .proxy), Row("status 405", .proxy),
        Row("status 502", .proxy, changing: .answerLost), Row("status 503", .proxy, changing: .answerLost),
        // Pages and files instead of an answer.
        Row("status 200", .proxy, changing: .answerLost), Row("status 206", .proxy, changing: .answerLost),
        Row("ConnectionError", .unreachable), Row("SSLError", .unreachable),
        Row("closed by the client", .unreachable, changing: .answerLost),
    ]

    /// Logins: refused by the hub, by the web server before it (401) or in the TLS handshake; or nobody is let in.
    static let logins: [String: KojiFailure.Kind] = [
        "fault 1002": .loginRefused, "fault 1014": .offline, "status 401": .loginRefused,
        "SSLError": .loginRefused,
    ]

    static func row(_ answer: String) -> Row? { rows.first { $0.answer == answer } }

    /// The library's name of a broken connection as a transport tells it.
    static func kind(_ error: String) -> HTTPFailure.Kind {
        switch error {
        case "ConnectionError": .cannotConnect
        case "SSLError": .tls
        default: .reset
        }
    }
}

/// Answers every call alike, and lets everybody in.
struct ConstantTransport: HTTPTransport {
    let answer: RecordedExchange.Answer
    /// Whether logins get the answer, too.
    var refusesLogins = false

    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        if !refusesLogins, let call = try? XMLRPCCall.decode(request.body ?? []),
            ["login", "sslLogin"].contains(call.method)
        {
            let session: [String: XMLRPCValue] = [
                "session-id": .int(1), "session-key": .string("1-KEY"), "header-auth": .bool(true),
            ]
            return Self.document(.value(.object(session)))
        }
        switch answer {
        case .response(let response): return response
        case .none(let error):
            throw HTTPFailure(kind: FailureTable.kind(error), url: request.url, message: error)
        }
    }

    func download(_ download: HTTPDownload) async throws(HTTPFailure) -> HTTPDownloadResult {
        throw HTTPFailure(kind: .other, url: download.url, message: "no downloads here")
    }

    static func document(_ response: XMLRPCResponse) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: HTTPHeaders([HTTPHeader("Content-Type", "text/xml")]),
            body: (try? response.encoded()) ?? [])
    }

    /// A session that does not wait between its tries.
    func session(_ login: Login) -> KojiSession {
        KojiSession(
            hub: HubAddress(server: "https://hub.example.org/kojihub", weburl: "", topurl: ""), login: login,
            transport: self, retry: RetryPolicy(readBudget: 10, writeBudget: 10), sleep: { _ in })
    }

    /// What a reading call, a changing call and a login come to.
    func read() async -> Result<XMLRPCValue, KojiFailure> {
        let session = session(.anonymous)
        return await outcome { () throws(KojiFailure) in try await session.read("getTaskInfo", [.int(1)]) }
    }

    func change() async -> Result<TaskID, KojiFailure> {
        let session = session(.password(user: "a", password: "b"))
        return await outcome { () throws(KojiFailure) in try await session.carryOut(.resubmit(TaskID(1))) }
    }

    func logIn() async -> Result<Void, KojiFailure> {
        let session = session(.password(user: "a", password: "b"))
        return await outcome { () throws(KojiFailure) in try await session.login() }
    }
}
