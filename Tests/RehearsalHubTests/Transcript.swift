import Foundation
import Koji
import TestSupport

/// The recorded exchanges that lie beside the checkout.
enum Transcript {
    struct Exchange {
        let name: String
        let call: XMLRPCCall
        let answer: XMLRPCResponse
        /// As the client sent them.
        let headers: [String: String]
        let responseHeaders: [String: String]
    }

    private struct Line: Decodable {
        struct Exchange: Decodable {
            struct Part: Decodable {
                let body: String?
                let headers: [String: String]?
            }
            let request: Part
            let response: Part
        }
        let name: String
        let exchanges: [Exchange]?

        enum CodingKeys: String, CodingKey {
            case name = "case"
            case exchanges
        }
    }

    /// All exchanges of a file that are a call and its answer.
    static func exchanges(of file: String) throws -> [Exchange] {
        let data = try Checkout.sharedData("koji-transcripts/\(file).jsonl")
        let lines = try data.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Line.self, from: $0) }
        return lines.flatMap { line in
            (line.exchanges ?? []).compactMap { exchange in
                guard let request = exchange.request.body, let response = exchange.response.body,
                    let call = try? XMLRPCCall.decode(Array(request.utf8)),
                    let answer = try? XMLRPCResponse.decode(Array(response.utf8))
                else { return nil }
                return Exchange(
                    name: line.name, call: call, answer: answer, headers: exchange.request.headers ?? [:],
                    responseHeaders: exchange.response.headers ?? [:])
            }
        }
    }
}
