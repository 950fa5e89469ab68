import Koji
import Synchronization

/// What a scripted hub, or what stands before it, answers.
enum Reply: Sendable, CustomStringConvertible {
    case value(XMLRPCValue)
    case fault(Int, String)
    /// The answer to a login: session `number` with the key `number-KEY`.
    case session(Int)
    /// The answer to a renewal: the same session with another key.
    case renewal(Int)
    /// A status with a page instead of a document; from the hub itself or from a proxy.
    case page(Int, isKoji: Bool)
    /// Status 401 of a web server that was shown no ticket, because GSS-API said this.
    case ticketless(String)
    /// A document of text/xml that is none.
    case rubbish
    /// No answer.
    case none(HTTPFailure.Kind)
    /// Nothing until the task is cancelled.
    case hang

    var description: String {
        switch self {
        case .value: "value"
        case .fault(let code, _): "fault \(code)"
        case .session(let number): "session \(number)"
        case .renewal(let number): "session \(number) renewed"
        case .page(let status, let isKoji): "page \(status)\(isKoji ? " of Koji" : "")"
        case .ticketless: "no ticket"
        case .rubbish: "rubbish"
        case .none(let kind): "\(kind)"
        case .hang: "hang"
        }
    }

    static let one = Reply.value(.int(1))
    static let offline = Reply.fault(1014, "database outage")
    static let expired = Reply.fault(1007, "session \"1\" has expired")
    static let invalid = Reply.fault(1002, "Invalid session or bad credentials")
    static let doneBefore = Reply.fault(1009, "unable to retry call 0 (method imageBuilderBuild) for session 1")
}

/// Answers requests from a list, and notes what was sent and how long was slept.
final class ScriptedTransport: HTTPTransport {
    struct Sent: Sendable {
        let call: XMLRPCCall
        let request: HTTPRequest

        func header(_ name: String) -> String? { request.headers.first { $0.name == name }?.value }

        /// `METHOD`, `METHOD s1` with a session, `METHOD s1' #0` with a renewed one and a callnum.
        var short: String {
            var text = call.method
            if let id = header("Koji-Session-Id") {
                switch header("Koji-Session-Key") {
                case "\(id)-KEY": text += " s\(id)"
                case "\(id)-KEY-2": text += " s\(id)'"
                default: text += " s\(id) with a wrong key"
                }
            }
            if let number = header("Koji-Session-Callnum") {
                text += header("Koji-Callnum") == number ? " #\(number)" : " #\(number) in one header"
            }
            return text
        }
    }

    private struct State {
        var replies: [Reply]
        var sent: [Sent] = []
        var sleeps: [Double] = []
        var told: [String] = []
    }

    private let state: Mutex<State>
    /// One element for each request.
    let arrivals: AsyncStream<Void>
    private let arrived: AsyncStream<Void>.Continuation

    init(_ replies: [Reply]) {
        state = Mutex(State(replies: replies))
        (arrivals, arrived) = AsyncStream.makeStream()
    }

    var sent: [Sent] { state.withLock { $0.sent } }
    var log: [String] { sent.map(\.short) }
    var sleeps: [Double] { state.withLock { $0.sleeps } }
    var told: [String] { state.withLock { $0.told } }
    var left: Int { state.withLock { $0.replies.count } }

    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let call = (try? XMLRPCCall.decode(request.body ?? [])) ?? XMLRPCCall(method: "?", params: [])
        let reply = state.withLock { state in
            state.sent.append(Sent(call: call, request: request))
            return state.replies.isEmpty ? Reply.fault(1, "the script is at its end") : state.replies.removeFirst()
        }
        arrived.yield()
        switch reply {
        case .value(let value): return document(.value(value))
        case .fault(let code, let text): return document(.fault(XMLRPCFault(code: code, text: text)))
        case .session(let number): return session(number, key: "\(number)-KEY")
        case .renewal(let number): return session(number, key: "\(number)-KEY-2")
        case .page(let status, let isKoji):
            var lines = [HTTPHeader("Content-Type", "text/html; charset=utf-8")]
            if isKoji { lines.append(HTTPHeader("Koji-Version", "1.36.1")) }
            return HTTPResponse(
                status: status, headers: HTTPHeaders(lines), body: Array("<html>private page</html>".utf8))
        case .ticketless(let trouble):
            return HTTPResponse(
                status: 401, headers: HTTPHeaders([HTTPHeader("Content-Type", "text/html")]),
                body: Array("<html>private page</html>".utf8), ticketTrouble: trouble)
        case .rubbish:
            return HTTPResponse(
                status: 200, headers: HTTPHeaders([HTTPHeader("content-type", "text/xml")]),
                body: Array("<methodResponse><par".utf8))
        case .none(let kind):
            throw HTTPFailure(
                kind: kind, url: request.url, message: "no answer from \(ShownURL.text(request.url)): \(kind)")
        case .hang:
            while !Task.isCancelled { await Task.yield() }
            throw HTTPFailure(kind: .cancelled, url: request.url, message: "cancelled")
        }
    }

    private func session(_ number: Int, key: String) -> HTTPResponse {
        document(
            .value(
                .object([
                    "session-id": .int(Int64(number)), "session-key": .string(key), "header-auth": .bool(true),
                ])))
    }

    private func document(_ response: XMLRPCResponse) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: HTTPHeaders([HTTPHeader("Content-Type", "text/xml; charset=utf-8")]),
            body: (try? response.encoded()) ?? [])
    }

    func download(_ download: HTTPDownload) async throws(HTTPFailure) -> HTTPDownloadResult {
        throw HTTPFailure(kind: .other, url: download.url, message: "the script has no downloads")
    }

    /// A session over this script that sleeps without sleeping.
    func session(
        _ login: Login = .password(user: "alice", password: "pa55word"),
        proxyUser: String? = nil, server: String = "https://bob:hidden@hub.example.org/kojihub",
        retry: RetryPolicy = .standard, observer: (any HubCallObserver)? = nil
    ) -> KojiSession {
        KojiSession(
            hub: HubAddress(server: server, weburl: "", topurl: ""), login: login, proxyUser: proxyUser,
            transport: self, retry: retry,
            sleep: { duration in
                self.state.withLock { $0.sleeps.append(duration / .seconds(1)) }
                try Task.checkCancellation()
            },
            onRetry: { text in self.state.withLock { $0.told.append(text) } }, observer: observer)
    }
}

/// What an operation on a session came to.
func outcome<Value>(_ operation: () async throws(KojiFailure) -> Value) async -> Result<Value, KojiFailure> {
    do {
        return .success(try await operation())
    } catch {
        return .failure(error)
    }
}

extension Result where Failure == KojiFailure {
    /// `ok` or the kind of the failure.
    var kind: String {
        switch self {
        case .success: "ok"
        case .failure(let failure): failure.kind.rawValue
        }
    }

    var failure: KojiFailure? { if case .failure(let failure) = self { failure } else { nil } }
}
