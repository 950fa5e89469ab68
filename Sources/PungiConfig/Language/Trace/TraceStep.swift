/// One step of the way that a value took.
package struct TraceStep: Sendable {
    package enum Kind: Sendable, Hashable {
        /// A variable was used; the step's place is where the variable was assigned.
        case variable(name: String, usedAt: SourceLocation)
        /// A file was imported that assigned the name; the step's place is the import's.
        case imported(ConfigImport)
        /// The name was `global`, so that the file in which it is used could see it.
        case handedDown(ConfigImport)
        /// An earlier value of the name, which no longer counts.
        case overridden(name: String)
        /// `global NAME` set it to None.
        case declaredGlobal(name: String)
        /// There are more steps than are worth showing.
        case more
    }

    package let kind: Kind
    package let location: SourceLocation
    /// How deep the step stands below the value that it explains, from 0.
    package let depth: Int
    /// What is assigned there as it is written, for a variable and an overridden value, e.g. `'%s-updates' % branch`.
    package let expression: String?
    /// What that gives, if it is not just what is written.
    package let value: ConfigValue?

    /// The kind in one word, for programs.
    package var word: String {
        switch kind {
        case .variable: "variable"
        case .imported: "import"
        case .handedDown: "global"
        case .overridden: "overridden"
        case .declaredGlobal: "declared-global"
        case .more: "more"
        }
    }
}
