import Koji

/// Arch tasks: the files they write, and where those go afterwards.
extension HubState {
    /// `work/tasks/{id % 10000}/{id}`, without leading zeros.
    static func workDirectory(of id: TaskID) -> String { "work/tasks/\(id.number % 10000)/\(id.number)" }

    /// Ends an arch task: a known image type gives files, anything else fails as image-builder would.
    mutating func finishArchBuild(_ task: HubTask) {
        guard let image = task.image else { return end(task.id, .fault(.generic("`image-builder` failed"))) }
        guard let ending = ImageTypeOutputs.suffix(of: image.type) else {
            // image-builder's own words.
            let reason = "error: cannot find image for: distro:\"fedora\" type:\"\(image.type)\" arch:\"\(task.arch)\""
            writeOutputs([.failedLog(reason)], of: task.id)
            return end(task.id, .fault(.generic("`image-builder` failed")))
        }
        if let rule = failure(.arch, name: image.name, arch: task.arch) {
            writeOutputs([rule.cause?.log ?? .failedLog("error: \(rule.fault.text)")], of: task.id)
            return end(task.id, .fault(rule.fault))
        }
        writeOutputs(
            [.buildLog, ending == "iso" ? .iso : .image, .manifest, .buildrootSBOM, .imageSBOM], of: task.id)
        let files = self.task(task.id)?.outputs.filter { !$0.kind.isLog }.map(\.name) ?? []
        end(
            task.id,
            .value(
                .object([
                    "task_id": .number(task.id.number), "name": .string(image.name), "version": .string(image.version),
                    "release": .optional(image.release), "arch": .string(task.arch), "files": .strings(files),
                    "logs": .array([]), "rpmlist": .array([]),
                ])))
    }

    /// Writes files of a task into its directory below `work/`.
    mutating func writeOutputs(_ kinds: [OutputKind], of id: TaskID) {
        guard let task = task(id), let image = task.image else { return }
        for kind in kinds {
            let content = content(kind, of: task, image: image)
            let name = fileName(kind, image: image, arch: task.arch)
            let path = "\(Self.workDirectory(of: id))/\(name)"
            perform(.write(path: path, content: content))
            let file = OutputFile(
                name: name, kind: kind, size: content.size, written: clock, modified: content.modified, path: path)
            update(id) {
                // A task that starts over writes its logs anew.
                $0.outputs.removeAll { $0.name == name }
                $0.outputs.append(file)
            }
        }
    }

    /// The content of a file that a task has written.
    func content(of file: OutputFile, task: HubTask) -> OutputContent? {
        task.image.map { content(file.kind, of: task, image: $0) }
    }

    private func content(_ kind: OutputKind, of task: HubTask, image: ImageBuild) -> OutputContent {
        OutputContent(
            kind: kind, name: image.name, version: image.version, release: image.release ?? "0", arch: task.arch,
            type: image.type, seed: settings.seed, imageBytes: settings.imageBytes,
            commit: image.ostree.map { RehearsedCommit(url: $0.url, ref: $0.ref.replacing("$arch", with: task.arch)) })
    }

    private func fileName(_ kind: OutputKind, image: ImageBuild, arch: String) -> String {
        let stem = "\(image.nvr).\(arch)"
        return switch kind {
        case .rootLog, .failedRootLog: "root.log"
        case .mockLog: "mock_output.log"
        case .buildLog, .failedLog: "build.log"
        case .image, .iso: "\(stem).\(ImageTypeOutputs.suffix(of: image.type) ?? "img")"
        case .manifest: "\(stem).osbuild-manifest.json"
        case .buildrootSBOM: "\(stem).buildroot-build.spdx.json"
        case .imageSBOM: "\(stem).image-os.spdx.json"
        }
    }

    /// Moves what a scratch build made to `scratch/{owner}/task_{id}`, with links where it lay. Logs stay.
    mutating func moveToScratch(_ task: HubTask) {
        let owner = user(id: task.owner)?.name ?? "unknown"
        moveOutputs(of: task) { $0.kind.isLog ? nil : "scratch/\(owner)/task_\(task.id)/\($0.name)" }
    }

    /// Makes archives of what the arch tasks left, and completes the build.
    ///
    /// - Returns: the fault if a file has an extension that the hub does not know; nothing is changed then.
    mutating func importArchives(of parent: HubTask, from children: [HubTask]) -> XMLRPCFault? {
        guard let id = task(parent.id)?.build, let directory = build(id: id)?.directory else {
            return .generic("No such build")
        }
        var archives: [HubArchive] = []
        var next = self.archives
        for child in children {
            for file in child.outputs where !file.kind.isLog {
                guard let type = ArchiveType.of(file.name) else {
                    return .build("Unsupported file type: \(file.name)")
                }
                guard let sum = content(of: file, task: child)?.sha256 else {
                    return .unforeseen("Traceback: no SHA-256 of \(file.name)")
                }
                next += 1
                archives.append(HubArchive(id: next, build: id, file: file, arch: child.arch, type: type, sha256: sum))
            }
        }
        self.archives = next
        for child in children { takeInto(directory: directory, build: id, child) }
        let now = clock
        update(build: id) {
            $0.archives = archives
            $0.state = .complete
            $0.completed = now
        }
        return nil
    }

    private mutating func takeInto(directory: String, build: Int, _ child: HubTask) {
        for file in child.outputs where file.kind.isLog {
            update(build: build) { $0.logs.append((child.arch, file.name)) }
        }
        moveOutputs(of: child) {
            $0.kind.isLog ? "\(directory)/data/logs/image/\(child.arch)/\($0.name)" : "\(directory)/images/\($0.name)"
        }
    }

    private mutating func moveOutputs(of task: HubTask, to place: (OutputFile) -> String?) {
        for (index, file) in task.outputs.enumerated() {
            guard let path = place(file) else { continue }
            perform(.moveLeavingLink(from: file.path, to: path))
            update(task.id) { $0.outputs[index].path = path }
        }
    }
}
