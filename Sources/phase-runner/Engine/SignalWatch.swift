import Glibc
import Synchronization
import UnixSignals

/// Turns SIGHUP, SIGINT and SIGTERM into calls.
final class SignalWatch: Sendable {
    private let handler = Mutex<(@Sendable (Int32) -> Void)?>(nil)

    /// From here on the signals do not end the process by themselves.
    init() async {
        let signals = await UnixSignalsSequence(trapping: .sighup, .sigint, .sigterm)
        Task { [self] in
            for await signal in signals { take(signal.rawValue) }
        }
    }

    /// What is done about a signal; until it is set, a signal ends the process: nothing was submitted yet.
    func onSignal(_ action: @escaping @Sendable (Int32) -> Void) { handler.withLock { $0 = action } }

    private func take(_ number: Int32) {
        if let action = handler.withLock({ $0 }) {
            action(number)
        } else {
            _exit(128 + number)
        }
    }
}
