/// What one transfer is to do.
enum CurlJob: Sendable {
    case inMemory(HTTPRequest)
    case toFile(HTTPDownload)

    var url: String {
        switch self {
        case .inMemory(let request): request.url
        case .toFile(let request): request.url
        }
    }

    var headers: [HTTPHeader] {
        switch self {
        case .inMemory(let request): request.headers
        case .toFile(let request): request.headers
        }
    }

    var proof: IdentityProof? {
        if case .inMemory(let request) = self { request.proof } else { nil }
    }

    /// Why it is not even begun; nil if it may be.
    var refusal: HTTPFailure? {
        guard ShownURL.isUsable(url) else {
            return HTTPFailure(
                kind: .badURL, url: url,
                message: "'\(ShownURL.text(url))' is not an http or https URL that can be asked for")
        }
        if proof != nil, !url.lowercased().hasPrefix("https://") {
            return HTTPFailure(
                kind: .badURL, url: url,
                message: "nobody's identity is shown to \(ShownURL.text(url)), which is not https")
        }
        for header in headers {
            let isName = !header.name.isEmpty && header.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }
            guard isName, !header.value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
                return HTTPFailure(
                    kind: .other, url: url,
                    message: "no request to \(ShownURL.text(url)): the header '\(ShownURL.text(header.name))' holds "
                        + "characters that HTTP does not allow")
            }
        }
        return nil
    }
}

/// What one transfer gave.
struct CurlOutcome: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: [UInt8]
    /// Bytes written to the descriptor.
    var written: Int
    /// What GSS-API said when it could not make a token.
    var ticketTrouble: String?
}
