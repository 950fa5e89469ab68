/// Why a file was not fetched.
package enum FetchFailure: Error, Sendable, Hashable {
    /// What came is not what the hub recorded. Another fetch may give the right bytes.
    case wrongBytes(String)
    /// Another fetch would not help.
    case final(TaskFailure)
}
