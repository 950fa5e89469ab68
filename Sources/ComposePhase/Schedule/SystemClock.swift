import Glibc

/// The machine's own clock.
package struct SystemClock: ScheduleClock {
    package init() {}

    package func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(seconds: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
    }

    package func sleep(seconds: Double) async throws { try await Task.sleep(for: .seconds(seconds)) }
}
