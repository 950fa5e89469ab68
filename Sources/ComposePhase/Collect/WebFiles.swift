import Glibc
package import Koji

/// Fetches over HTTP from below the hub's topurl.
package struct WebFiles: ResultFiles {
    private let topurl: String
    private let transport: any HTTPTransport

    package init(topurl: String, transport: any HTTPTransport) {
        self.topurl = topurl.hasSuffix("/") ? String(topurl.dropLast()) : topurl
        self.transport = transport
    }

    package func location(of path: String) -> String { "\(topurl)/\(PathInfo.percentEncoded(path))" }

    package func fetch(
        _ path: String, to destination: String, digest: RunningDigest
    ) async throws(TaskFailure) -> Int {
        let descriptor = open(destination, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(destination, "write", errno) }
        defer { close(descriptor) }
        let url = location(of: path)
        let result: HTTPDownloadResult
        do {
            result = try await transport.download(
                HTTPDownload(url: url, descriptor: descriptor, onBytes: { digest.update($0) }))
        } catch {
            if let code = error.errno { throw failure(destination, "write", code) }
            throw TaskFailure(kind: .notCollected, message: error.message, url: url)
        }
        guard result.status == 200 else {
            throw TaskFailure(
                kind: .notCollected,
                message: "the hub's file server answered \(result.status) for \(path.split(separator: "/").last ?? "")",
                url: url)
        }
        guard fsync(descriptor) == 0 else { throw failure(destination, "write", errno) }
        return result.bytes
    }

    private func failure(_ path: String, _ operation: String, _ code: Int32) -> TaskFailure {
        let error = AtomicFile.Failure(path: path, operation: operation, code: code)
        return TaskFailure(
            kind: error.isFatalForCompose ? .composeUnusable : .notCollected, message: error.description)
    }
}
