import HTTPTypes
import Hummingbird
import Koji
import NIOCore

/// From HTTP to calls and files, with the real hub's statuses and headers.
struct HubResponder: Sendable {
    let core: HubCore
    let settings: RehearsalSettings

    func respond(to request: Request, over connection: TroubledConnection) async -> Response {
        switch request.uri.path {
        case "/kojihub", "/kojihub/", "/kojihub/ssllogin":
            return await hub(request, connection)
        case let path where path.hasPrefix("/files/"):
            return await FileResponder(core: core).respond(to: request, path: String(path.dropFirst("/files/".count)))
        case "/", "/koji", "/koji/", "/koji/taskinfo":
            return await page(request)
        default:
            return Self.notFound
        }
    }

    static let notFound = page("404 Not Found", "The requested URL was not found on this server.", status: .notFound)

    /// POST to the hub's URL.
    private func hub(_ request: Request, _ connection: TroubledConnection) async -> Response {
        guard request.method == .post else {
            var response = plain(
                .methodNotAllowed, "Method Not Allowed\nThis is an XML-RPC server. Only POST requests are accepted.\n")
            response.headers[.allow] = "POST"
            return response
        }
        guard let bytes = await body(of: request) else { return badRequest("Request too long") }
        guard !bytes.isEmpty else { return badRequest("Empty request") }
        if request.headers[.contentType] == "application/octet-stream" {
            return answer(.fault(.generic("the rehearsal hub takes no uploads")))
        }
        let call: XMLRPCCall
        do {
            call = try XMLRPCCall.decode(bytes)
        } catch {
            return badRequest("\(error)")
        }
        guard let trouble = await core.trouble(for: call.method) else { return await answer(call, request) }
        return await suffer(trouble, call, request, connection)
    }

    /// The call's answer as it should be.
    private func answer(_ call: XMLRPCCall, _ request: Request) async -> Response {
        response(.ok, "text/xml", await bytes(call, request))
    }

    private func bytes(_ call: XMLRPCCall, _ request: Request) async -> [UInt8] {
        Self.document(await core.answer(call, claim: claim(of: request), visitor: visitor(of: request)))
    }

    private func suffer(
        _ trouble: Trouble, _ call: XMLRPCCall, _ request: Request, _ connection: TroubledConnection
    ) async -> Response {
        switch trouble {
        case .reset:
            await connection.reset()
            return TroubledConnection.noAnswer
        case .page(let status):
            return Self.proxyPage(status)
        case .offline:
            return answer(.fault(.offline("rehearsal: the hub is offline")))
        case .expired:
            await core.expireSessions()
            return await answer(call, request)
        case .closed:
            await core.closeSessions()
            return await answer(call, request)
        case .resetAfter, .cutAnswer, .pageAfter, .truncated, .slow, .huge:
            return await spoil(await bytes(call, request), trouble, connection)
        }
    }

    /// The call was carried out; its answer comes to harm.
    private func spoil(_ bytes: [UInt8], _ trouble: Trouble, _ connection: TroubledConnection) async -> Response {
        var response = self.response(.ok, "text/xml", bytes)
        switch trouble {
        case .resetAfter:
            await connection.reset()
            return TroubledConnection.noAnswer
        case .cutAnswer: response.body = .cut(bytes, connection)
        case .pageAfter(let status): return Self.proxyPage(status)
        case .truncated:
            response = self.response(.ok, "text/xml", Array(bytes.prefix(bytes.count / 2)))
        case .slow(let piece, let pause): response.body = .dripping(bytes, piece: piece, pause: pause)
        case .huge(let count):
            response = self.response(.ok, "text/xml", [])
            response.headers[.contentLength] = nil
            response.body = .huge(count)
        case .reset, .page, .offline, .expired, .closed: break
        }
        return response
    }

    /// What a proxy says in the hub's place.
    private static func proxyPage(_ status: Int) -> Response {
        page("\(status) Proxy Error", "The proxy server received an invalid response.", status: .init(code: status))
    }

