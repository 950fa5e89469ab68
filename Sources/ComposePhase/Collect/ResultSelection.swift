package import Koji
package import PungiConfig
import ProductMD

/// Chooses, among all the files that a task made, those that are images of the compose, and those that are kept beside them.
package enum ResultSelection {
    /// An image to fetch.
    package struct File: Sendable, Hashable {
        package var archTask: TaskID
        package var arch: String
        package var type: String
        package var format: String
        package var nvr: String
        /// The hub's archive record; nil for a scratch build.
        package var archive: Int?
        package var wanted: WantedFile
        /// The directory below the compose directory.
        package var directory: String

        package var name: String { wanted.name }
    }

    /// A file to keep beside the images of its arch.
    package struct Side: Sendable, Hashable {
        package var kind: SideFile.Kind
        package var archTask: TaskID
        package var arch: String
        package var wanted: WantedFile
        /// Below the compose directory.
        package var directory: String
    }

    package struct Selection: Sendable, Hashable {
        package var files: [File] = []
        package var sideFiles: [Side] = []
        /// Failable arches that made nothing, or nothing that can be trusted.
        package var missing: [String: TaskFailure] = [:]
        /// By arch, files that are neither images nor known beside them.
        package var unknown: [String: [String]] = [:]
        /// Things that a person should hear of.
        package var warnings: [String] = []

        /// The arch children that made images, by arch.
        var archTasks: [String: TaskID] {
            Dictionary(files.map { ($0.arch, $0.archTask) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Files that image-builder leaves beside an image.
    private static let sideSuffixes: [(suffix: String, kind: SideFile.Kind?)] = [
        (".osbuild-manifest.json", .manifest), (".spdx.json", .sbom), (".log", nil), (".bib", nil),
        (".manifest.json", .manifest),
    ]

    /// An arch makes a handful of files. A list beyond this is a mistake, or meant to harm.
    static let mostFiles = 1000

    /// A manifest of the largest image has some megabytes, its SBOM some tens.
    static let sideFileLimit = 1 << 30

    /// - Parameters:
    ///   - arches: those of the task's arches that this part of the results is for.
    ///   - places: where a site has directories of its own for images.
    ///   - sizeLimit: bytes; an image may not be larger.
    /// - Throws: a ``TaskFailure`` when a required arch made no image, or a name cannot be trusted.
    package static func select(
        from results: HubResults, for task: ImageTask, arches: [String], in variant: Variant,
        places: GivenPlaces = GivenPlaces(), sizeLimit: Int = .max
    ) throws(TaskFailure) -> Selection {
        var selection = Selection()
        for planned in task.arches where arches.contains(planned.arch) {
            do throws(TaskFailure) {
                try select(planned.arch, from: results, for: task, in: variant, places, sizeLimit, &selection)
            } catch {
                guard planned.failable else { throw error }
                selection.missing[planned.arch] = error
            }
        }
        for child in results.arches where !task.arches.contains(where: { $0.arch == child.arch }) {
            selection.warnings.append(
                "\(task.id): the hub built for \(shown(child.arch)), which was not asked for; left out")
        }
        return selection
    }

    private static func select(
        _ arch: String, from results: HubResults, for task: ImageTask, in variant: Variant, _ places: GivenPlaces,
        _ sizeLimit: Int, _ selection: inout Selection
    ) throws(TaskFailure) {
        let children = results.arches.filter { $0.arch == arch }
        guard let child = children.first(where: { $0.output != nil }), let output = child.output else {
            let reason = children.first.map { "its task \($0.id) \(ended($0))" } ?? "the hub has no task for it"
            throw TaskFailure(kind: .missingArch, message: "arch \(arch) is missing: \(reason)")
        }
        try refuse(output.files, of: child)
        var files: [File] = []
        for name in output.files {
            let archive = results.archives[name]
            if let other = archive?.arch, other != arch {
                throw TaskFailure(
                    kind: .notCollected,
                    message: "task \(child.id) for \(arch) names the file \(shown(name)), which the hub recorded for"
                        + " \(shown(other))")
            }
            var wanted = WantedFile(
                path: HubPath.file(name, archTask: child.id, in: results),
                size: archive?.size ?? results.outputs[child.id]?[name].flatMap { $0.size > 0 ? $0.size : nil },
                digest: archive?.digest, limit: sizeLimit)
            if let detected = ImageTypeTable.detect(fileName: name) {
                files.append(
                    File(
                        archTask: child.id, arch: arch, type: task.manifestType ?? detected.type,
                        format: detected.format, nvr: results.build?.nvr ?? output.nvr, archive: archive?.id,
                        wanted: wanted,
                        directory: places.imageDirectory(of: variant, arch: arch, format: detected.format)))
            } else if let side = sideSuffixes.first(where: { name.hasSuffix($0.suffix) }) {
                guard let kind = side.kind else { continue }
                wanted.limit = sideFileLimit
                selection.sideFiles.append(
                    Side(
                        kind: kind, archTask: child.id, arch: arch, wanted: wanted,
                        directory: ComposeLayout.sideFiles(of: task.variant, arch: arch)))
            } else {
                selection.unknown[arch, default: []].append(name)
            }
        }
        guard !files.isEmpty else {
            throw TaskFailure(
                kind: .missingArch,
                message: "task \(child.id) for \(arch) ended well, but none of its files is an image:"
                    + " \(output.files.prefix(20).map(shown).joined(separator: ", "))")
        }
        selection.files += files
    }

    /// A builder that names one such file is not believed in the others.
    private static func refuse(_ names: [String], of child: HubResults.Arch) throws(TaskFailure) {
        guard names.count <= mostFiles else {
            throw TaskFailure(
                kind: .notCollected,
                message: "task \(child.id) names \(names.count) files; more than \(mostFiles) are not believed")
        }
        var seen: Set<String> = []
        for name in names {
            guard isPlain(name) else {
                throw TaskFailure(
                    kind: .notCollected,
                    message: "task \(child.id) names a file \(shown(name)), which is not a plain file name")
            }
            guard seen.insert(name).inserted else {
                throw TaskFailure(kind: .notCollected, message: "task \(child.id) names the file \(shown(name)) twice")
            }
        }
    }

    private static func ended(_ child: HubResults.Arch) -> String {
        "is \(child.state.name)" + (child.fault.map { ": \($0)" } ?? "")
    }

    /// Only a name that stays in the directory it is put into, is not hidden there, and that a terminal can show.
    static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && name.utf8.count <= 255
            && name.unicodeScalars.allSatisfy { $0 != "/" && isShown($0) }
    }

    /// Neither controls nor what turns the direction of writing.
    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
        default: true
        }
    }

    /// A text from the hub, fit for a terminal.
    static func shown(_ text: String) -> String {
        String(text.prefix(200)).unicodeScalars.reduce(into: "'") { result, scalar in
            if isShown(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            }
        } + "'"
    }
}
