/// A compose's label: `NAME-MAJOR.MINOR`, as productmd checks it.
package struct ComposeLabel: Sendable, Hashable, CustomStringConvertible {
    /// `RC`, `Beta`, …
    package let name: String
    /// `1.10`
    package let version: String

    /// The text is not a label.
    package struct Invalid: Error, Sendable, Hashable {
        package let text: String
    }

    /// The names that a label can have, in the order in which a release goes through them.
    package static let names = [
        "EA", "DevelPhaseExit", "InternalAlpha", "Alpha", "InternalSnapshot", "Beta", "Snapshot", "RC", "Update",
        "SecurityFix",
    ]

    package init(_ text: String) throws(Invalid) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, Self.names.contains(String(parts[0])) else { throw Invalid(text: text) }
        let numbers = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 2, numbers.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { throw Invalid(text: text) }
        name = String(parts[0])
        version = String(parts[1])
    }

    /// Whether a compose with this label counts as final: RC and what comes after it.
    package var isSupported: Bool { ["RC", "Update", "SecurityFix"].contains(name) }

    /// `RC-1` of `RC-1.10`
    package var majorVersion: String { "\(name)-\(version.prefix { $0 != "." })" }

    package var description: String { "\(name)-\(version)" }
}
