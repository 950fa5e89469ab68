import ComposePhase
import Glibc
import Synchronization

/// All that may end a run from outside: signals, and a request of `cancel` from another shell or host.
final class RunStops: Sendable {
    private let signals: SignalWatch
    private let layout: ComposeLayout
    private let leavesOnTerm: Bool
    private let leavesWithCaller: Bool
    private let poll = Mutex<Task<Void, Never>?>(nil)
    private let wasInterrupted = Mutex(false)

    init(signals: SignalWatch, layout: ComposeLayout, leavesOnTerm: Bool, leavesWithCaller: Bool = false) {
        self.signals = signals
        self.layout = layout
        self.leavesOnTerm = leavesOnTerm
        self.leavesWithCaller = leavesWithCaller
    }

    func watch(_ scheduler: Scheduler) {
        signals.onSignal { [self] number in take(number, scheduler) }
        let layout = layout
        let leavesWithCaller = leavesWithCaller
        let task = Task {
            while !Task.isCancelled {
                if let by = CancelRequest.by(in: layout) { return scheduler.stop(.cancelRequested(by: by)) }
                if leavesWithCaller, Self.inputHasEnded { return scheduler.stop(.leaving) }
                try? await Task.sleep(for: .seconds(1))
            }
        }
        poll.withLock { $0 = task }
    }

    /// Whoever held the other end of the pipe on standard input is gone, however it ended.
    private static var inputHasEnded: Bool {
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&input, 1, 0) > 0 && Int32(input.revents) & (POLLHUP | POLLERR | POLLNVAL) != 0
    }

    /// The run is over; a signal from here on ends the process by itself.
    func end() {
        poll.withLock { $0?.cancel() }
    }

    /// The first signal cancels what was submitted, or leaves it where SIGTERM shall; a second SIGINT ends at once.
    private func take(_ number: Int32, _ scheduler: Scheduler) {
        let isFirst = wasInterrupted.withLock { seen in
            defer { seen = true }
            return !seen
        }
        if isFirst || number != SIGINT {
            scheduler.stop(number == SIGTERM && leavesOnTerm ? .leaving : .signal(number))
            return
        }
        Task {
            for (task, hubTask) in await scheduler.onHub {
                Console.line("still on the hub: task \(hubTask) (\(task)); cancel it with: koji cancel \(hubTask)")
            }
            Console.line("what is left running can be taken up with: phase-runner resume \(layout.top)")
            exit(ExitStatus.interrupted.rawValue)
        }
    }
}
