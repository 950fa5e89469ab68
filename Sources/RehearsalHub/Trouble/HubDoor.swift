import NIOCore

/// Whether the hub's port listens. Closed, it refuses connections as a hub does that is being restarted.
actor HubDoor {
    private var listening: (any Channel)?
    private var isClosed = false
    /// How often it was closed: a server that ends by itself looks whether that was why.
    private(set) var timesClosed = 0
    private var hasEnded = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    private nonisolated let closings = AsyncStream.makeStream(of: Duration?.self)
    private nonisolated let openings = AsyncStream.makeStream(of: Void.self)

    /// The server has begun to listen.
    func opened(_ channel: any Channel) async {
        // Closed while it was being opened.
        if isClosed {
            try? await channel.close().get()
            return
        }
        listening = channel
        resumeAll()
    }

    /// The server has ended for good.
    func ended() {
        hasEnded = true
        resumeAll()
    }

    var isListening: Bool { listening != nil }

    /// Stops listening. From the return on connections are refused; nothing happens to a door that is closed already.
    ///
    /// - Parameter duration: after which it listens again by itself; nil means not before it is told to.
    func close(for duration: Duration?) async {
        guard !isClosed, !hasEnded else { return }
        isClosed = true
        timesClosed += 1
        let channel = listening
        listening = nil
        try? await channel?.close().get()
        closings.continuation.yield(duration)
    }

    /// Listens again, and returns once it does.
    func open() async {
        if isClosed {
            isClosed = false
            openings.continuation.yield()
        }
        guard listening == nil, !hasEnded else { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Waits until the door is closed.
    ///
    /// - Returns: for how long; nil until it is told to open.
    nonisolated func closing() async -> Duration? {
        for await duration in closings.stream { return duration }
        return nil
    }

    /// Waits until the door may be opened again.
    func opening(after duration: Duration?) async {
        let end = duration.map { ContinuousClock.now + $0 }
        // A word to open may be left from the last time, so the door itself is asked again.
        while isClosed, !Task.isCancelled {
            let isTimeOver = await withTaskGroup(of: Bool.self) { group in
                group.addTask { [openings] in
                    for await _ in openings.stream { return false }
                    return false
                }
                if let end { group.addTask { (try? await Task.sleep(until: end, clock: .continuous)) != nil } }
                defer { group.cancelAll() }
                return await group.next() ?? false
            }
            if isTimeOver { isClosed = false }
        }
    }

    private func resumeAll() {
        for continuation in waiting { continuation.resume() }
        waiting.removeAll()
    }
}
