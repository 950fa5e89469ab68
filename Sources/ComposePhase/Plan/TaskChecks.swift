import Koji
import ProductMD
import PungiConfig

/// What Pungi would send and the hub, a builder or a reader of the metadata would refuse: told before the first task.
struct TaskChecks {
    let settings: ComposeSettings

    func check(_ tasks: [PlannedTask], _ diagnostics: inout [Diagnostic]) {
        for task in tasks {
            checkRequest(task, &diagnostics)
            checkMetadata(task, &diagnostics)
        }
        checkIdentities(tasks, &diagnostics)
        checkNVRs(tasks, &diagnostics)
        notePluginOptions(tasks, &diagnostics)
    }

    // MARK: What the hub takes

    private func checkRequest(_ planned: PlannedTask, _ diagnostics: inout [Diagnostic]) {
        let block = planned.block
        let request = RequestView(planned.task)
        if request.target?.isEmpty ?? true {
            diagnostics.append(
                Diagnostic(
                    severity: .error, code: "plan.no-target", message: "\(block.name.value) has no build target",
                    location: block.target?.location ?? block.location,
                    notes: ["looked at: the block's target, imagebuilder_target, global_target"],
                    fix: "set imagebuilder_target, e.g. \"f44-image-builder\""))
        }
        if block.types.value.count != 1 {
            diagnostics.append(
                Diagnostic(
                    severity: .error, code: "plan.types",
                    message:
                        "\(block.name.value) has \(block.types.value.count) image types, but the hub takes exactly one",
                    location: block.types.location, notes: [], fix: "write one block for each type"))
        }
        if block.name.value.isEmpty {
            diagnostics.append(
                Diagnostic(
                    severity: .error, code: "plan.name", message: "an image has an empty name",
                    location: block.name.location, notes: [], fix: "use the name of its Koji package"))
        }
        for (option, text) in [
            ("name", block.name.value), ("version", request.version), ("release", request.release ?? ""),
        ]
        where text.contains("/") || text.contains(where: { $0.isNewline || $0.isWhitespace }) {
            diagnostics.append(
                Diagnostic(
                    severity: .error, code: "plan.nvr-text",
                    message: "the \(option) '\(text)' of \(block.name.value) cannot be part of an NVR and a file name",
                    location: block.location, notes: [], fix: "leave out '/' and white space"))
        }
    }

    // MARK: What the metadata takes

    private func checkMetadata(_ planned: PlannedTask, _ diagnostics: inout [Diagnostic]) {
        let block = planned.block
        if let type = block.manifestType, !ImageVocabulary.types.contains(type.value) {
            diagnostics.append(
                Diagnostic(
                    severity: .error, code: "plan.manifest-type",
                    message: "manifest_type '\(type.value)' is not a type that productmd accepts",
                    location: type.location,
                    notes: ["types: " + ImageVocabulary.types.sorted().joined(separator: ", ")],
                    fix: nearest(to: type.value, in: ImageVocabulary.types.sorted()).map { "did you mean '\($0)'?" }))
        }
        for arch in planned.task.arches where !ImageVocabulary.arches.contains(arch.arch) {
            diagnostics.append(
                Diagnostic(
                    severity: .error, code: "plan.arch",
                    message: "arch '\(arch.arch)' of variant \(planned.variant.uid) is not one that productmd accepts",
                    location: block.arches?.location ?? planned.variant.location, notes: [],
                    fix: nearest(to: arch.arch, in: ImageVocabulary.arches.sorted()).map { "did you mean '\($0)'?" }))
        }
        guard let imageType = block.types.value.first, block.types.value.count == 1 else { return }
        guard let suffix = ImageTypeOutputs.suffix(of: imageType) else {
            diagnostics.append(
                Diagnostic(
                    severity: .warning, code: "plan.image-type",
                    message: "image type '\(imageType)' is not one this program knows; what it makes cannot be checked",
                    location: block.types.location, notes: [],
                    fix: nearest(to: imageType, in: ImageTypeOutputs.known).map { "did you mean '\($0)'?" }))
            return
        }
        guard let detected = ImageTypeTable.detect(fileName: "image.\(suffix)") else {
            diagnostics.append(
                Diagnostic(
                    severity: .error, code: "plan.output-format",
                    message:
                        "image type '\(imageType)' makes a .\(suffix) file, for which the metadata have no type: it"
                        + " would be built and then be missing from images.json",
                    location: block.types.location, notes: [],
                    fix: nearest(to: imageType, in: recordable).map { "use another type, such as \"\($0)\"" }
                        ?? "use another type"))
            return
        }
        let isInside = planned.variant.type == .addon
        if detected.format == "iso", isInside || (planned.variant.type == .optional && !settings.createsOptionalISOs) {
            diagnostics.append(
                Diagnostic(
                    severity: .error, code: "plan.iso-variant",
                    message: "\(block.name.value) is an ISO, but the variant \(planned.variant.uid) is"
                        + " \(isInside ? "an addon" : "optional") and has no directory for ISOs",
                    location: block.location, notes: [],
                    fix: isInside ? "build it for the parent variant" : "set create_optional_isos = True"))
        }
    }

