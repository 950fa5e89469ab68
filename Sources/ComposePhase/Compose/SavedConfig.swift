import PungiConfig

/// The configuration as it was when a compose was begun: the config on disk may have changed since, or be on another
/// host. Ours lies in `work/phase-runner`; of a compose that Pungi began, its own dump is taken.
package enum SavedConfig: Sendable {
    /// What the language gave, as JSON: a config of its own; and `variants.xml`.
    case files(config: String, variants: [UInt8])
    /// What Pungi's phase handed over: both, resolved.
    case handoff([UInt8])

    /// Where a saved configuration lies.
    package struct Place: Sendable, Hashable {
        package let config: String
        package let variants: String
    }

    /// The places of a compose, ours first.
    package static func places(in layout: ComposeLayout) -> [Place] {
        [
            Place(config: layout.path(ComposeLayout.savedConfig), variants: layout.path(ComposeLayout.savedVariants)),
            Place(config: layout.path(ComposeLayout.configDump), variants: layout.path(ComposeLayout.pungiVariants)),
        ]
    }

    package func save(in layout: ComposeLayout) throws(AtomicFile.Failure) {
        try AtomicFile.makeDirectories(layout.path(ComposeLayout.work))
        switch self {
        case .files(let config, let variants):
            try AtomicFile.write(Array(config.utf8), to: layout.path(ComposeLayout.savedConfig))
            try AtomicFile.write(variants, to: layout.path(ComposeLayout.savedVariants))
        case .handoff(let bytes): try AtomicFile.write(bytes, to: layout.path(ComposeLayout.handoff))
        }
    }
}
