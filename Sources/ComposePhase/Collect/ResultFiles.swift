package import Koji

/// Where the hub's files are to be had: its mounted file tree, or the web server in front of it.
package protocol ResultFiles: Sendable {
    /// Puts the file into `destination` (which does not exist), feeding `digest` on the way.
    ///
    /// - Parameter path: below the hub's topdir or topurl, e.g. `packages/N/V/R/images/FILE`.
    /// - Returns: its size in bytes.
    func fetch(_ path: String, to destination: String, digest: RunningDigest) async throws(TaskFailure) -> Int
    /// The file's place as a person would look it up.
    func location(of path: String) -> String
}

/// What the hub knows of a task's results. `KojiResults` asks a real one.
package protocol ResultSource: Sendable {
    func results(of task: ImageTask, hubTask: TaskID) async throws(TaskFailure) -> HubResults
}
