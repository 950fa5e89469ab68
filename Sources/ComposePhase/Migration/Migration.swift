package import PungiConfig

/// From the `osbuild` section to the `imagebuilder` section: what changes in which file, and what is to be said of it.
package struct Migration: Sendable {
    package struct Options: Sendable {
        package var target = TargetRule()
        /// Whether images that were uploaded to a cloud are carried over without that.
        package var dropsUploads = false
        package var catalog = ImageTypeCatalog.builtIn
        /// The compose that both plans are made for.
        package var request: ComposeRequest

        package init(request: ComposeRequest) { self.request = request }
    }

    /// A file before and after, by the path with which it was opened.
    package struct FileChange: Sendable {
        package let path: String
        package let old: [UInt8]
        package let new: [UInt8]
    }

    /// In the order in which the configuration opens them.
    package let changes: [FileChange]
    package let findings: [Diagnostic]
    /// What the old phase would have sent.
    package let calls: [OsbuildCall]
    /// What is sent now for the same blocks; nil where the result is not good.
    package let tasks: [ImageTask]?

    /// Whether everything could be carried over.
    package var isComplete: Bool { !findings.contains { $0.severity == .error } }

    /// Looks at a configuration and proposes.
    ///
    /// - Throws: what is wrong with the configuration as it is.
    package static func propose(_ path: String, options: Options) throws(ConfigFailure) -> Migration {
        var work = try MigrationWork(path, options: options)
        return work.run()
    }
}
