import Koji

import CDispatch
import Glibc

/// Where the hub's time comes from; tests step it by hand.
package struct HubClock: Sendable {
    package let now: @Sendable () -> HubTime

    package init(now: @escaping @Sendable () -> HubTime) { self.now = now }

    /// The system's clock.
    package static let system = HubClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return HubTime(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}

/// The one place where the state lives: advances it to now, answers, and carries out the effects.
package actor HubCore {
    private var state: HubState
    private let tree: FileTree
    private let clock: HubClock
    private let log: @Sendable (String) -> Void

    /// - Parameter log: gets a line for each call and for each change of a task's state.
    /// - Throws: if the file tree cannot be made.
    package init(
        settings: RehearsalSettings, clock: HubClock, log: @escaping @Sendable (String) -> Void
    ) throws(HubFailure) {
        tree = try FileTree(root: settings.root)
        state = HubState(settings: settings, keySeed: UInt64.random(in: .min ... .max), now: clock.now())
        self.clock = clock
        self.log = log
    }

    /// The top of the file tree.
    package nonisolated var topdir: String { tree.root }

    /// Takes one request to the hub's URL at the present moment.
    ///
    /// - Parameter call: nil if the request was none.
    func receive(_ call: XMLRPCCall?, _ claims: RequestClaims) -> HubReception {
        advance()
        defer { performEffects() }
        return state.receive(call, claim: claims.session, front: claims.front)
    }

    /// Opens a file of the tree, with everything written that is due by now.
    func file(_ path: String) -> OpenedFile? {
        advance()
        state.countFileRequest()
        return tree.open(path)
    }

    /// One line about a task for people; nil if there is no such task.
    func sentence(about task: Int) -> String? {
        advance()
        return state.sentence(about: TaskID(task))
    }

    package func statistics() -> HubStatistics {
        advance()
        return state.statistics
    }

    /// The next `calls` calls are answered with fault 1014.
    package func goOffline(calls: Int) { state.offlineCallsLeft = calls }

    /// All calls within so much of the hub's time are answered with fault 1014.
    package func goOffline(for duration: Duration) {
        advance()
        state.goOffline(for: duration)
    }

    package func add(_ trouble: TroubleRule) { state.troubles.add(trouble) }

    package func removeTroubles() { state.troubles.removeAll() }

    package func expect(_ troubles: [TroubleRule]) { state.expect(troubles) }

    package var requests: Int { state.requests }

    package var imageBuilds: [RehearsedBuild] {
        advance()
        return state.imageBuilds
    }

    /// Ends all sessions as time would: their next call gets fault 1007.
    package func expireSessions() { state.expireSessions() }

    private func advance() {
        state.advance(to: clock.now())
        performEffects()
    }

    /// What cannot be written is told in the log: the protocol has no place for it, and a client will miss the file.
    private func performEffects() {
        for effect in state.takeEffects() {
            if case .log(let line) = effect {
                log(line)
                continue
            }
            do throws(HubFailure) {
                try tree.perform(effect)
            } catch {
                log("\(state.clock.text) error: \(error)")
            }
        }
    }
}

extension HubState {
    mutating func countFileRequest() { statistics.fileRequests += 1 }

    mutating func expireSessions() {
        for id in sessions.keys { sessions[id]?.isExpired = true }
    }

    /// A task in one line.
    func sentence(about id: TaskID) -> String? {
        task(id).map { "Task \(id): \(describe($0)), \($0.state.name)" }
    }
}
