/// The keys of a settings file, by the path of the mapping that they stand in; the file itself has the path "".
package struct SettingsKeys: Sendable {
    package let byPath: [String: [String]]
    /// Paths of mappings that are entries of lists: no place to send a key to.
    package let inLists: Set<String>

    package init(byPath: [String: [String]], inLists: Set<String>) {
        self.byPath = byPath
        self.inLists = inLists
    }

    /// Those of the settings of runs.
    static let ofRuns = SettingsKeys(
        byPath: [
            "": [
                "limits", "deadline", "task_deadline", "retry", "on_failure", "on_term", "images", "notifications",
                "history", "results", "freeze", "log",
            ],
            "limits": ["tasks", "per_arch", "per_target", "per_hub", "submits_per_minute", "collecting"],
            "retry": ["attempts", "first_wait", "longest_wait", "rules"],
            "retry.rules": ["name", "pattern", "class", "remedy"],
            "images": ["match", "deadline", "priority", "attempts"],
            "notifications": ["scripts", "timeout"],
            "results": [
                "unknown_output", "fewer_files", "size_drift", "size_limit", "drift_percent", "most_bytes",
            ],
            "freeze": ["file", "policy"],
            "log": ["classic"],
        ],
        inLists: ["retry.rules", "images"])

    /// The classes of causes that a rule may give.
    package static let causeClasses = ["builder", "network", "repository", "hub", "content", "config"]

    /// What was most likely meant by a key that `path` does not have.
    func advice(on key: String, in path: String, known: [String], nearest: String?) -> String {
        if let nearest { return "did you mean '\(nearest)'?" }
        let others = byPath.filter { $0.key != path && !inLists.contains($0.key) }
        if let other = others.filter({ $0.value.contains(key) }).keys.min() {
            return other.isEmpty ? "it belongs to the top of the file" : "it belongs under '\(other)'"
        }
        return "the keys here are \(known.joined(separator: ", "))"
    }
}
