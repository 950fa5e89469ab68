/// Carries HTTP requests. `CurlTransport` is the real one; tests script their own.
package protocol HTTPTransport: Sendable {
    /// Sends a request and collects the answer in memory. Any HTTP status is an answer.
    ///
    /// When the task is cancelled the request ends at once with kind ``HTTPFailure/Kind/cancelled``.
    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse

    /// Fetches a file into an open descriptor. Any HTTP status is an answer; only the body of a 200 or 206 is written.
    func download(_ download: HTTPDownload) async throws(HTTPFailure) -> HTTPDownloadResult
}

/// One request whose answer fits in memory.
package struct HTTPRequest: Sendable, Hashable {
    /// `http` or `https`.
    package var url: String
    /// In the order in which they are sent.
    package var headers: [HTTPHeader]
    /// nil is a GET, anything else a POST with this body.
    package var body: [UInt8]?
    /// Seconds without a byte after which the request fails; nil is the transport's own.
    package var silence: Int?
    /// How the request shows who asks; nil is not at all.
    package var proof: IdentityProof?
    /// Whether the body is sent once and never again by the transport itself, however the connection ends. Else a
    /// request that met a dead connection may be repeated unseen.
    package var isSentOnce: Bool

    package init(
        url: String, headers: [HTTPHeader] = [], body: [UInt8]? = nil, silence: Int? = nil,
        proof: IdentityProof? = nil, isSentOnce: Bool = false
    ) {
        self.url = url
        self.headers = headers
        self.body = body
        self.silence = silence
        self.proof = proof
        self.isSentOnce = isSentOnce
    }
}

/// How one request proves who asks. It goes over a connection of its own, which nothing else uses afterwards.
package enum IdentityProof: Sendable, Hashable {
    /// A TLS client certificate: a PEM file with certificate and key.
    case certificate(path: String)
    /// A Kerberos ticket (HTTP Negotiate), of the identity that the process has.
    case ticket
}

/// One header line of a request or of an answer.
package struct HTTPHeader: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What came back, whatever its status.
package struct HTTPResponse: Sendable, Hashable {
    package var status: Int
    package var headers: HTTPHeaders
    /// Decoded where the server had compressed it.
    package var body: [UInt8]
    /// What GSS-API said when it could not make a token for ``IdentityProof/ticket``; nil when it could.
    package var ticketTrouble: String?

    package init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [], ticketTrouble: String? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.ticketTrouble = ticketTrouble
    }
}

/// The header lines of an answer.
package struct HTTPHeaders: Sendable, Hashable {
    package private(set) var lines: [HTTPHeader] = []

    package init(_ lines: [HTTPHeader] = []) { self.lines = lines }

    /// The value of the first line of that name, in whatever case it is written.
    package subscript(name: String) -> String? {
        lines.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// `text/xml` of `text/xml; charset=utf-8`, in lower case; nil if the answer names no type.
    package var mediaType: String? {
        self["Content-Type"]?.prefix { $0 != ";" && $0 != " " }.lowercased()
    }

    mutating func append(_ line: HTTPHeader) { lines.append(line) }

    mutating func removeAll() { lines.removeAll() }
}
