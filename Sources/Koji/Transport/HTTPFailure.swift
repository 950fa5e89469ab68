/// Why a request got no answer.
package struct HTTPFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// The host's name has no address.
        case cannotResolve
        /// The host does not take connections.
        case cannotConnect
        /// No trust between the two sides, or no common TLS version.
        case tls
        /// Too long no byte, or too long altogether.
        case timeout
        /// The connection broke after it had been made.
        case reset
        /// The answer is larger than the limit.
        case tooLarge
        /// The task was cancelled, or the transport closed.
        case cancelled
        /// Not an http or https URL.
        case badURL
        /// The file could not be written; the system's error number.
        case writeFailed(Int32)
        /// Anything else, such as an answer that is not HTTP.
        case other
    }

    package let kind: Kind
    /// Without credentials and without the query.
    package let url: String
    /// What happened, for a person: one sentence that names the URL, without a full stop.
    package let message: String
    /// Whether the same request may succeed later.
    package let isRetryable: Bool

    /// - Parameter url: as it was asked for; credentials and query are cut off.
    /// - Parameter isRetryable: nil is as usual for the kind.
    package init(kind: Kind, url: String, message: String, isRetryable: Bool? = nil) {
        self.kind = kind
        self.url = ShownURL.text(url)
        self.message = message
        self.isRetryable = isRetryable ?? kind.isTransient
    }

    /// The system's error number where a file could not be written.
    package var errno: Int32? { if case .writeFailed(let number) = kind { number } else { nil } }

    package var description: String { message }
}

extension HTTPFailure.Kind {
    /// Whether time may heal it. A name that does not resolve counts: resolvers come and go.
    var isTransient: Bool {
        switch self {
        case .cannotResolve, .cannotConnect, .timeout, .reset: true
        case .tls, .tooLarge, .cancelled, .badURL, .writeFailed, .other: false
        }
    }
}
