import ComposePhase
import PhaseStore

/// The feeds of the runs that somebody reads events of.
actor EventFeeds {
    private var feeds: [Int: (feed: EventFeed, uses: Int)] = [:]
    private let keeper: RunKeeper

    init(_ keeper: RunKeeper) { self.keeper = keeper }

    /// The feed of a run, up to date. To be given back when the reader is gone.
    func open(_ run: StoredRun, directory: String) async -> EventFeed {
        let feed: EventFeed
        if let known = feeds[run.id] {
            feeds[run.id]?.uses += 1
            feed = known.feed
        } else {
            feed = EventFeed(path: ComposeLayout(top: directory).path(ComposeLayout.events))
            feeds[run.id] = (feed, 1)
        }
        await feed.readOn(isOver: await isOver(run.id))
        return feed
    }

    func close(_ id: Int) {
        guard let known = feeds[id] else { return }
        feeds[id] = known.uses > 1 ? (known.feed, known.uses - 1) : nil
    }

    /// Reads on in all that are open.
    func readOn() async {
        for (id, known) in feeds { await known.feed.readOn(isOver: await isOver(id)) }
    }

    func beat() async {
        for known in feeds.values { await known.feed.beat() }
    }

    private func isOver(_ id: Int) async -> Bool { await keeper.current(id) == nil }
}
