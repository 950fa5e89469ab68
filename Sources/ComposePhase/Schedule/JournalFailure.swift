/// Why the journal of a run cannot be used.
package struct JournalFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        case full, readOnly, inUse, damaged, newer, missing, other
    }

    package let kind: Kind
    /// What happened, to which file, and what to do.
    package let description: String

    package init(kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
