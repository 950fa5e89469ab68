package import Koji
package import PungiConfig
import ProductMD

/// Chooses, among all the files that a task made, those that are images of the compose.
package enum ResultSelection {
    /// One file to fetch.
    package struct File: Sendable, Hashable {
        package var archTask: TaskID
        package var arch: String
        package var name: String
        package var type: String
        package var format: String
        package var nvr: String
        package var archive: HubResults.Archive?
        /// The directory below the compose directory.
        package var directory: String
    }

    package struct Selection: Sendable, Hashable {
        package var files: [File] = []
        /// Failable arches that made nothing.
        package var missing: [String: TaskFailure] = [:]
        /// Things that a person should hear of.
        package var warnings: [String] = []
    }

    /// Files that image-builder leaves beside an image.
    static let sideSuffixes = [
        ".osbuild-manifest.json", ".spdx.json", ".log", ".bib", ".manifest.json",
    ]

    /// - Parameter arches: those of the task's arches that this part of the results is for.
    /// - Throws: a ``TaskFailure`` when a required arch made no image, or a name cannot be trusted.
    package static func select(
        from results: HubResults, for task: ImageTask, arches: [String], in variant: Variant
    ) throws(TaskFailure) -> Selection {
        var selection = Selection()
        for planned in task.arches where arches.contains(planned.arch) {
            let children = results.arches.filter { $0.arch == planned.arch }
            guard let child = children.first(where: { $0.output != nil }), let output = child.output else {
                let reason = children.first.map { "its task \($0.id) \(ended($0))" } ?? "the hub has no task for it"
                let failure = TaskFailure(
                    kind: .missingArch, message: "arch \(planned.arch) is missing: \(reason)")
                guard planned.failable else { throw failure }
                selection.missing[planned.arch] = failure
                continue
            }
            let images = try images(of: child, output, for: task, in: variant, results, &selection.warnings)
            guard !images.isEmpty else {
                let failure = TaskFailure(
                    kind: .missingArch,
                    message: "task \(child.id) for \(planned.arch) ended well, but none of its files is an image:"
                        + " \(output.files.map(shown).joined(separator: ", "))")
                guard planned.failable else { throw failure }
                selection.missing[planned.arch] = failure
                continue
            }
            selection.files += images
        }
        for child in results.arches where !task.arches.contains(where: { $0.arch == child.arch }) {
            selection.warnings.append(
                "\(task.id): the hub built for \(shown(child.arch)), which was not asked for; left out")
        }
        return selection
    }

    private static func images(
        of child: HubResults.Arch, _ output: HubResults.Output, for task: ImageTask, in variant: Variant,
        _ results: HubResults, _ warnings: inout [String]
    ) throws(TaskFailure) -> [File] {
        var files: [File] = []
        for name in output.files {
            guard isPlain(name) else {
                throw TaskFailure(
                    kind: .notCollected,
                    message: "task \(child.id) names a file \(shown(name)), which is not a plain file name")
            }
            guard let detected = ImageTypeTable.detect(fileName: name) else {
                if !sideSuffixes.contains(where: name.hasSuffix) {
                    warnings.append(
                        "\(task.id): task \(child.id) made \(shown(name)), for which there is no type in the metadata; left out"
                    )
                }
                continue
            }
            files.append(
                File(
                    archTask: child.id, arch: child.arch, name: name, type: task.manifestType ?? detected.type,
                    format: detected.format, nvr: results.build?.nvr ?? output.nvr, archive: results.archives[name],
                    directory: ComposeLayout.imageDirectory(of: variant, arch: child.arch, format: detected.format)))
        }
        return files
    }

    private static func ended(_ child: HubResults.Arch) -> String {
        "is \(child.state.name)" + (child.fault.map { ": \($0)" } ?? "")
    }

    /// Only a name that stays in the directory it is put into, and that a terminal can show.
    static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && name.utf8.count <= 255
            && name.unicodeScalars.allSatisfy { $0 != "/" && $0.value >= 0x20 && $0.value != 0x7F }
    }

    /// A text from the hub, fit for a terminal.
    static func shown(_ text: String) -> String {
        String(text.prefix(200)).unicodeScalars.reduce(into: "'") { result, scalar in
            if scalar.value < 0x20 || scalar.value == 0x7F {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        } + "'"
    }
}
