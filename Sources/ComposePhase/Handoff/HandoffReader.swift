internal import OrderedCollections
import ProductMD
import PungiConfig

/// Reads a ``Handoff``: collects everything that is wrong, with the place in the document as a JSON path.
struct HandoffReader {
    private let document: ConfigDocument
    private(set) var problems: [Diagnostic] = []
    /// A document of a later version may have members that are not known here.
    private var knowsAll = true

    init(document: ConfigDocument) { self.document = document }

    /// - Throws: all problems.
    mutating func handoff(_ bytes: [UInt8]) throws(ConfigFailure) -> Handoff {
        let start = SourceLocation(file: document.path, line: 1, column: 1)
        var top = ConfigDict()
        for (name, value) in document.values {
            top.set(ConfigValue(.string(name), at: document.definitions[name] ?? start), to: value)
        }
        let root = HandoffObject(dict: top, path: "$", location: start)
        checkHeader(root)
        checkMembers(of: root, ["header", "payload"])
        guard let payload = object("payload", of: root) else { throw failure }
        checkMembers(of: payload, ["compose", "config", "variants", "paths", "phases"])
        checkPhases(payload)
        let config = object("config", of: payload)
        let composeObject = object("compose", of: payload)
        let directory = composeObject.flatMap { absolutePath("directory", of: $0) }
        let variants = variants(payload, top: directory ?? "/")
        let elsewhere = paths(payload, top: directory ?? "/")
        let settings = config.flatMap { self.settings($0) }
        let compose = composeObject.flatMap { object in settings.flatMap { self.compose(object, $0) } }
        guard problems.isEmpty, let settings, let compose, let directory, let variants else { throw failure }
        return Handoff(
            settings: settings.settings, variants: VariantSet(topLevel: variants.topLevel), compose: compose,
            layout: ComposeLayout(
                top: directory,
                given: GivenPlaces(
                    images: variants.images, elsewhere: variants.elsewhere.merging(elsewhere) { first, _ in first })),
            repositories: variants.repositories, bytes: bytes, warnings: settings.warnings)
    }

    private var failure: ConfigFailure { ConfigFailure(diagnostics: problems) }

    // MARK: Header

    private mutating func checkHeader(_ root: HandoffObject) {
        guard let header = object("header", of: root) else { return }
        let type = text("type", of: header)
        if let type, type != Handoff.type {
            complain("it is '\(type)', not '\(Handoff.type)'", at: header, "type")
        }
        guard let version = text("version", of: header) else { return }
        if version.split(separator: ".").first != Handoff.version.split(separator: ".").first {
            complain(
                "this program understands version \(Handoff.version), not '\(version)': use the phase and the program of"
                    + " one release", at: header, "version")
        }
        knowsAll = version == Handoff.version
    }

    private mutating func checkPhases(_ payload: HandoffObject) {
        guard payload["phases"] != nil, let phases = object("phases", of: payload) else { return }
        checkMembers(of: phases, ["skip", "just"])
        let skip = texts("skip", of: phases) ?? []
        let just = texts("just", of: phases) ?? []
        if skip.contains("imagebuilder") || !(just.isEmpty || just.contains("imagebuilder")) {
            complain("imagebuilder is skipped in this compose, and so is not handed over", at: payload, "phases")
        }
    }

    // MARK: Config

    /// What Pungi's schema asks for and this phase has no use for any more: Pungi has used it.
    private static let usedUp = [
        ("variants_file", "variants.xml"), ("pkgset_source", "koji"), ("gather_method", "deps"),
    ]

    private mutating func settings(
        _ config: HandoffObject
    ) -> (settings: ComposeSettings, warnings: [Diagnostic])? {
        var options = ConfigDocument(path: document.path, values: [:])
        for (key, value) in config.dict.entries {
            guard let name = key.string else { continue }
            options.values[name] = value
            options.definitions[name] = key.location
        }
        for (name, value) in Self.usedUp {
            options.values[name] = ConfigValue(.string(value), at: config.location)
        }
        // Pungi did with it what there was to do.
        options.forget("skip_phases")
        do {
            return try SettingsReader.read(options)
        } catch {
            problems += error.diagnostics.filter { $0.severity == .error }
            return nil
        }
    }

    // MARK: Compose

    private mutating func compose(
        _ object: HandoffObject, _ settings: (settings: ComposeSettings, warnings: [Diagnostic])
    ) -> ComposeIdentity? {
        checkMembers(
            of: object,
            [
                "id", "date", "type", "respin", "label", "supported", "directory", "image_version", "image_release",
            ])
        let id = text("id", of: object)
        if let id, id.isEmpty || id.contains("/") { complain("'\(id)' is no id of a compose", at: object, "id") }
        let date = text("date", of: object)
        if let date, date.utf8.count != 8 || !date.utf8.allSatisfy({ (48...57).contains($0) }) {
            complain("'\(date)' is not eight digits, YYYYMMDD", at: object, "date")
        }
        let typeName = text("type", of: object)
        let type = typeName.flatMap { ComposeType(rawValue: $0) }
        if let typeName, type == nil {
            let known = ComposeType.allCases.map(\.rawValue).joined(separator: ", ")
            complain("'\(typeName)' is not one of \(known)", at: object, "type")
        }
        let respin = number("respin", of: object)
        let label = optionalText("label", of: object)
        let isFinal = flag("supported", of: object)
        let version = text("image_version", of: object)
        let release = text("image_release", of: object)
        guard let id, let date, let type, let respin, let isFinal, let version, let release else { return nil }
        do {
            return try ComposeIdentity(
                settings: settings.settings,
                adopting: .init(id: id, date: date, type: type, respin: respin, label: label, isFinal: isFinal)
            ).calling(imageVersion: version, imageRelease: release)
        } catch {
            complain(error.description, at: object, "label")
            return nil
        }
    }

    // MARK: Paths

    /// The places that lie elsewhere than below the compose's top.
    private mutating func paths(_ payload: HandoffObject, top: String) -> [String: String] {
        guard let paths = object("paths", of: payload) else { return [:] }
        checkMembers(of: paths, ["koji_tasks", "log"])
        var elsewhere: [String: String] = [:]
        if let tasks = absolutePath("koji_tasks", of: paths), tasks != "\(top)/\(ComposeLayout.kojiTasks)" {
            elsewhere[ComposeLayout.kojiTasks] = tasks
        }
        if let log = absolutePath("log", of: paths), log != "\(top)/\(ComposeLayout.globalLogs)" {
            let place = "\(ComposeLayout.globalLogs)/\(ImageBuilderRequest.method)"
            elsewhere[place] = "\(log)/\(ImageBuilderRequest.method)"
        }
        return elsewhere
    }

    // MARK: Complaints

    mutating func complain(_ text: String, at object: HandoffObject, _ member: String) {
        complain(text, path: object.path(of: member), at: object[member]?.location ?? object.location)
    }

    mutating func complain(_ text: String, path: String, at location: SourceLocation) {
        var problem = Diagnostic(
            severity: .error, code: "handoff.invalid", message: "\(path): \(text)", location: location)
        problem.option = path
        problems.append(problem)
    }

    /// A member that nobody knows is most likely a misspelt one.
    mutating func checkMembers(of object: HandoffObject, _ known: [String]) {
        guard knowsAll else { return }
        for (key, _) in object.dict.entries {
            guard let name = key.string, !known.contains(name) else { continue }
            complain(
                "there is no such member" + (nearest(to: name, in: known).map { "; did you mean '\($0)'?" } ?? ""),
                path: object.path(of: name), at: key.location)
        }
    }
}
