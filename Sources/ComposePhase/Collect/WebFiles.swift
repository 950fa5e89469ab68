import Glibc
package import Koji
import Synchronization

/// Fetches over HTTP from below the hub's topurl, straight to disk.
package struct WebFiles: ResultFiles {
    private let topurl: String
    private let transport: any HTTPTransport
    private let retry: RetryPolicy
    private let sleep: @Sendable (Double) async throws -> Void
    private let warn: @Sendable (String) -> Void
    package let atOnce: Int

    /// How often a file that is not there is asked for: web servers see an NFS export late, too.
    private static let looksForMissing = 4

    /// - Parameters:
    ///   - atOnce: how many files are fetched at the same time.
    ///   - retry: how long a fetch that broke is taken up again; its reading budget counts.
    ///   - sleep: waits so many seconds.
    ///   - warn: is told of every wait.
    package init(
        topurl: String, transport: any HTTPTransport, atOnce: Int = 4, retry: RetryPolicy = .standard,
        sleep: @escaping @Sendable (Double) async throws -> Void, warn: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.topurl = topurl.hasSuffix("/") ? String(topurl.dropLast()) : topurl
        self.transport = transport
        self.atOnce = atOnce
        self.retry = retry
        self.sleep = sleep
        self.warn = warn
    }

    package func location(of path: String) -> String { "\(topurl)/\(PathInfo.percentEncoded(path))" }

    package func fetch(
        _ file: WantedFile, digests kinds: Set<String>, to partial: String, again: Bool
    ) async throws(FetchFailure) -> HeldFile {
        do throws(FetchFailure) {
            let fetch = try Fetch(
                file, url: location(of: file.path), kinds: kinds, to: partial,
                // Without a digest nobody could tell whether the old part and the new one belong together.
                continuing: !again && file.digest != nil, pastCaches: again)
            defer { fetch.close() }
            try await bring(fetch)
            let digests = try await fetch.finish()
            try FileProof.check(fetch.got, digests, against: file)
            return HeldFile(place: .partial(partial), size: fetch.got, digests: digests)
        } catch {
            unlink(partial)
            throw error
        }
    }

    /// Asks for the file, and after each break for the rest of it, until it is whole.
    private func bring(_ fetch: Fetch) async throws(FetchFailure) {
        var waits = 0
        var slept = 0.0
        var missing = 0
        while !fetch.isWhole {
            let trouble: String
            switch try await attempt(fetch) {
            case .whole: return
            case .broke(let text): trouble = text
            case .absent(let text):
                missing += 1
                guard missing < Self.looksForMissing else { throw final(text, fetch.url) }
                trouble = text
            }
            let wait = retry.wait(waits, chance: Double.random(in: 0...1))
            let isInTime = slept + wait <= retry.readBudget
            if isInTime { warn("\(trouble); again in \((wait * 10).rounded() / 10) s") }
            guard isInTime, await pause(wait) else { throw final(trouble, fetch.url) }
            waits += 1
            slept += wait
        }
    }

    private enum Attempt {
        case whole
        case broke(String)
        case absent(String)
    }

    /// One request.
    private func attempt(_ fetch: Fetch) async throws(FetchFailure) -> Attempt {
        let answer: HTTPDownloadResult
        do {
            answer = try await transport.download(fetch.request)
        } catch {
            if let code = error.errno {
                throw .final(AtomicFile.Failure(path: fetch.partial, operation: "write", code: code).asTaskFailure)
            }
            if error.kind == .tooLarge { throw .wrongBytes(error.message) }
            if error.isRetryable { return .broke(error.message) }
            throw final(error.message, fetch.url)
        }
        let text = "the hub's file server answered \(answer.status) for \(fetch.file.name)"
        switch answer.status {
        case 200, 206:
            guard fetch.isOfOnePiece(answer.headers) else {
                try await fetch.startOver()
                return .broke("\(fetch.file.name) changed on the hub's file server while it was fetched")
            }
            if let size = fetch.file.size, fetch.got < size {
                return .broke("\(text), and ended after \(fetch.got) of \(size) bytes")
            }
            return .whole
        case 416:
            // Nothing lies behind what is here already: the part is not of this file, or a proxy is confused.
            try await fetch.startOver()
            return .broke(text)
        case 404, 410: return .absent(text)
        case 408, 429, 500...: return .broke(text)
        case 300..<400:
            throw final(
                "\(text): it points to \(answer.headers["Location"].map(ShownURL.text) ?? "another place"); correct topurl in the"
                    + " Koji profile", fetch.url)
        default: throw final(text, fetch.url)
        }
    }

    private func final(_ message: String, _ url: String) -> FetchFailure {
        .final(TaskFailure(kind: .notCollected, message: message, url: url))
    }

    private func pause(_ seconds: Double) async -> Bool {
        do {
            try await sleep(seconds)
            return true
        } catch {
            return false
        }
    }
}
