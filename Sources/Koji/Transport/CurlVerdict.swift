import CLibCurl
import Glibc

/// Why libcurl says that a transfer failed.
struct CurlVerdict {
    let code: CURLcode
    /// libcurl's own words; may be empty.
    let words: String
    let easy: UnsafeMutableRawPointer

    func failure(url: String) -> HTTPFailure {
        let shown = ShownURL.text(url)
        var reason = words.isEmpty ? String(cString: curl_easy_strerror(code)) : words
        if code == CURLE_SEND_FAIL_REWIND { reason = "it ended before an answer came" }
        let kind = kind
        let start =
            switch kind {
            case .cannotResolve, .cannotConnect: "cannot connect to \(shown)"
            case .tls: "no secure connection to \(shown)"
            case .timeout: "no answer from \(shown) in time"
            case .reset: "the connection to \(shown) broke"
            case .badURL: "'\(shown)' is not a URL that can be asked for"
            default: "the request to \(shown) failed"
            }
        return HTTPFailure(kind: kind, url: url, message: "\(start): \(reason)")
    }

    private var kind: HTTPFailure.Kind {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .cannotResolve
        case CURLE_COULDNT_CONNECT: .cannotConnect
        case CURLE_OPERATION_TIMEDOUT: .timeout
        case CURLE_URL_MALFORMAT: .badURL
        // The last one: libcurl wanted to repeat a request over a new connection, and may not (isSentOnce).
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SEND_ERROR, CURLE_SEND_FAIL_REWIND: .reset
        // A connection that ends within a handshake, and an alert that ends a connection, have each other's code.
        case CURLE_RECV_ERROR: words.contains("alert") ? .tls : .reset
        case CURLE_SSL_CONNECT_ERROR: isBroken ? .reset : .tls
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_CRL_BADFILE,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CLIENTCERT:
            .tls
        default: .other
        }
    }

    private var isBroken: Bool {
        var number = 0
        _ = clibcurl_get_long(easy, CURLINFO_OS_ERRNO, &number)
        return number == Int(ECONNRESET) || number == Int(EPIPE) || words.contains("SYSCALL")
            || words.contains("unexpected eof")
    }
}
