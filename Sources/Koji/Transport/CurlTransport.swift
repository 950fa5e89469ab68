import Synchronization

/// HTTP by libcurl: many requests at once on one thread of its own.
///
/// The thread ends when the transport is closed or let go.
package final class CurlTransport: HTTPTransport {
    private let loop: CurlLoop
    private let nextID = Atomic<Int>(0)

    /// - Parameter options: limits and names; the same for every request.
    package init(options: TransportOptions) {
        loop = CurlLoop(options: options)
        loop.start()
    }

    /// Whether this machine's libcurl can show Kerberos tickets.
    package static var hasTickets: Bool { CurlLoop.hasTickets }

    deinit { loop.post(.stop(nil)) }

    /// Ends every request as cancelled and waits until the thread has let go of everything. Later requests fail.
    package func close() async {
        await withCheckedContinuation { loop.post(.stop($0)) }
    }

    package func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let outcome = try await run(.inMemory(request))
        return HTTPResponse(
            status: outcome.status, headers: outcome.headers, body: outcome.body, ticketTrouble: outcome.ticketTrouble)
    }

    package func download(_ download: HTTPDownload) async throws(HTTPFailure) -> HTTPDownloadResult {
        let outcome = try await run(.toFile(download))
        return HTTPDownloadResult(status: outcome.status, headers: outcome.headers, bytes: outcome.written)
    }

    private func run(_ job: CurlJob) async throws(HTTPFailure) -> CurlOutcome {
        let id = nextID.wrappingAdd(1, ordering: .relaxed).newValue
        if Task.isCancelled {
            throw HTTPFailure(
                kind: .cancelled, url: job.url, message: "the request to \(ShownURL.text(job.url)) was cancelled")
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.post(.begin(id, job, continuation))
                // A cancellation that came before the line above was posted for an id that nobody knew yet.
                if Task.isCancelled { loop.post(.cancel(id)) }
            }
        } onCancel: {
            loop.post(.cancel(id))
        }
        return try result.get()
    }
}
