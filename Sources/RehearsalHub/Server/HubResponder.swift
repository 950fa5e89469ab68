import HTTPTypes
import Hummingbird
import Koji
import NIOCore

/// From HTTP to calls and files, with the real hub's statuses and headers.
struct HubResponder: Sendable {
    let core: HubCore
    let settings: RehearsalSettings
    let door: HubDoor

    func respond(to request: Request, on channel: any Channel) async throws -> Response {
        switch request.uri.path {
        case "/kojihub", "/kojihub/", RequestClaims.loginPath:
            return try await hub(request, on: channel)
        case let path where path.hasPrefix("/files/"):
            return await FileResponder(core: core).respond(to: request, path: String(path.dropFirst("/files/".count)))
        case "/", "/koji", "/koji/", "/koji/taskinfo":
            return await page(request)
        default:
            return Self.notFound
        }
    }

    static let notFound = page("404 Not Found", "The requested URL was not found on this server.", status: .notFound)

    /// A request to the hub's URL, with whatever goes wrong with it.
    private func hub(_ request: Request, on channel: any Channel) async throws -> Response {
        let parcel = await parcel(request)
        let reception = await core.receive(parcel.call, RequestClaims(request, settings: settings))
        let plain = reception.response.map { answer($0) } ?? parcel.refusal ?? badRequest("not carried out")
        guard let trouble = reception.trouble else { return plain.response }
        return try await TroubledConnection(channel: channel, door: door).response(trouble, instead: plain)
    }

    /// What a request brings: a call, or what is to be said to one that is none.
    private func parcel(_ request: Request) async -> (call: XMLRPCCall?, refusal: PlainAnswer?) {
        guard request.method == .post else {
            var answer = plain(
                .methodNotAllowed, "Method Not Allowed\nThis is an XML-RPC server. Only POST requests are accepted.\n")
            answer.headers[.allow] = "POST"
            return (nil, answer)
        }
        guard let bytes = await body(of: request) else { return (nil, badRequest("Request too long")) }
        guard !bytes.isEmpty else { return (nil, badRequest("Empty request")) }
        if request.headers[.contentType] == "application/octet-stream" {
            return (nil, answer(.fault(.generic("the rehearsal hub takes no uploads"))))
        }
        do {
            return (try XMLRPCCall.decode(bytes), nil)
        } catch {
            return (nil, badRequest("\(error)"))
        }
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

    private func answer(_ response: XMLRPCResponse) -> PlainAnswer {
        guard let bytes = try? response.encoded() else {
            let fault = XMLRPCFault.unforeseen("the rehearsal hub's answer cannot be written as XML")
            let text = (try? XMLRPCResponse.fault(fault).encoded()) ?? []
            return self.response(.ok, "text/xml", text)
        }
        return self.response(.ok, "text/xml", bytes)
    }

    private func badRequest(_ reason: String) -> PlainAnswer {
        var answer = plain(.badRequest, "Invalid request: \(reason)\n")
        answer.headers[.connection] = "close"
        return answer
    }

    private func plain(_ status: HTTPResponse.Status, _ text: String) -> PlainAnswer {
        response(status, "text/plain", Array(text.utf8))
    }

    private func response(_ status: HTTPResponse.Status, _ type: String, _ bytes: [UInt8]) -> PlainAnswer {
        var headers = HTTPFields()
        headers[.contentType] = type
        headers[.connection] = "Keep-Alive"
        if settings.generation.sendsVersion, let name = HTTPField.Name("Koji-Version") {
            headers[name] = settings.kojiVersion
        }
        if let name = HTTPField.Name("Keep-Alive") { headers[name] = "timeout=\(RehearsalHub.idleSeconds)" }
        return PlainAnswer(status: status, headers: headers, bytes: bytes)
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
