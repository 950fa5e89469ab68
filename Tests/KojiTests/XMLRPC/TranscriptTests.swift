import Foundation
import Koji
import TestSupport
import Testing

@Suite("Recorded exchanges with real hubs", .needsShared)
struct TranscriptTests {
    /// One body, and whether its Content-Type says that it is XML.
    struct Body {
        let place: String
        let isRequest: Bool
        let isXML: Bool
        let bytes: [UInt8]
    }

    /// Bodies of all recordings, requests and responses.
    static func bodies() throws -> [Body] {
        let directory = Checkout.shared.appendingPathComponent("koji-transcripts")
        let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        var bodies: [Body] = []
        for file in files.sorted() where file.hasSuffix(".jsonl") {
            let lines = try String(contentsOf: directory.appendingPathComponent(file), encoding: .utf8)
            for line in lines.split(separator: "\n") {
                let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
                let name = record["case"] as? String ?? "?"
                for exchange in record["exchanges"] as? [[String: Any]] ?? [] {
                    for key in ["request", "response"] {
                        guard let part = exchange[key] as? [String: Any], let bytes = bytes(of: part) else { continue }
                        let headers = part["headers"] as? [String: String] ?? [:]
                        bodies.append(
                            Body(
                                place: "\(file) \(name) \(key)", isRequest: key == "request",
                                isXML: headers["Content-Type"]?.hasPrefix("text/xml") == true, bytes: bytes))
                    }
                }
            }
        }
        return bodies
    }

    private static func bytes(of part: [String: Any]) -> [UInt8]? {
        if let text = part["body"] as? String { return Array(text.utf8) }
        if let text = part["body_base64"] as? String { return Data(base64Encoded: text).map(Array.init) }
        return nil
    }

    @Test("every XML answer is read, and written and read again is the same; every other body is refused")
    func responses() throws {
        var values = 0
        var faults = 0
        var refused: [XMLRPCFailure.Kind: Int] = [:]
        for body in try Self.bodies() where !body.isRequest {
            do throws(XMLRPCFailure) {
                let response = try XMLRPCResponse.decode(body.bytes)
                switch response {
                case .value: values += 1
                case .fault: faults += 1
                }
                #expect(body.isXML, "\(body.place)")
                let again = try XMLRPCResponse.decode(response.encoded())
                #expect(again == response, "\(body.place)")
            } catch {
                #expect(!body.isXML, "\(body.place): \(error)")
                #expect(error.kind != .malformed, "\(body.place): \(error)")
                refused[error.kind, default: 0] += 1
            }
        }
        #expect(values == 367)
        #expect(faults == 147)
        #expect(refused == [.foreign: 18, .empty: 1])
    }

    @Test("every request that the hub understood is read, and written and read again is the same")
    func requests() throws {
        var calls = 0
        var keywords = 0
        var empty = 0
        var malformed: [String] = []
        for body in try Self.bodies() where body.isRequest {
            do throws(XMLRPCFailure) {
                let call = try XMLRPCCall.decode(body.bytes)
                calls += 1
                if !call.arguments.keywords.isEmpty { keywords += 1 }
                let again = try XMLRPCCall.decode(call.encoded())
                #expect(again == call, "\(body.place)")
            } catch {
                switch error.kind {
                case .empty: empty += 1
                case .malformed: malformed.append("\(body.place): \(error)")
                case .foreign: #expect(!body.isXML || body.place.contains("-400"), "\(body.place)")
                case .unwritable: Issue.record("\(body.place): \(error)")
                }
            }
        }
        #expect(calls == 530)
        #expect(keywords == 246)
        #expect(empty == 8)
        // The first two the hub refuses too, and to the third it answers that it cannot write the number back.
        #expect(
            malformed == [
                "01-transport.jsonl truncated-400 request: line 3, column 26: the document is cut off: it ends inside "
                    + "an element",
                "02-encoding.jsonl doctype request: line 1, column 22: a document type declaration (DOCTYPE) is not "
                    + "allowed here",
                "02-encoding.jsonl fault-int-too-long request: line 1, column 110: an integer of more than 64 bit",
            ])
    }
}
