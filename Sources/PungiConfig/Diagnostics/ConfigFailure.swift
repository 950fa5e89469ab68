/// Why a configuration could not be read: at least one finding is of severity error.
package struct ConfigFailure: Error, Sendable, CustomStringConvertible {
    /// All findings, in the order in which they were met; warnings may be among them.
    package let diagnostics: [Diagnostic]

    package init(diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    package init(_ diagnostic: Diagnostic) { self.diagnostics = [diagnostic] }

    /// All findings as text, one below the other.
    package var description: String {
        diagnostics.map { $0.rendered() }.joined(separator: "\n")
    }
}
