/// Waits for a task no longer than one wants to.
enum FirstOf {
    /// Whether the task ended within so many seconds. One that does not is left behind: a task group would wait for it.
    static func ends(_ task: Task<Void, Never>, within seconds: Double) async -> Bool {
        let (ends, end) = AsyncStream<Bool>.makeStream(bufferingPolicy: .bufferingOldest(1))
        let waiting = Task {
            await task.value
            end.yield(true)
        }
        let timer = Task {
            try await Task.sleep(for: .seconds(seconds))
            end.yield(false)
        }
        var first: Bool?
        for await end in ends {
            first = end
            break
        }
        waiting.cancel()
        timer.cancel()
        return first ?? false
    }
}
