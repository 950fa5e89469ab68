package import Koji

/// Asks a real hub what a task made.
package struct KojiResults: ResultSource {
    private let session: KojiSession

    package init(session: KojiSession) { self.session = session }

    package func results(of task: ImageTask, hubTask: TaskID) async throws(TaskFailure) -> HubResults {
        do {
            return try await ask(task, hubTask)
        } catch {
            throw TaskFailure(
                kind: .notCollected, message: "the results of task \(hubTask) cannot be asked for: \(error.message)",
                url: "\(session.hub.weburl)/taskinfo?taskID=\(hubTask)")
        }
    }

    private func ask(_ task: ImageTask, _ hubTask: TaskID) async throws(KojiFailure) -> HubResults {
        let children = try await session.children(of: hubTask)
        // Arch children carry the arch as label; tagging and waiting for a repository are not results.
        let builders = children.filter { $0.method == task.method + "Arch" || $0.label == $0.arch }
        let results = try await session.results(
            of: builders.filter { [.closed, .failed].contains($0.state) }.map(\.id))
        var arches: [HubResults.Arch] = []
        for child in builders.sorted(by: { $0.id < $1.id }) {
            var output: HubResults.Output?
            var fault: String?
            switch results[child.id] {
            case .value(let value)? where child.state == .closed:
                let result = try session.archResult(value)
                output = HubResults.Output(
                    name: result.name, version: result.version, release: result.release, files: result.files)
            case .fault(let stored)?: fault = stored.text
            default: break
            }
            arches.append(
                HubResults.Arch(
                    id: child.id, arch: child.label ?? child.arch, state: child.state, output: output, fault: fault))
        }
        guard let build = try await session.builds(of: hubTask).first(where: { $0.state == .complete }) else {
            return HubResults(build: nil, arches: arches, archives: [:], outputs: try await outputs(of: arches))
        }
        var archives: [String: HubResults.Archive] = [:]
        for archive in try await session.imageArchives(of: build.id) {
            archives[archive.fileName] = HubResults.Archive(
                id: archive.id, size: archive.size,
                digest: archive.checksumKind.map { .init(kind: $0, text: archive.checksum) }, arch: archive.arch)
        }
        return HubResults(
            build: .init(
                id: build.id, name: build.name, version: build.version, release: build.release, volume: build.volume),
            arches: arches, archives: archives)
    }

    /// Sizes are all that a hub knows of a scratch task's files.
    private func outputs(
        of arches: [HubResults.Arch]
    ) async throws(KojiFailure) -> [TaskID: [String: HubResults.Left]] {
        var batch = HubBatch()
        let tickets = arches.filter { $0.output != nil }.map { ($0.id, batch.add(.outputOnVolumes(of: $0.id))) }
        guard !tickets.isEmpty else { return [:] }
        let answers = try await session.ask(batch)
        var outputs: [TaskID: [String: HubResults.Left]] = [:]
        for (id, ticket) in tickets {
            // A file that is being moved just now is a fault of the whole list; then sizes are not known.
            guard case .success(let files) = answers[ticket] else { continue }
            for file in files {
                outputs[id, default: [:]][file.name] = .init(size: file.size, volume: file.volume)
            }
        }
        return outputs
    }
}
