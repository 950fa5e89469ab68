import Foundation
import TestSupport
import Testing

/// The real productmd, asked in one go.
enum ProductMDPeer {
    struct Answer {
        let isOK: Bool
        let text: String?
        let value: Any?
        let error: String?
    }

    static func ask(_ questions: [(kind: String, value: Any)]) throws -> [Answer] {
        let input = try JSONSerialization.data(
            withJSONObject: questions.map { ["kind": $0.kind, "value": $0.value] }, options: .fragmentsAllowed)
        let output = try PythonPeer.run("productmd_peer.py", input: input)
        let answers = try #require(try JSONSerialization.jsonObject(with: output) as? [[String: Any]])
        try #require(answers.count == questions.count)
        return answers.map {
            Answer(
                isOK: $0["ok"] as? Bool ?? false, text: $0["text"] as? String, value: $0["value"],
                error: $0["error"] as? String)
        }
    }
}
