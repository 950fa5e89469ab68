import ComposePhase
import Foundation
import RehearsalHub

/// A clock that runs faster than the real one, the same for the schedule, for waits between tries and for the hub.
struct ScaledTime: ScheduleClock {
    /// Seconds of this clock in a real one.
    let factor: Double
    private let start: Double

    init(factor: Double) {
        self.factor = factor
        start = Date().timeIntervalSince1970
    }

    func now() -> Instant {
        Instant(seconds: start + (Date().timeIntervalSince1970 - start) * factor)
    }

    func sleep(seconds: Double) async throws { try await Task.sleep(for: .seconds(seconds / factor)) }

    var hubClock: HubClock {
        HubClock { HubTime(microseconds: Int64(now().seconds * 1_000_000)) }
    }
}
