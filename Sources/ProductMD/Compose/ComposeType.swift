/// What kind of compose it is.
package enum ComposeType: String, Sendable, Hashable, CaseIterable {
    case production
    case nightly
    case test
    case ci
    case development

    /// What the type adds to the date in an id: `.n` for a nightly, nothing for production.
    package var suffix: String {
        switch self {
        case .production: ""
        case .nightly: ".n"
        case .test: ".t"
        case .ci: ".ci"
        case .development: ".d"
        }
    }

    /// The type that a suffix in an id stands for, old long forms included.
    static func ofSuffix(_ text: Substring) -> ComposeType? {
        switch text {
        case "n", "nightly": .nightly
        case "t", "test": .test
        case "ci": .ci
        case "d": .development
        default: nil
        }
    }
}
