package import OrderedCollections

/// A configuration as read: every name with its value, every value with its place.
package struct ConfigDocument: Sendable {
    /// The path as given.
    package let path: String
    /// The values of the top-level names, in the order in which the names were assigned first.
    package var values: OrderedDictionary<String, ConfigValue>
    /// Where each top-level name was assigned last (the name's place, not the value's).
    package var definitions: [String: SourceLocation]
    /// Absolute paths of all files read, in kobo's order: the main file first, an imported file before its siblings.
    package let openedFiles: [String]
    /// What was accepted and probably not meant.
    package let warnings: [Diagnostic]
    /// What comments say is not to be complained about.
    package let silences: [Silence]
    /// Where values came from; only where it was asked for.
    package internal(set) var trace: ConfigTrace?

    package init(
        path: String, values: OrderedDictionary<String, ConfigValue>, definitions: [String: SourceLocation] = [:],
        openedFiles: [String] = [], warnings: [Diagnostic] = [], silences: [Silence] = []
    ) {
        self.path = path
        self.values = values
        self.definitions = definitions
        self.openedFiles = openedFiles
        self.warnings = warnings
        self.silences = silences
    }

    package subscript(_ name: String) -> ConfigValue? { values[name] }

    /// Takes over what another document says; it wins.
    package mutating func merge(_ other: ConfigDocument) {
        values.merge(other.values) { _, new in new }
        definitions.merge(other.definitions) { _, new in new }
    }

    /// Takes a name out.
    package mutating func forget(_ name: String) {
        values[name] = nil
        definitions[name] = nil
    }
}

extension ConfigDocument {
    /// What a configuration is written in.
    package enum Form: Sendable {
        /// A path that ends in `.json` is JSON, any other is kobo's language.
        case byName
        /// Whatever it is called, as Pungi's dump of its configuration.
        case json
    }

    /// Reads a configuration from the disk.
    ///
    /// All mistakes that can be found in one go are in the failure, each with its place.
    ///
    /// - Parameters:
    ///   - defines: values that names have before the main file is read, as `--define` gives them. Imported files do not
    ///     see them.
    ///   - tracing: whether to record where values come from, which costs time and memory.
    package static func load(
        path: String, as form: Form = .byName, defines: [Define] = [],
        from files: any ConfigFileSource = DiskFileSource(), limits: ConfigLimits = .standard, tracing: Bool = false
    ) throws(ConfigFailure) -> ConfigDocument {
        let bytes: [UInt8]
        do {
            bytes = try files.read(path: path, limit: limits.fileBytes)
        } catch {
            throw ConfigFailure(
                Diagnostic(
                    severity: .error, code: error.isTooLarge ? "config.too-large" : "config.unreadable",
                    message: "cannot read \(path): \(error.reason)"))
        }
        return try parse(
            bytes: bytes, path: path, as: form, defines: defines, imports: files, limits: limits, tracing: tracing)
    }

    /// Reads a configuration from bytes in memory; imported files come from `imports`, by default from nowhere.
    package static func parse(
        bytes: [UInt8], path: String, as form: Form = .byName, defines: [Define] = [],
        imports: any ConfigFileSource = MemoryFileSource(), limits: ConfigLimits = .standard, tracing: Bool = false
    ) throws(ConfigFailure) -> ConfigDocument {
        guard bytes.count <= limits.fileBytes else {
            throw ConfigFailure(
                Diagnostic(
                    severity: .error, code: "config.too-large",
                    message: "\(path) is larger than \(limits.fileBytes >> 20) MiB"))
        }
        if form == .json || path.utf8.reversed().starts(with: ".json".utf8.reversed()) {
            var document = try JSONConfigReader.document(
                path: path, absolutePath: imports.absolutePath(of: path), bytes: bytes, limits: limits)
            for define in defines where document[define.name] == nil { define.apply(to: &document) }
            return document
        }
        var loader = ConfigLoader(files: imports, limits: limits, recorder: tracing ? TraceRecorder() : nil)
        return try loader.load(path: path, bytes: bytes, defines: defines)
    }
}
