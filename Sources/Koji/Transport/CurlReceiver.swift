import Glibc

/// Takes in what a server sends: headers, and a body into memory or into a descriptor.
struct CurlReceiver {
    private(set) var headers = HTTPHeaders()
    /// The body, of a request in memory.
    private(set) var bytes: [UInt8] = []
    /// Bytes written to the descriptor.
    private(set) var written = 0
    /// Why the transfer was broken off from our side.
    private(set) var failure: HTTPFailure?
    /// Whether it was broken off because the rest does not matter: the page of a refused download.
    private(set) var hasEnough = false

    private let job: CurlJob
    private let limit: Int
    private var headerBytes = 0
    private var status = 0
    private var dropped = 0
    /// Bytes at the start of the body that the caller has already.
    private var toSkip: Int?

    /// The longest page of a refused download that is read to its end, so that the connection can be used again.
    private static let pageLimit = 1 << 20
    private static let headerLimit = 1 << 20

    init(job: CurlJob, options: TransportOptions) {
        self.job = job
        switch job {
        case .inMemory: limit = options.responseLimit
        case .toFile(let request): limit = request.limit ?? Int.max
        }
    }

    /// One header line, its end included. Anything but its length breaks the transfer off.
    mutating func header(_ line: UnsafeRawBufferPointer) -> Int {
        headerBytes += line.count
        guard headerBytes <= Self.headerLimit else {
            return refuse(.tooLarge, "more than \(Self.headerLimit) bytes of headers from \(ShownURL.text(job.url))")
        }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            // The lines of an interim answer such as 100 Continue are not those of the answer.
            headers.removeAll()
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        } else if let colon = text.firstIndex(of: ":") {
            let name = String(text[..<colon])
            headers.append(HTTPHeader(name, trimmed(text[text.index(after: colon)...])))
        }
        return line.count
    }

    /// One piece of the body. Anything but its length breaks the transfer off.
    mutating func body(_ piece: UnsafeRawBufferPointer) -> Int {
        switch job {
        case .inMemory:
            guard piece.count <= limit - bytes.count else {
                bytes = []
                return refuse(.tooLarge, "the answer of \(ShownURL.text(job.url)) is larger than \(limit) bytes")
            }
            bytes.append(contentsOf: piece)
            return piece.count
        case .toFile(let request):
            guard status == 200 || status == 206 else {
                dropped += piece.count
                hasEnough = dropped > Self.pageLimit
                return hasEnough ? 0 : piece.count
            }
            return file(piece, request)
        }
    }

    private mutating func file(_ piece: UnsafeRawBufferPointer, _ request: HTTPDownload) -> Int {
        if toSkip == nil {
            if status == 206, !isRange(from: request.offset) {
                return refuse(.other, "\(ShownURL.text(job.url)) answered with another part than was asked for")
            }
            toSkip = status == 200 ? request.offset : 0
        }
        let skipped = min(toSkip ?? 0, piece.count)
        toSkip = (toSkip ?? 0) - skipped
        let fresh = UnsafeRawBufferPointer(rebasing: piece[skipped...])
        guard !fresh.isEmpty else { return piece.count }
        guard fresh.count <= limit - written else {
            return refuse(.tooLarge, "\(ShownURL.text(job.url)) is larger than the \(limit) bytes that were expected")
        }
        var done = 0
        while done < fresh.count {
            let count = write(request.descriptor, fresh.baseAddress.map { $0 + done }, fresh.count - done)
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                return refuse(
                    .writeFailed(code),
                    "cannot write what \(ShownURL.text(job.url)) sends: \(String(cString: strerror(code)))")
            }
            done += count
        }
        written += done
        request.onBytes(fresh)
        return piece.count
    }

    /// Whether Content-Range, if it is there, begins at `offset`.
    private func isRange(from offset: Int) -> Bool {
        guard let range = headers["Content-Range"] else { return offset == 0 }
        let first = range.drop { $0 != " " }.dropFirst().prefix { $0.isNumber }
        return Int(first) == offset
    }

    private mutating func refuse(_ kind: HTTPFailure.Kind, _ message: String) -> Int {
        failure = HTTPFailure(kind: kind, url: job.url, message: message)
        // libcurl takes any other number than the length as an error; 0 differs from every piece that is not empty.
        return 0
    }

    private func trimmed(_ text: Substring) -> String {
        let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\n" || $0 == "\r\n" }
        let tail = text.drop(while: blank)
        guard let last = tail.lastIndex(where: { !blank($0) }) else { return "" }
        return String(tail[...last])
    }
}
