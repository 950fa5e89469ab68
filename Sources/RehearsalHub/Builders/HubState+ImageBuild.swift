import Koji

/// The parent task: what the builder checks first, its children, and how it ends.
extension HubState {
    /// Begins a parent; what the real builder refuses makes it fail here, before it has children.
    mutating func startBuild(_ task: HubTask) {
        do throws(XMLRPCFault) {
            try checkAndStart(task)
        } catch {
            fail(task.id, error)
        }
    }

    private mutating func checkAndStart(_ task: HubTask) throws(XMLRPCFault) {
        guard var image = task.image else { throw .unforeseen("Traceback: no image in task \(task.id)") }
        // With children there was a wait for the repository: the start was let through before.
        if task.children.isEmpty, let rule = failure(.parent, name: image.name) { throw rule.fault }
        guard let target = target(named: image.target) ?? inventTarget(named: image.target) else {
            throw .generic("No such build target: \(image.target)")
        }
        let arches = try arches(of: image, target: target)
        try checkPackage(of: image, target: target)
        guard repo(tag: target.buildTag) != nil || image.hasOwnRepos else {
            return wait(task, forRepoOf: target)
        }
        try checkNames(of: image)
        let release: String
        if let asked = image.release {
            release = asked
        } else {
            release = try nextRelease(name: image.name, version: image.version)
        }
        image.release = release
        update(task.id) { $0.image = image }
        if !image.isScratch {
            let build = try takeBuild(for: task, release: release)
            update(task.id) { $0.build = build }
        }
        makeArchTasks(of: task, image: image, target: target, arches: arches)
    }

    /// Names become parts of paths.
    private func checkNames(of image: ImageBuild) throws(XMLRPCFault) {
        for text in [image.name, image.version, image.release ?? "1"] {
            let isPlain = (1...120).contains(text.utf8.count) && text != "." && text != ".."
            guard isPlain, !text.utf8.contains(where: { $0 == 0x2F || $0 < 0x20 }) else {
                throw .generic("Invalid name: \(Python.repr(String(text.prefix(200))))")
            }
        }
    }

    private func arches(of image: ImageBuild, target: HubTarget) throws(XMLRPCFault) -> [String] {
        let offered = tag(id: target.buildTag)?.arches ?? []
        guard !offered.isEmpty else { throw .build("no arches") }
        let unknown = image.arches.filter { !offered.contains($0) }
        guard unknown.isEmpty else {
            let names = Set(unknown).sorted().map { Python.repr($0) }.joined(separator: ", ")
            throw .build("Unsupported architecture(s): {\(names)}")
        }
        return image.arches.isEmpty ? offered : image.arches
    }

    private func checkPackage(of image: ImageBuild, target: HubTarget) throws(XMLRPCFault) {
        guard !image.isScratch, !image.skipsTag, let tag = tag(id: target.destTag) else { return }
        if tag.blocked.contains(image.name) {
            throw .build("package (image) \(image.name) is blocked for tag \(tag.name)")
        }
        if let packages = tag.packages, !packages.contains(image.name) {
            throw .build("package (image) \(image.name) not in list for tag \(tag.name)")
        }
    }

    private mutating func wait(_ task: HubTask, forRepoOf target: HubTarget) {
        update(task.id) { $0.waiting = true }
        makeTask(
            method: HubMethods.waitrepo, request: [.number(target.buildTag), .null, .null], owner: task.owner,
            priority: task.priority - 1, parent: task.id)
    }

    private mutating func makeArchTasks(of task: HubTask, image: ImageBuild, target: HubTarget, arches: [String]) {
        update(task.id) { $0.waiting = true }
        let opts: XMLRPCValue = task.request.count > 5 ? task.request[5] : .object([:])
        let config = tag(id: target.buildTag)?.configRecord ?? .null
        let repo = repo(tag: target.buildTag).map { record(of: $0) } ?? .null
        for arch in arches {
            makeTask(
                method: HubMethods.archBuild,
                request: [
                    .string(image.name), .string(image.version), .optional(image.release), .string(arch),
                    .strings([image.type]), record(of: target), config, repo, opts,
                ],
                owner: task.owner, priority: task.priority - 1, parent: task.id, label: arch, arch: arch, image: image)
        }
    }

    /// Goes on with a parent whose children have all ended.
    mutating func resume(_ task: HubTask) {
        guard task.state == .open, let image = task.image else { return }
        let children = task.children.compactMap { self.task($0) }
        for child in children where child.awaited == true { update(child.id) { $0.awaited = false } }
        let archTasks = children.filter { $0.method == HubMethods.archBuild }
        if archTasks.isEmpty {
            if let fault = children.compactMap({ fault(of: $0) }).first { return fail(task.id, fault) }
            return startBuild(task)
        }
        if let tagging = children.first(where: { $0.method == HubMethods.tag }) {
            // The build is complete all the same when only the tagging failed.
            if let fault = fault(of: tagging) { return end(task.id, .fault(fault)) }
            return end(task.id, .value(buildSentence(task)))
        }
        let failed = archTasks.filter { $0.state != .closed }
        if let required = failed.first(where: { !image.failable.contains($0.arch) }), let fault = fault(of: required) {
            return fail(task.id, fault)
        }
        guard failed.count < archTasks.count else { return fail(task.id, .generic("all subtasks failed")) }
        let finished = archTasks.filter { $0.state == .closed }
        if image.isScratch {
            for child in finished { moveToScratch(child) }
            let paths = archTasks.map { "\(Self.builderTop)/\(Self.workDirectory(of: $0.id))" }
            return end(task.id, .value(.string("Scratch image build results in: \(paths.joined(separator: ", "))")))
        }
        if let fault = importArchives(of: task, from: finished) { return fail(task.id, fault) }
        if image.skipsTag { return end(task.id, .value(buildSentence(task))) }
        tagBuild(of: task, image: image)
    }

    private mutating func tagBuild(of task: HubTask, image: ImageBuild) {
        guard let build = self.task(task.id)?.build, let target = target(named: image.target) else { return }
        makeTask(
            method: HubMethods.tag,
            request: [.number(target.destTag), .number(build), .bool(false), .null, .bool(true)], owner: task.owner,
            priority: task.priority - 1, parent: task.id, label: "tag", build: build)
    }

    /// The top of the tree as the real builders see it: the sentences of results name it.
    private static let builderTop = "/mnt/koji"

    private func buildSentence(_ task: HubTask) -> XMLRPCValue {
        let directory = task.build.flatMap { build(id: $0)?.directory } ?? ""
        return .string("image build results in: \(Self.builderTop)/\(directory)/images")
    }

    /// What a child failed with; a canceled one counts as failed.
    private func fault(of task: HubTask) -> XMLRPCFault? {
        switch task.state {
        case .canceled: .generic("Task \(task.id) is canceled")
        case .failed: if case .fault(let fault) = task.result { fault } else { nil }
        case .free, .open, .closed, .assigned: nil
        }
    }

    /// Fails a parent, and its build with it if that is still being built.
    private mutating func fail(_ id: TaskID, _ fault: XMLRPCFault) {
        endBuild(of: id, as: .failed)
        end(id, .fault(fault))
    }

    /// Ends the build that a task is making, if it is still in state BUILDING and that task's own.
    mutating func endBuild(of id: TaskID, as state: BuildState) {
        guard let build = task(id)?.build else { return }
        let now = clock
        update(build: build) {
            guard $0.state == .building, $0.task == id else { return }
            $0.state = state
            $0.completed = now
        }
    }

    func target(named name: String) -> HubTarget? { targets.first { $0.name == name } }
}
