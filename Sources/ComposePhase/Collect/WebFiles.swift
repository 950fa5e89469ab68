import Glibc
package import Koji
import Synchronization

/// Fetches over HTTP from below the hub's topurl.
package struct WebFiles: ResultFiles {
    private let topurl: String
    private let transport: any HTTPTransport
    private let retry: RetryPolicy
    private let sleep: @Sendable (Double) async throws -> Void
    private let warn: @Sendable (String) -> Void

    /// - Parameters:
    ///   - retry: how long a fetch that broke is taken up again; its reading budget counts.
    ///   - sleep: waits so many seconds.
    ///   - warn: is told of every wait.
    package init(
        topurl: String, transport: any HTTPTransport, retry: RetryPolicy = .standard,
        sleep: @escaping @Sendable (Double) async throws -> Void, warn: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.topurl = topurl.hasSuffix("/") ? String(topurl.dropLast()) : topurl
        self.transport = transport
        self.retry = retry
        self.sleep = sleep
        self.warn = warn
    }

    package func location(of path: String) -> String { "\(topurl)/\(PathInfo.percentEncoded(path))" }

    package func fetch(
        _ path: String, to destination: String, digest: RunningDigest
    ) async throws(TaskFailure) -> Int {
        let descriptor = open(destination, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(destination, "write", errno) }
        defer { close(descriptor) }
        let url = location(of: path)
        let got = Atomic<Int>(0)
        var modified: String?
        var waits = 0
        var slept = 0.0
        while true {
            // What is here already is not asked for again.
            let request = HTTPDownload(
                url: url, offset: got.load(ordering: .relaxed), descriptor: descriptor,
                onBytes: {
                    digest.update($0)
                    got.wrappingAdd($0.count, ordering: .relaxed)
                })
            guard let trouble = try await trouble(request, path, destination, &modified) else { break }
            let wait = retry.wait(waits, chance: Double.random(in: 0...1))
            let isInTime = slept + wait <= retry.readBudget
            if isInTime { warn("\(trouble); again in \((wait * 10).rounded() / 10) s") }
            guard isInTime, await pause(wait) else {
                throw TaskFailure(kind: .notCollected, message: trouble, url: url)
            }
            waits += 1
            slept += wait
        }
        Self.stamp(descriptor, modified)
        guard fsync(descriptor) == 0 else { throw failure(destination, "write", errno) }
        return got.load(ordering: .relaxed)
    }

    /// One try. What went wrong, if another one may help; nil when the file is whole.
    private func trouble(
        _ request: HTTPDownload, _ path: String, _ destination: String, _ modified: inout String?
    ) async throws(TaskFailure) -> String? {
        let status: Int
        do {
            let answer = try await transport.download(request)
            status = answer.status
            modified = answer.headers["Last-Modified"]
        } catch {
            if let code = error.errno { throw failure(destination, "write", code) }
            if error.isRetryable { return error.message }
            throw TaskFailure(kind: .notCollected, message: error.message, url: request.url)
        }
        if status == 200 || status == 206 { return nil }
        let text = "the hub's file server answered \(status) for \(path.split(separator: "/").last ?? "")"
        if status >= 500 || status == 408 || status == 429 { return text }
        throw TaskFailure(kind: .notCollected, message: text, url: request.url)
    }

    /// Gives the file the builder's time, as a link or a copy from the mounted tree has it: the metadata then say the same
    /// whichever way it came, and whenever. Without a time that can be read it is that of the fetch.
    private static func stamp(_ descriptor: Int32, _ modified: String?) {
        guard let modified, let seconds = HTTPDate.seconds(modified), seconds > 0 else { return }
        let time = timespec(tv_sec: seconds, tv_nsec: 0)
        var times = [time, time]
        futimens(descriptor, &times)
    }

    private func pause(_ seconds: Double) async -> Bool {
        do {
            try await sleep(seconds)
            return true
        } catch {
            return false
        }
    }

    private func failure(_ path: String, _ operation: String, _ code: Int32) -> TaskFailure {
        let error = AtomicFile.Failure(path: path, operation: operation, code: code)
        return TaskFailure(
            kind: error.isFatalForCompose ? .composeUnusable : .notCollected, message: error.description)
    }
}
