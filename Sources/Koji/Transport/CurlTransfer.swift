import CLibCurl
import Glibc

/// One easy handle with all that libcurl needs while it runs. Lives on the loop's thread only.
final class CurlTransfer {
    let easy: UnsafeMutableRawPointer
    private let job: CurlJob
    private let options: TransportOptions
    private let continuation: CheckedContinuation<Result<CurlOutcome, HTTPFailure>, Never>
    /// libcurl writes its words here; C strings of its own size.
    private let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var receiver: CurlReceiver
    /// What is left of a body that is sent once.
    private var unsent: ArraySlice<UInt8> = []
    /// The last thing that GSS-API complained of.
    private var ticketTrouble: String?

    init?(
        id: Int, job: CurlJob, options: TransportOptions,
        continuation: CheckedContinuation<Result<CurlOutcome, HTTPFailure>, Never>
    ) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        self.job = job
        self.options = options
        self.continuation = continuation
        receiver = CurlReceiver(job: job, options: options)
        words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        guard configure(id: id) else { return nil }
    }

    deinit {
        // The handle goes first: it points to the two others.
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        words.deallocate()
    }

    /// The id that was given to the transfer of `easy`.
    static func id(of easy: UnsafeMutableRawPointer) -> Int? {
        var pointer: UnsafeMutableRawPointer?
        guard clibcurl_get_pointer(easy, CURLINFO_PRIVATE, &pointer) == CURLE_OK, let pointer else { return nil }
        return Int(bitPattern: pointer)
    }

    private func configure(id: Int) -> Bool {
        let here = Unmanaged.passUnretained(self).toOpaque()
        var results = [
            clibcurl_set_pointer(easy, CURLOPT_PRIVATE, UnsafeMutableRawPointer(bitPattern: id)),
            clibcurl_set_pointer(easy, CURLOPT_ERRORBUFFER, words),
            clibcurl_set_text(easy, CURLOPT_URL, job.url),
            // A signal would end the whole program where the resolver times out.
            clibcurl_set_long(easy, CURLOPT_NOSIGNAL, 1),
            // Client certificates are asked for in the middle of a connection, which HTTP/2 forbids.
            clibcurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)),
            clibcurl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https"),
            clibcurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0),
            clibcurl_set_text(easy, CURLOPT_USERAGENT, options.userAgent),
            clibcurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, options.connectMilliseconds),
            clibcurl_set_long(easy, CURLOPT_LOW_SPEED_LIMIT, 1),
            clibcurl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1),
            clibcurl_set_receiver(
                easy, CURLOPT_WRITEFUNCTION,
                { bytes, size, count, transfer in
                    CurlTransfer.at(transfer)?.receiver.body(UnsafeRawBufferPointer(start: bytes, count: size * count))
                        ?? 0
                }),
            clibcurl_set_pointer(easy, CURLOPT_WRITEDATA, here),
            clibcurl_set_receiver(
                easy, CURLOPT_HEADERFUNCTION,
                { bytes, size, count, transfer in
                    CurlTransfer.at(transfer)?.receiver.header(
                        UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
                }),
            clibcurl_set_pointer(easy, CURLOPT_HEADERDATA, here),
        ]
        if let file = options.serverAuthorities { results.append(clibcurl_set_text(easy, CURLOPT_CAINFO, file)) }
        if !options.verifiesServer {
            results.append(clibcurl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 0))
            results.append(clibcurl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 0))
        }
        if let proof = job.proof { results += prove(proof, here) }
        switch job {
        case .inMemory(let request):
            results += [
                clibcurl_set_text(easy, CURLOPT_ACCEPT_ENCODING, ""),
                clibcurl_set_long(easy, CURLOPT_LOW_SPEED_TIME, request.silence ?? options.silence),
                clibcurl_set_long(easy, CURLOPT_TIMEOUT_MS, options.total * 1000),
            ]
            if let body = request.body {
                results.append(clibcurl_set_long(easy, CURLOPT_POST, 1))
                results.append(clibcurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
                if request.isSentOnce {
                    results += sendOnce(body, here)
                    break
                }
                results.append(
                    body.withUnsafeBytes { bytes in
                        // An empty array may have no address; libcurl then takes the body from a callback.
                        bytes.baseAddress.map { clibcurl_set_bytes(easy, CURLOPT_COPYPOSTFIELDS, $0) }
                            ?? clibcurl_set_text(easy, CURLOPT_COPYPOSTFIELDS, "")
                    })
            }
        case .toFile(let request):
            results += [
                clibcurl_set_long(easy, CURLOPT_LOW_SPEED_TIME, options.silence),
                clibcurl_set_long(easy, CURLOPT_BUFFERSIZE, 256 << 10),
            ]
            if request.offset > 0 {
                results.append(clibcurl_set_text(easy, CURLOPT_RANGE, "\(request.offset)-"))
            }
        }
        // Without this line libcurl waits for a 100 Continue before a large body; no hub needs it.
        for line in job.headers.map({ $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }) + ["Expect:"] {
            guard let list = curl_slist_append(headerList, line) else { return false }
            headerList = list
        }
        results.append(clibcurl_set_list(easy, CURLOPT_HTTPHEADER, headerList))
        return results.allSatisfy { $0 == CURLE_OK }
    }

    /// Hands the body over piece by piece. libcurl repeats a request by itself when a connection that was used before
    /// gives no answer, unless it cannot have the body a second time: so it cannot.
    private func sendOnce(_ body: [UInt8], _ here: UnsafeMutableRawPointer) -> [CURLcode] {
        unsent = body[...]
        return [
            clibcurl_set_receiver(
                easy, CURLOPT_READFUNCTION,
                { bytes, size, count, transfer in
                    guard let bytes, let transfer = CurlTransfer.at(transfer) else { return 0 }
                    return transfer.give(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
                }),
            clibcurl_set_pointer(easy, CURLOPT_READDATA, here),
        ]
    }

    /// The next bytes of the body; how many they are.
    private func give(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let piece = unsent.prefix(buffer.count)
        buffer.copyBytes(from: piece)
        unsent = unsent.dropFirst(piece.count)
        return piece.count
    }

    /// Lets the request say who asks, over a connection that nothing else uses.
    private func prove(_ proof: IdentityProof, _ here: UnsafeMutableRawPointer) -> [CURLcode] {
        let own = [
            clibcurl_set_long(easy, CURLOPT_FRESH_CONNECT, 1), clibcurl_set_long(easy, CURLOPT_FORBID_REUSE, 1),
        ]
        switch proof {
        case .certificate(let path):
            return own + [
                clibcurl_set_text(easy, CURLOPT_SSLCERT, path),
                // Otherwise OpenSSL asks for the password of a locked key on the terminal, and waits.
                clibcurl_set_text(easy, CURLOPT_KEYPASSWD, ""),
            ]
        case .ticket:
            return own + [
                clibcurl_set_negotiate(easy),
                // Any user: who it is stands in the ticket.
                clibcurl_set_text(easy, CURLOPT_USERPWD, ":"),
                // libcurl tells why there is no token only among its remarks for debugging.
                clibcurl_set_long(easy, CURLOPT_VERBOSE, 1),
                clibcurl_set_pointer(easy, CURLOPT_DEBUGDATA, here),
                clibcurl_set_debug(
                    easy,
                    { _, kind, text, size, transfer in
                        if kind == CURLINFO_TEXT, let text {
                            CurlTransfer.at(transfer)?.remark(UnsafeRawBufferPointer(start: text, count: size))
                        }
                        return 0
                    }),
            ]
        }
    }

    /// A remark of libcurl's; only those of GSS-API are kept.
    private func remark(_ bytes: UnsafeRawBufferPointer) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix("gss_"), let reason = text.firstRange(of: "failed: ") else { return }
        ticketTrouble = String(text[reason.upperBound...].filter { !$0.isNewline })
    }

    /// libcurl hands back the pointer that it was given; the loop keeps the transfer alive while its handle runs.
    private static func at(_ pointer: UnsafeMutableRawPointer?) -> CurlTransfer? {
        pointer.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: The end

    func finishCancelled() {
        let message = "the request to \(ShownURL.text(job.url)) was cancelled"
        continuation.resume(returning: .failure(HTTPFailure(kind: .cancelled, url: job.url, message: message)))
    }

    /// Answers the caller. `code` is libcurl's verdict on the finished transfer.
    func finish(_ code: CURLcode) {
        continuation.resume(returning: result(code))
    }

    private func result(_ code: CURLcode) -> Result<CurlOutcome, HTTPFailure> {
        if let failure = receiver.failure { return .failure(failure) }
        var status = 0
        _ = clibcurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        guard code == CURLE_OK || receiver.hasEnough else {
            return .failure(CurlVerdict(code: code, words: String(cString: words), easy: easy).failure(url: job.url))
        }
        return .success(
            CurlOutcome(
                status: status, headers: receiver.headers, body: receiver.bytes, written: receiver.written,
                ticketTrouble: ticketTrouble))
    }
}
