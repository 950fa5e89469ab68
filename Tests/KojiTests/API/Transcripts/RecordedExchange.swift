import Foundation
import Koji
import TestSupport

/// One request to a real hub and what came back, as it was recorded.
struct RecordedExchange: Sendable {
    enum Answer: Sendable {
        case response(HTTPResponse)
        /// No HTTP answer: the Python library's name for it.
        case none(String)
    }

    /// The number of its file and the name of its case, e.g. `07 getRepo`.
    let place: String
    let body: [UInt8]
    /// nil if the request is no call, e.g. a download.
    let call: XMLRPCCall?
    let answer: Answer

    /// Every exchange of all recordings.
    static func all() throws -> [RecordedExchange] {
        let directory = Checkout.shared.appendingPathComponent("koji-transcripts")
        var exchanges: [RecordedExchange] = []
        for file in try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
        where file.hasSuffix(".jsonl") {
            let data = try Data(contentsOf: directory.appendingPathComponent(file))
            for line in data.split(separator: UInt8(ascii: "\n")) {
                let entry = try JSONDecoder().decode(Entry.self, from: line)
                for exchange in entry.exchanges ?? [] {
                    exchanges.append(exchange.recorded("\(file.prefix(2)) \(entry.name)"))
                }
            }
        }
        return exchanges
    }

    private struct Entry: Decodable {
        let name: String
        let exchanges: [Exchange]?

        enum CodingKeys: String, CodingKey {
            case name = "case"
            case exchanges
        }
    }

    private struct Exchange: Decodable {
        struct Part: Decodable {
            let status: Int?
            let headers: [String: String]?
            let body: String?
            let inBase64: String?
            let error: String?

            enum CodingKeys: String, CodingKey {
                case status, headers, body, error
                case inBase64 = "body_base64"
            }

            var bytes: [UInt8] {
                if let body { return Array(body.utf8) }
                return inBase64.flatMap { Data(base64Encoded: $0) }.map(Array.init) ?? []
            }
        }

        let request: Part
        let response: Part

        func recorded(_ place: String) -> RecordedExchange {
            let answer: Answer
            if let status = response.status {
                let lines = (response.headers ?? [:]).map { HTTPHeader($0.key, $0.value) }
                answer = .response(
                    HTTPResponse(status: status, headers: HTTPHeaders(lines), body: response.bytes))
            } else {
                answer = .none(response.error ?? "?")
            }
            return RecordedExchange(
                place: place, body: request.bytes, call: try? XMLRPCCall.decode(request.bytes), answer: answer)
        }
    }

    /// What the hub answered in XML-RPC; nil for anything else.
    var response: XMLRPCResponse? {
        guard case .response(let response) = answer, response.status == 200 else { return nil }
        return try? XMLRPCResponse.decode(response.body)
    }

    /// What went wrong, in the words of ``FailureTable``; nil for a value.
    var failure: String? {
        switch answer {
        case .none(let error): return error
        case .response(let response):
            switch self.response {
            case .value: return nil
            case .fault(let fault): return "fault \(fault.code)"
            case nil: return "status \(response.status)"
            }
        }
    }
}