    /// The image types whose files the metadata have a type for.
    private var recordable: [String] {
        ImageTypeOutputs.known.filter { type in
            ImageTypeOutputs.suffix(of: type).flatMap { ImageTypeTable.detect(fileName: "image.\($0)") } != nil
        }
    }

    /// Two images that readers of images.json cannot tell apart make the whole file unreadable for them.
    private func checkIdentities(_ tasks: [PlannedTask], _ diagnostics: inout [Diagnostic]) {
        var owners: [ImageIdentity: PlannedTask] = [:]
        var reported: Set<[ImageTaskID]> = []
        for planned in tasks {
            guard let imageType = planned.block.types.value.first, let suffix = ImageTypeOutputs.suffix(of: imageType),
                let detected = ImageTypeTable.detect(fileName: "image.\(suffix)")
            else { continue }
            for arch in planned.task.arches {
                let identity = ImageIdentity(
                    subvariant: planned.task.subvariant, type: planned.task.manifestType ?? detected.type,
                    format: detected.format, arch: arch.arch)
                // One complaint for two tasks, however many arches they share.
                guard let owner = owners.updateValue(planned, forKey: identity),
                    reported.insert([owner.task.id, planned.task.id]).inserted
                else { continue }
                diagnostics.append(
                    Diagnostic(
                        severity: .error, code: "plan.duplicate-image",
                        message: "\(owner.task.id) and \(planned.task.id) make images that metadata cannot tell apart:"
                            + " subvariant \(identity.subvariant), type \(identity.type), format \(identity.format),"
                            + " arch \(identity.arch)",
                        location: planned.block.location,
                        notes: ["the other block: \(place(owner.block.location))"],
                        fix: "give one of them another subvariant or manifest_type"))
            }
        }
    }

    /// Two builds of one name, version and release: the hub refuses the second.
    private func checkNVRs(_ tasks: [PlannedTask], _ diagnostics: inout [Diagnostic]) {
        var owners: [String: PlannedTask] = [:]
        for planned in tasks {
            let request = RequestView(planned.task)
            guard let release = request.release, !request.isScratch else { continue }
            let nvr = "\(planned.block.name.value)-\(request.version)-\(release)"
            guard let owner = owners.updateValue(planned, forKey: nvr) else { continue }
            diagnostics.append(
                Diagnostic(
                    severity: .error, code: "plan.duplicate-nvr",
                    message: "\(owner.task.id) and \(planned.task.id) are both \(nvr): the hub builds an NVR once",
                    location: planned.block.location,
                    notes: ["the other block: \(place(owner.block.location))"],
                    fix: "give one of them another name or release"))
        }
    }

    private func place(_ location: SourceLocation) -> String {
        "\(location.file):\(location.line):\(location.column)"
    }

    // MARK: What only new hubs take

    private func notePluginOptions(_ tasks: [PlannedTask], _ diagnostics: inout [Diagnostic]) {
        var options: Set<String> = []
        for planned in tasks {
            options.formUnion(RequestView(planned.task).options.keys.filter(["preview", "bootc"].contains))
            if !planned.task.failableArches.isEmpty { options.insert("failable_arches") }
        }
        guard !options.isEmpty else { return }
        diagnostics.append(
            Diagnostic(
                severity: .note, code: "plan.plugin-version",
                message:
                    "\(options.sorted().joined(separator: ", ")): taken by hubs with koji-image-builder 11 or newer;"
                    + " run asks the hub, this plan assumes that it does",
                location: nil, notes: [], fix: nil))
    }
}
