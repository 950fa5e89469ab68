package import ProductMD

/// Why a request was not done, as RFC 9457 has it (`application/problem+json`).
package struct Problem: Error, Sendable, Hashable {
    /// The HTTP status.
    package var status: Int
    /// The kind, in a few words that do not change.
    package var title: String
    /// What happened here, and what to do.
    package var detail: String
    /// All that is wrong, where there is more than one thing.
    package var complaints: [Complaint] = []
    /// Seconds after which it is worth trying again.
    package var retryAfter: Int?
    /// The methods that there are, for 405.
    package var allowed: [String] = []

    package struct Complaint: Sendable, Hashable {
        /// Where, as a JSON pointer or the name of a parameter.
        package var place: String
        package var detail: String

        package init(_ place: String, _ detail: String) {
            self.place = place
            self.detail = detail
        }
    }

    package init(_ status: Int, _ title: String, _ detail: String, complaints: [Complaint] = []) {
        self.status = status
        self.title = title
        self.detail = detail
        self.complaints = complaints
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "type": "about:blank", "title": .string(title), "status": .int(status), "detail": .string(detail),
        ]
        if !complaints.isEmpty {
            members["problems"] = .array(
                complaints.map { ["place": .string($0.place), "detail": .string($0.detail)] })
        }
        return .object(members)
    }

    // MARK: The usual ones

    static func invalid(_ complaints: [Complaint]) -> Problem {
        Problem(
            422, "The request is not valid",
            complaints.map { "\($0.place): \($0.detail)" }.joined(separator: "; "), complaints: complaints)
    }

    static func notFound(_ what: String) -> Problem { Problem(404, "Not found", what) }

    static func conflict(_ why: String) -> Problem { Problem(409, "It cannot be done now", why) }
}
