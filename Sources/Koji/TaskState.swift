/// The state of a Koji task, with Koji's numbers.
///
/// Ways: free, assigned, open, then closed or failed; canceled from any of the first three. A task may also go back to
/// free (host refused, host lost), and then starts over.
package enum TaskState: Int, Sendable, Hashable, Codable, CaseIterable {
    /// Waits for a host.
    case free = 0
    /// Runs.
    case open = 1
    /// Ended with success.
    case closed = 2
    /// Ended by a cancellation.
    case canceled = 3
    /// Given to a host, not yet begun.
    case assigned = 4
    /// Ended with a fault.
    case failed = 5

    /// The state with Koji's number. A number that no known hub has is taken as ``open``: not final, so ask again.
    package init(number: Int) {
        self = TaskState(rawValue: number) ?? .open
    }

    /// Whether the task will never change any more.
    package var isFinal: Bool {
        switch self {
        case .closed, .canceled, .failed: true
        case .free, .open, .assigned: false
        }
    }

    /// The name in Koji's own words, e.g. `FREE`.
    package var name: String {
        switch self {
        case .free: "FREE"
        case .open: "OPEN"
        case .closed: "CLOSED"
        case .canceled: "CANCELED"
        case .assigned: "ASSIGNED"
        case .failed: "FAILED"
        }
    }
}
