/// What a rehearsal has seen so far.
package struct HubStatistics: Sendable, Hashable {
    /// Requests over HTTP to the hub's URL, whatever became of them; a multiCall is one.
    package internal(set) var requests = 0
    /// Calls by method; the entries of a multiCall count too.
    package internal(set) var calls: [String: Int] = [:]
    /// Requests that something went wrong with, by the name of the trouble.
    package internal(set) var troubles: [String: Int] = [:]
    /// Requests for files.
    package internal(set) var fileRequests = 0
    /// Top-level tasks that are open now.
    package internal(set) var openBuilds = 0
    /// The most top-level tasks that were open at the same time.
    package internal(set) var mostOpenBuilds = 0
    /// Arch tasks that are assigned or open now.
    package internal(set) var runningArchTasks = 0
    /// The most arch tasks that were assigned or open at the same time.
    package internal(set) var mostRunningArchTasks = 0
    /// Tasks made, all methods.
    package internal(set) var tasks = 0
}
