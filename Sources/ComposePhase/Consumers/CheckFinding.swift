package import ProductMD

/// Something in a compose that a consumer would trip over.
package struct CheckFinding: Sendable, Hashable {
    package enum Severity: String, Sendable, Hashable {
        /// A consumer breaks, misses an image or serves a wrong one.
        case error
        /// A surprise is likely.
        case warning
    }

    /// Stable, e.g. `image-missing`; docs/check.md has them all.
    package var code: String
    package var severity: Severity
    /// Whom it concerns.
    package var consumers: [Consumer]
    /// File, entry or member, below the compose directory.
    package var place: String
    /// What is wrong and what comes of it there.
    package var message: String
    /// What to do.
    package var remedy: String

    package init(
        _ severity: Severity, _ code: String, _ consumers: [Consumer], at place: String, _ message: String,
        remedy: String
    ) {
        self.code = code
        self.severity = severity
        self.consumers = consumers.sorted()
        self.place = place
        self.message = message
        self.remedy = remedy
    }

    package var json: JSONValue {
        .object([
            "code": .string(code), "severity": .string(severity.rawValue),
            "consumers": .array(consumers.map { .string($0.rawValue) }), "place": .string(place),
            "message": .string(message), "remedy": .string(remedy),
        ])
    }
}
