/// Why a text is no calendar expression.
package struct CalendarFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The expression.
    package let text: String
    /// The character of the expression at which it goes wrong, from 1; one behind the last where something is missing.
    package let position: Int
    /// What is wrong there, and what to write instead.
    package let problem: String

    package var description: String { "\(problem) (at character \(position) of '\(text)')" }
}
