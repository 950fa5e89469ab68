import HTTPTypes
import Hummingbird
import NIOCore
import ProductMD

/// A request whose caller is known and allowed.
struct APIRequest: Sendable {
    let caller: Caller
    /// The values of the path's places.
    let values: [String: String]
    let query: [(name: String, value: String)]
    let headers: HTTPFields
    let body: [UInt8]
    /// Whom limits count it under.
    let client: String
    let channel: any Channel

    /// The number in the path.
    func id() throws(Problem) -> Int {
        guard let text = values["id"], let id = Int(text), id > 0, String(id) == text else {
            throw .notFound("there is no run '\(Self.shown(values["id"] ?? ""))'")
        }
        return id
    }

    /// The body as JSON.
    ///
    /// - Throws: 415 for a body that says it is something else, 400 for one that is no JSON.
    func json() throws(Problem) -> JSONValue {
        let type = headers[.contentType]?.split(separator: ";").first?.lowercased().filter { $0 != " " }
        guard type == "application/json" else {
            throw Problem(415, "The body is of another type", "send JSON, with Content-Type: application/json")
        }
        do {
            return try JSONReader.read(body, name: "body", limits: JSONLimits(bytes: 64 << 20, depth: 32))
        } catch {
            throw Problem(400, "The body is not JSON", "\(error)")
        }
    }

    /// Reads the query. Names that are not known are refused: a misspelt filter would show everything.
    func parameters(_ known: Set<String>) throws(Problem) -> QueryReader {
        var values: [String: String] = [:]
        for (name, value) in query {
            guard known.contains(name) else {
                throw .invalid([
                    .init(
                        Self.shown(name), "is no parameter here; there are: \(known.sorted().joined(separator: ", "))")
                ])
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw .invalid([.init(name, "is there twice")])
            }
        }
        return QueryReader(values: values)
    }

    /// A foreign text for a message.
    static func shown(_ text: String, limit: Int = 60) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit).map { $0.value < 32 ? "?" : $0 }))
    }
}

/// The parameters of a query.
struct QueryReader {
    let values: [String: String]

    func text(_ name: String) -> String? { values[name] }

    func number(_ name: String, _ range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = values[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .invalid([.init(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")])
        }
        return number
    }

    func word(_ name: String, of words: [String]) throws(Problem) -> String? {
        guard let text = values[name] else { return nil }
        guard words.contains(text) else {
            throw .invalid([.init(name, "must be one of: \(words.joined(separator: ", "))")])
        }
        return text
    }
}
