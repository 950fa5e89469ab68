import ComposePhase
import HTTPTypes
import Hummingbird
import NIOCore
import ProductMD

/// How answers are made.
enum Answer {
    /// A document in productmd's manner.
    static func document(
        _ type: String, _ payload: JSONValue, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        json(
            ["header": ["type": .string("phase-runner.\(type)"), "version": "1.0"], "payload": payload], status: status,
            headers: headers)
    }

    static func json(
        _ value: JSONValue, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:],
        type: String = "application/json"
    ) -> Response {
        bytes(JSONWriter.pretty(value), type: type, status: status, headers: headers)
    }

    static func bytes(
        _ bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = type
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func text(_ bytes: [UInt8]) -> Response { Self.bytes(bytes, type: "text/plain; charset=utf-8") }

    static func problem(_ problem: Problem) -> Response {
        var headers = HTTPFields()
        if problem.status == 401 { headers[.wwwAuthenticate] = "Bearer realm=\"phase-runner\"" }
        if !problem.allowed.isEmpty { headers[.allow] = problem.allowed.joined(separator: ", ") }
        if let seconds = problem.retryAfter { headers[.retryAfter] = "\(seconds)" }
        return json(
            problem.json, status: .init(code: problem.status), headers: headers, type: "application/problem+json")
    }
}
