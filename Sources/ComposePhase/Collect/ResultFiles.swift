package import Koji

/// Where the hub's files are to be had: its mounted file tree, the web server in front of it, or a cache of that.
package protocol ResultFiles: Sendable {
    /// Fetches a file and reads all of it once: what is returned has the size and the digest that the hub recorded.
    ///
    /// - Parameters:
    ///   - kinds: the digests that are wanted, e.g. `sha256`. The hub's own kind is taken besides.
    ///   - partial: where the bytes may lie while they come, and afterwards. What a process that was killed left there is
    ///     gone on with where that is safe. On a failure nothing stays.
    ///   - again: what came before was wrong: no cache may answer this time.
    /// - Throws: ``FetchFailure/wrongBytes(_:)`` when another fetch may help.
    func fetch(
        _ file: WantedFile, digests kinds: Set<String>, to partial: String, again: Bool
    ) async throws(FetchFailure) -> HeldFile

    /// The file's place as a person would look it up.
    func location(of path: String) -> String

    /// How many files are fetched at the same time.
    var atOnce: Int { get }
}

/// What the hub knows of a task's results. `KojiResults` asks a real one.
package protocol ResultSource: Sendable {
    func results(of task: ImageTask, hubTask: TaskID) async throws(TaskFailure) -> HubResults
}

extension AtomicFile.Failure {
    /// Trouble on our side ends the work on the compose, trouble elsewhere concerns one file.
    var asTaskFailure: TaskFailure {
        TaskFailure(kind: isFatalForCompose ? .composeUnusable : .notCollected, message: description)
    }
}
