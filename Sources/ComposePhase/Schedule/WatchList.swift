package import Koji

/// What a round of watching asks about.
package struct WatchList: Sendable, Hashable {
    package struct Tree: Sendable, Hashable {
        package let task: ImageTaskID
        package let parent: TaskID
        /// Arch children that are known and not final.
        package let arches: [ArchObservation]
        /// Whether children are missing that the parent may have made by now.
        package let wantsChildren: Bool
    }

    package var trees: [Tree] = []

    /// One request for every 500 image builds, parents and arch children together (a request then keeps one worker of
    /// the hub busy for under a second, measured).
    package func slices(of size: Int = 500) -> [WatchList] {
        stride(from: 0, to: trees.count, by: size).map {
            WatchList(trees: Array(trees[$0..<min($0 + size, trees.count)]))
        }
    }

    /// The ids whose state is asked for.
    package var ids: [TaskID] { trees.flatMap { [$0.parent] + $0.arches.map(\.id) } }

    /// The parents whose children are asked for.
    package var parentsWithoutChildren: [TaskID] { trees.filter(\.wantsChildren).map(\.parent) }
}

/// How often to look.
package struct WatchPace: Sendable, Hashable {
    /// Seconds between rounds while few tasks are unfinished.
    package var shortest: Double
    /// Up to this many unfinished tasks the shortest pause is used, whatever a round costs.
    package var fewTasks: Int
    /// The greatest share of time that the hub may be busy with us.
    package var share: Double

    /// Seconds between two questions why tasks wait.
    package var reasonsEvery: Double
    /// Seconds between looks for a task whose answer was lost: together longer than the submit itself may have taken.
    package var lookUps: [Double] = [5, 20, 60, 60]
    /// Seconds after which no hub is still busy with a submit.
    static let longestSubmit = 300.0

    package init(shortest: Double = 10, fewTasks: Int = 200, share: Double = 0.05, reasonsEvery: Double = 60) {
        self.reasonsEvery = reasonsEvery
        self.shortest = shortest
        self.fewTasks = fewTasks
        self.share = share
    }

    /// The same for a hub that is given so many seconds to answer: what is lost is not looked for any longer.
    package func waitingAtMost(_ patience: Double) -> WatchPace {
        var pace = self
        var left = patience
        pace.lookUps = lookUps.compactMap { pause in
            defer { left -= pause }
            return left > 0 ? min(pause, left) : nil
        }
        return pace
    }

    /// Seconds to wait after a round that took `seconds` of the hub's time.
    package func pause(afterRoundOf seconds: Double, unfinished: Int) -> Double {
        unfinished <= fewTasks ? shortest : max(shortest, seconds / share)
    }
}
