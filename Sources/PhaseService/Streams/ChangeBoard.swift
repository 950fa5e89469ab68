package import ProductMD

/// What the readers of a stream are to know now, item by item.
///
/// A reader asks for what has changed since it last read. One that is slow misses states in between and never holds up
/// anybody: nothing is queued for it.
package actor ChangeBoard {
    /// One thing that readers know by its key.
    package struct Item: Sendable {
        /// The name of the event.
        package let kind: String
        package let key: String
        package let value: JSONValue
        let version: Int
        /// Tells whether another value is news.
        let mark: JSONValue
    }

    /// What has changed.
    package struct Changes: Sendable {
        /// To be given when asking for the next.
        package let version: Int
        /// In the order of their changes; empty when it was time to say that one is still here.
        package let items: [Item]
        /// Nothing more will come.
        package let isOver: Bool
    }

    private var version = 0
    private var items: [String: Item] = [:]
    private var isOver = false
    private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    private var tickets = 0

    package init() {}

    /// Puts an item up.
    ///
    /// - Parameter mark: what makes it news when it differs; nil is the value itself.
    package func put(_ key: String, kind: String, _ value: JSONValue, mark: JSONValue? = nil) {
        let mark = mark ?? value
        guard items[key]?.mark != mark else { return }
        version += 1
        items[key] = Item(kind: kind, key: key, value: value, version: version, mark: mark)
        wake()
    }

    /// Takes an item down; readers are not told.
    package func remove(_ key: String) { items[key] = nil }

    /// Says that nothing more will come.
    package func end() {
        isOver = true
        wake()
    }

    /// Lets every reader that waits say that it is still here.
    package func beat() { wake() }

    /// Everything that is up now.
    package func all() -> Changes { changes(since: 0) }

    /// Waits until something has changed since then, or for the next beat.
    package func next(after seen: Int) async -> Changes {
        if seen >= version, !isOver {
            tickets += 1
            let ticket = tickets
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    if Task.isCancelled { return continuation.resume() }
                    waiting[ticket] = continuation
                }
            } onCancel: {
                Task { await self.wake(ticket) }
            }
        }
        return changes(since: seen)
    }

    private func changes(since seen: Int) -> Changes {
        Changes(
            version: version,
            items: items.values.filter { $0.version > seen }.sorted { $0.version < $1.version },
            isOver: isOver)
    }

    private func wake() {
        let all = waiting.values
        waiting = [:]
        for continuation in all { continuation.resume() }
    }

    private func wake(_ ticket: Int) { waiting.removeValue(forKey: ticket)?.resume() }
}