    /// The body; nil if it is longer than the hub takes.
    private func body(of request: Request) async -> [UInt8]? {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > settings.maxRequestBytes {
            return nil
        }
        var bytes: [UInt8] = []
        do {
            for try await buffer in request.body {
                bytes.append(contentsOf: buffer.readableBytesView)
                if bytes.count > settings.maxRequestBytes { return nil }
            }
        } catch {
            return []
        }
        return bytes
    }

    /// The session of a request: headers, else the query string. Both names of the callnum header are read.
    private func claim(of request: Request) -> SessionClaim? {
        if let id = header("Koji-Session-Id", of: request) {
            return SessionClaim(
                id: Int(id) ?? -1, key: header("Koji-Session-Key", of: request) ?? "",
                callnum: settings.generation.callnumHeaders.lazy.compactMap { header($0, of: request) }.first)
        }
        let query = request.uri.queryParameters
        guard let id = query["session-id"] else { return nil }
        return SessionClaim(
            id: Int(id) ?? -1, key: query["session-key"].map(String.init) ?? "",
            callnum: query["callnum"].map(String.init))
    }

    /// What the web server in front says of who came to the URL of logins; nil where none is believed.
    private func visitor(of request: Request) -> Visitor? {
        guard let secret = settings.frontSecret, request.uri.path.hasSuffix("/ssllogin"),
            header("Rehearsal-Front", of: request) == secret
        else { return nil }
        return Visitor(
            principal: header("Rehearsal-Remote-User", of: request),
            verification: header("Rehearsal-Client-Verify", of: request) ?? "NONE",
            commonName: header("Rehearsal-Client-Name", of: request))
    }

    private func header(_ name: String, of request: Request) -> String? {
        HTTPField.Name(name).flatMap { request.headers[$0] }
    }

    private func answer(_ response: XMLRPCResponse) -> Response {
        self.response(.ok, "text/xml", Self.document(response))
    }

    private static func document(_ response: XMLRPCResponse) -> [UInt8] {
        if let bytes = try? response.encoded() { return bytes }
        let fault = XMLRPCFault.unforeseen("the rehearsal hub's answer cannot be written as XML")
        return (try? XMLRPCResponse.fault(fault).encoded()) ?? []
    }

    private func badRequest(_ reason: String) -> Response {
        var response = plain(.badRequest, "Invalid request: \(reason)\n")
        response.headers[.connection] = "close"
        return response
    }

    private func plain(_ status: HTTPResponse.Status, _ text: String) -> Response {
        response(status, "text/plain", Array(text.utf8))
    }

    private func response(_ status: HTTPResponse.Status, _ type: String, _ bytes: [UInt8]) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = type
        headers[.connection] = "Keep-Alive"
        if settings.generation.namesVersion, let name = HTTPField.Name("Koji-Version") {
            headers[name] = settings.kojiVersion
        }
        if let name = HTTPField.Name("Keep-Alive") { headers[name] = "timeout=\(RehearsalHub.idleSeconds)" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// The page behind `weburl`: one sentence, and the task if one is asked for.
    private func page(_ request: Request) async -> Response {
        var text = "Nothing is built here: this hub rehearses, its builders are stand-ins."
        if let asked = request.uri.queryParameters["taskID"] {
            let known = await Int(asked).asyncFlatMap { await core.sentence(about: $0) }
            guard let known else { return Self.notFound }
            text += " \(known)."
        }
        return Self.page("Rehearsal hub of phase-runner", text, status: .ok)
    }

    private static func page(_ title: String, _ text: String, status: HTTPResponse.Status) -> Response {
        let html = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>\(escaped(title))</title></head>
            <body><h1>\(escaped(title))</h1><p>\(escaped(text))</p></body></html>

            """
        return Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
    }
}

extension Optional {
    fileprivate func asyncFlatMap<Value>(_ transform: (Wrapped) async -> Value?) async -> Value? {
        if let self { await transform(self) } else { nil }
    }
}
