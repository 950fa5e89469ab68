package import ProductMD

/// How to build an image again on a host of one's own.
package struct Rebuild: Sendable {
    package var task: ImageTaskID
    package var parts: [Part]

    /// One arch.
    package struct Part: Sendable, Hashable {
        package var arch: String
        package var way: Way
        /// The images that it makes, as paths below `compose/`.
        package var images: [String]
        /// What the image was built with: NVR by package.
        package var toolchain: [String: String]
        /// The command, as words.
        package var command: [String]
        /// What `blueprint.json` has to hold for it.
        package var blueprint: JSONValue?
        /// What a person has to know, a sentence each.
        package var remarks: [String]
        /// For a person: the command for a shell.
        package var shell: String { ShellText.command(command) }
    }

    package enum Way: String, Sendable {
        /// From the kept manifest: the same packages, from the same places.
        case manifest
        /// From the plan: the same request, and what the repositories have now.
        case plan
    }

    /// Why there is no command.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// A manifest that a compose keeps, as it was found.
    package enum Manifest: Sendable {
        case read(JSONValue, isIntact: Bool)
        case unreadable(String)
    }

    /// - Parameters:
    ///   - task: of the plan, where there is one: what there is to do without a manifest.
    ///   - manifest: reads a kept manifest.
    package init(
        _ report: ComposeReport, _ subject: ReportSubject, task: ImageTask?, manifest: (SideFile) -> Manifest
    ) throws(Failure) {
        self.task = subject.task
        let images = report.images.filter { $0.made?.task == subject.task }
        var arches = report.tasks.first { $0.id == subject.task }?.arches.map(\.arch) ?? []
        if arches.isEmpty { arches = Set(images.map(\.arch)).sorted() }
        if let arch = subject.arch { arches = [arch] }
        parts = []
        var reasons: [String] = []
        for arch in arches {
            let own = images.filter { $0.arch == arch }
            switch Self.part(arch, own, report, task, manifest) {
            case .success(let part): parts.append(part)
            case .failure(let failure): reasons.append(failure.description)
            }
        }
        guard parts.isEmpty else { return }
        throw Failure(
            description: "no command builds \(subject.task) again: "
                + (reasons.isEmpty ? "its arches are not known" : reasons.joined(separator: "; ")))
    }

    private static func part(
        _ arch: String, _ images: [ReportedImage], _ report: ComposeReport, _ task: ImageTask?,
        _ manifest: (SideFile) -> Manifest
    ) -> Result<Part, Failure> {
        let kept = images.lazy.compactMap { image in image.made?.sideFiles.first { $0.kind == .manifest } }.first
        var remarks: [String] = []
        if let kept {
            switch manifest(kept) {
            case .read(let document, let isIntact):
                return .success(fromManifest(kept, document, isIntact, arch, images, report))
            case .unreadable(let reason):
                remarks.append("The kept manifest cannot be used: \(reason)")
            }
        } else {
            remarks.append("The compose keeps no manifest of it, so this builds what the repositories have now.")
        }
        guard let task, let planned = task.arches.first(where: { $0.arch == arch }), !planned.command.isEmpty else {
            return .failure(
                Failure(description: "for \(arch) the compose has neither a manifest that can be read nor a plan"))
        }
        let explanation = CommandExplanation(task)
        return .success(
            Part(
                arch: arch, way: .plan, images: images.map(\.path), toolchain: toolchain(images),
                command: ["sudo"] + planned.command, blueprint: explanation.blueprint,
                remarks: remarks + explanation.remarks))
    }

    private static func fromManifest(
        _ kept: SideFile, _ document: JSONValue, _ isIntact: Bool, _ arch: String, _ images: [ReportedImage],
        _ report: ComposeReport
    ) -> Part {
        let exports = ManifestExports(document)
        var remarks = ["Run it on \(arch): osbuild does not build for another arch."]
        if !isIntact {
            remarks.append(
                "The manifest is not the one that was collected: its SHA-256 differs from the recorded \(kept.sha256).")
        }
        if exports.ends.count > 1 {
            remarks.append(
                "No pipeline refers to any of \(exports.ends.joined(separator: ", ")); the last one is exported.")
        }
        let name = exports.export ?? "PIPELINE"
        if exports.export == nil {
            remarks.append("The manifest names no pipeline; put the name of the one to export in place of PIPELINE.")
        }
        remarks.append("The image then lies in output/\(name)/; osbuild-store keeps downloads for the next time.")
        let path = "\(report.directory)/compose/\(kept.path)"
        return Part(
            arch: arch, way: .manifest, images: images.map(\.path), toolchain: toolchain(images),
            command: [
                "sudo", "osbuild", "--store", "osbuild-store", "--output-directory", "output", "--export", name, path,
            ], blueprint: nil, remarks: remarks)
    }

    private static func toolchain(_ images: [ReportedImage]) -> [String: String] {
        images.lazy.compactMap { $0.made?.origin?.toolchain }.first { !$0.isEmpty } ?? [:]
    }

    package var json: JSONValue {
        [
            "header": ["type": "phase-runner.rebuild", "version": "1.0"],
            "payload": [
                "task": .string(task.text),
                "arches": .array(
                    parts.map { part in
                        [
                            "arch": .string(part.arch), "way": .string(part.way.rawValue),
                            "images": .array(part.images.map { .string($0) }),
                            "toolchain": .object(part.toolchain.mapValues { .string($0) }),
                            "command": .array(part.command.map { .string($0) }), "blueprint": part.blueprint ?? .null,
                            "remarks": .array(part.remarks.map { .string($0) }),
                        ]
                    }),
            ],
        ]
    }
}
