import CLibCurl
import Glibc
import Synchronization

/// What the loop's thread is told. Every continuation is resumed exactly once.
enum CurlCommand: Sendable {
    case begin(Int, CurlJob, CheckedContinuation<Result<CurlOutcome, HTTPFailure>, Never>)
    case cancel(Int)
    case stop(CheckedContinuation<Void, Never>?)
}

/// The thread that owns libcurl's handles.
///
/// Other threads leave commands in the inbox and wake it; everything else happens on the thread itself, so no handle
/// is ever shared.
final class CurlLoop: Sendable {
    /// `curl_multi_wakeup` is the only call that libcurl allows from other threads; it is made under the inbox's lock,
    /// and the thread closes the inbox under the same lock before it frees the handle.
    private struct MultiHandle: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer
    }

    private struct Inbox {
        var commands: [CurlCommand] = []
        /// nil once the thread takes no commands any more.
        var multi: MultiHandle?
    }

    private let options: TransportOptions
    private let inbox: Mutex<Inbox>

    /// Once in a process, before any other call; kept until its end.
    private static let isInitialised = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    /// Whether logins by Kerberos ticket are possible at all.
    static let hasTickets = clibcurl_has_negotiate() != 0

    init(options: TransportOptions) {
        self.options = options
        let multi = Self.isInitialised ? curl_multi_init() : nil
        if let multi {
            _ = clibcurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, options.connectionsPerHost)
            _ = clibcurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, options.connectionsPerHost * 4)
        }
        inbox = Mutex(Inbox(multi: multi.map { MultiHandle(pointer: $0) }))
    }

    /// Starts the thread. It holds the loop until it is told to stop.
    func start() {
        var thread = pthread_t()
        let loop = Unmanaged.passRetained(self)
        let status = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<CurlLoop>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, loop.toOpaque())
        if status == 0 {
            pthread_detach(thread)
        } else {
            loop.release()
            if let multi = shut().multi { curl_multi_cleanup(multi.pointer) }
        }
    }

    /// Leaves a command for the thread. When there is none any more the command is answered here.
    func post(_ command: CurlCommand) {
        let isTaken = inbox.withLock { inbox in
            guard let multi = inbox.multi else { return false }
            inbox.commands.append(command)
            curl_multi_wakeup(multi.pointer)
            return true
        }
        if !isTaken { refuse(command) }
    }

    private func refuse(_ command: CurlCommand) {
        switch command {
        case .begin(_, let job, let continuation):
            let message = "no request to \(ShownURL.text(job.url)): the transport is closed"
            continuation.resume(returning: .failure(HTTPFailure(kind: .cancelled, url: job.url, message: message)))
        case .cancel:
            break
        case .stop(let continuation):
            continuation?.resume()
        }
    }

    /// From here on nobody leaves commands or wakes the thread. What the inbox held.
    private func shut() -> (commands: [CurlCommand], multi: MultiHandle?) {
        inbox.withLock { inbox in
            defer { inbox = Inbox() }
            return (inbox.commands, inbox.multi)
        }
    }

    // MARK: On the thread

    private func run() {
        guard let multi = inbox.withLock({ $0.multi })?.pointer else { return }
        var transfers: [Int: CurlTransfer] = [:]
        var stopped: [CheckedContinuation<Void, Never>?] = []
        while stopped.isEmpty {
            for command in takeCommands() {
                switch command {
                case .begin(let id, let job, let continuation):
                    transfers[id] = begin(id, job, continuation, on: multi)
                case .cancel(let id):
                    guard let transfer = transfers.removeValue(forKey: id) else { continue }
                    curl_multi_remove_handle(multi, transfer.easy)
                    transfer.finishCancelled()
                case .stop(let continuation):
                    stopped.append(continuation)
                }
            }
            guard stopped.isEmpty else { break }
            var running: Int32 = 0
            _ = curl_multi_perform(multi, &running)
            if collect(multi, &transfers) { continue }
            if curl_multi_poll(multi, nil, 0, 60_000, nil) != CURLM_OK {
                // Never seen; without a pause it would take a whole core.
                usleep(10_000)
            }
        }
        for transfer in transfers.values {
            curl_multi_remove_handle(multi, transfer.easy)
            transfer.finishCancelled()
        }
        transfers.removeAll()
        let left = shut().commands
        curl_multi_cleanup(multi)
        for command in left { refuse(command) }
        for continuation in stopped { continuation?.resume() }
    }

    private func takeCommands() -> [CurlCommand] {
        inbox.withLock { inbox in
            defer { inbox.commands.removeAll(keepingCapacity: true) }
            return inbox.commands
        }
    }

    /// nil if the request cannot be begun; its caller is then answered.
    private func begin(
        _ id: Int, _ job: CurlJob, _ continuation: CheckedContinuation<Result<CurlOutcome, HTTPFailure>, Never>,
        on multi: UnsafeMutableRawPointer
    ) -> CurlTransfer? {
        if let failure = job.refusal {
            continuation.resume(returning: .failure(failure))
            return nil
        }
        guard let transfer = CurlTransfer(id: id, job: job, options: options, continuation: continuation),
            curl_multi_add_handle(multi, transfer.easy) == CURLM_OK
        else {
            let message = "cannot ask \(ShownURL.text(job.url)): libcurl cannot prepare the request"
            continuation.resume(returning: .failure(HTTPFailure(kind: .other, url: job.url, message: message)))
            return nil
        }
        return transfer
    }

    /// Ends the transfers that libcurl has finished. Whether there were any.
    private func collect(_ multi: UnsafeMutableRawPointer, _ transfers: inout [Int: CurlTransfer]) -> Bool {
        var any = false
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            // The message is gone once its handle is removed.
            let code = clibcurl_message_result(message)
            curl_multi_remove_handle(multi, easy)
            any = true
            guard let id = CurlTransfer.id(of: easy), let transfer = transfers.removeValue(forKey: id) else { continue }
            transfer.finish(code)
        }
        return any
    }
}
