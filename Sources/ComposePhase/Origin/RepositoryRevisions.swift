import Koji

/// In which states the repositories of a run have been seen, so that an image's origin can tell what it was built from.
///
/// Each repository is looked at when the run begins, and again when an image is collected and the last look is some
/// minutes old; never twice at the same time.
package actor RepositoryRevisions {
    /// What a repository was like when an image was built from it.
    package struct Look: Sendable, Hashable {
        /// Its state when the build began, as far as somebody looked; nil where nobody could.
        package var index: RepositoryIndex?
        /// States that it was seen in later: the image may hold these, too.
        package var later: [RepositoryIndex]
        /// Why ``index`` is nil, or why nobody knows of the end; nil also where it was not to be asked for.
        package var trouble: String?
    }

    private struct Sighting {
        let index: RepositoryIndex
        /// Seconds since 1970: when it was seen first.
        let first: Double
    }

    private struct Entry {
        var sightings: [Sighting] = []
        var lastLook = -Double.infinity
        var trouble: String?
        var looking: Task<Void, Never>?
    }

    private let files: RepositoryFiles
    private let freshness: Double
    private let now: @Sendable () -> Double
    private var entries: [String: Entry] = [:]

    /// - Parameters:
    ///   - freshness: seconds for which a look is good.
    ///   - now: seconds since 1970.
    package init(files: RepositoryFiles, freshness: Double = 300, now: @escaping @Sendable () -> Double) {
        self.files = files
        self.freshness = freshness
        self.now = now
    }

    /// Starts to look at all repositories, a few at a time, and returns at once: no submit waits for it.
    package nonisolated func begin(_ urls: Set<String>) {
        guard !urls.isEmpty else { return }
        Task {
            await withTaskGroup(of: Void.self) { group in
                for (number, url) in urls.sorted().enumerated() {
                    if number >= 4 { await group.next() }
                    group.addTask { await self.refresh(url) }
                }
            }
        }
    }

    /// What a repository was like for a build.
    ///
    /// - Parameter start: when the build began, in seconds since 1970; nil counts as the begin of the run.
    package func look(at url: String, start: Double?) async -> Look {
        await refresh(url)
        let entry = entries[url] ?? Entry()
        // Nobody may have looked before it began; then the earliest look is the nearest.
        let chosen = entry.sightings.lastIndex { $0.first <= start ?? -.infinity } ?? 0
        var later: [RepositoryIndex] = []
        for sighting in entry.sightings.dropFirst(chosen + 1) where !later.contains(sighting.index) {
            later.append(sighting.index)
        }
        let index = entry.sightings.indices.contains(chosen) ? entry.sightings[chosen].index : nil
        return Look(index: index, later: later.filter { $0 != index }, trouble: entry.trouble)
    }

    /// Looks unless somebody has just looked, or is looking, whom it waits for. Who is cancelled takes the look with it:
    /// a run that stops waits for no server.
    private func refresh(_ url: String) async {
        if let looking = entries[url]?.looking { return await Self.wait(for: looking) }
        let time = now()
        guard time - (entries[url]?.lastLook ?? -.infinity) >= freshness else { return }
        let task = Task { await self.see(url, at: time) }
        entries[url, default: Entry()].looking = task
        await Self.wait(for: task)
    }

    private static func wait(for look: Task<Void, Never>) async {
        await withTaskCancellationHandler {
            await look.value
        } onCancel: {
            look.cancel()
        }
    }

    private func see(_ url: String, at time: Double) async {
        var trouble: String?
        var seen: RepositoryIndex?
        do throws(RepositoryFiles.Trouble) {
            let bytes = try await files.read(RepositoryIndex.path, below: url)
            do throws(RepositoryIndex.Unreadable) {
                seen = try RepositoryIndex.read(bytes, name: "\(ShownURL.text(url))/\(RepositoryIndex.path)")
            } catch {
                trouble = error.message
            }
        } catch {
            if case .unreadable(let reason) = error { trouble = reason }
        }
        var entry = entries[url] ?? Entry()
        entry.looking = nil
        // One that was cut short tells nothing; others look again.
        defer { entries[url] = entry }
        guard !Task.isCancelled else { return }
        entry.lastLook = time
        entry.trouble = trouble
        if let seen, entry.sightings.last?.index != seen { entry.sightings.append(Sighting(index: seen, first: time)) }
    }
}
