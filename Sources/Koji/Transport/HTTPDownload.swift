/// Fetching a file into an open descriptor.
package struct HTTPDownload: Sendable {
    package var url: String
    package var headers: [HTTPHeader]
    /// Bytes that are there already. Where the server cannot send a part, it sends the whole, and these are passed over.
    package var offset: Int
    /// Open for writing, at the place where the first new byte belongs. It stays the caller's.
    package var descriptor: Int32
    /// More new bytes than this are refused, before they are written; nil is no limit.
    package var limit: Int?
    /// Sees every new byte in order, after it was written, on the transport's own thread: be quick.
    package var onBytes: @Sendable (UnsafeRawBufferPointer) -> Void

    package init(
        url: String, headers: [HTTPHeader] = [], offset: Int = 0, descriptor: Int32, limit: Int? = nil,
        onBytes: @escaping @Sendable (UnsafeRawBufferPointer) -> Void = { _ in }
    ) {
        self.url = url
        self.headers = headers
        self.offset = offset
        self.descriptor = descriptor
        self.limit = limit
        self.onBytes = onBytes
    }
}

/// What came of a download.
package struct HTTPDownloadResult: Sendable, Hashable {
    /// 200 or 206 when a file came; 416 when nothing lies behind the offset.
    package var status: Int
    package var headers: HTTPHeaders
    /// Bytes written.
    package var bytes: Int

    package init(status: Int, headers: HTTPHeaders = HTTPHeaders(), bytes: Int) {
        self.status = status
        self.headers = headers
        self.bytes = bytes
    }
}
