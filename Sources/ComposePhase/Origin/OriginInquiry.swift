package import Koji
import ProductMD

/// Asks the hub for buildroots, and the repositories for their state.
///
/// An image costs the hub two requests, however many arches it has (``KojiBuildroots``); a repository costs its server
/// one small file in five minutes at most, and an image without a manifest one ref of its ostree repository an arch.
package struct OriginInquiry: OriginSource {
    private let buildroots: any BuildrootSource
    private let repositories: RepositoryRevisions
    private let files: RepositoryFiles
    /// Where the hub's own repositories lie.
    private let topurl: String
    private let freeze: FreezeRule?
    private let warn: @Sendable (String) -> Void

    /// - Parameters:
    ///   - repositories: looks at the repositories of the run; the caller has it begin.
    ///   - freeze: what every image is held against; nil where nothing is frozen.
    package init(
        buildroots: any BuildrootSource, repositories: RepositoryRevisions, files: RepositoryFiles, topurl: String,
        freeze: FreezeRule? = nil, warn: @escaping @Sendable (String) -> Void
    ) {
        self.buildroots = buildroots
        self.repositories = repositories
        self.files = files
        self.topurl = topurl
        self.freeze = freeze
        self.warn = warn
    }

    /// The repositories that a plan's builders will use, as far as the plan names them.
    package static func repositories(of tasks: [ImageTask]) -> Set<String> {
        Set(tasks.flatMap { $0.arches.flatMap(\.repos) })
    }

    // MARK: Hub and repositories

    package func findings(of task: ImageTask, archTasks: [String: TaskID]) async -> OriginFindings {
        let names = ToolchainNames(frozen: Set(freeze?.file.builds.keys.map { $0 } ?? []))
        let (roots, troubles) = await buildroots.roots(of: archTasks.values.sorted(), keeping: names)
        var findings = OriginFindings(remarks: Self.unique(troubles))
        let request = RequestView(task)
        var seed: Int?
        if case .int(let number)? = request.options["seed"] { seed = number }
        for (arch, archTask) in archTasks.sorted(by: { $0.key < $1.key }) {
            let root = roots[archTask]
            var origin = BuildOrigin(
                host: root?.host, buildroot: root?.id, toolchain: root?.toolchain ?? [:], ostree: ostree(task, arch),
                seed: seed)
            if root?.toolchain.isEmpty ?? true, troubles.isEmpty {
                findings.remarks.append("the hub does not tell what was installed for \(arch)")
            }
            for url in repositories(of: task, arch, root) {
                let look = await repositories.look(at: url, start: root?.created)
                origin.repositories.append(
                    .init(url: ShownURL.text(url), revision: look.index?.revision, checksum: look.index?.checksum))
                findings.remarks += Self.remarks(on: look, of: ShownURL.text(url))
            }
            findings.origins[arch] = origin
        }
        judge(&findings)
        findings.remarks = Self.unique(findings.remarks)
        return findings
    }

    /// The request's, or the build tag's own where it has none.
    private func repositories(of task: ImageTask, _ arch: String, _ root: BuilderRoot?) -> [String] {
        let named = task.arches.first { $0.arch == arch }?.repos ?? []
        guard named.isEmpty else { return named }
        guard let tag = root?.tag, let repo = root?.repo else { return [] }
        return ["\(topurl)/\(PathInfo.percentEncoded(PathInfo.repo(tag: tag, id: repo, arch: arch)))"]
    }

    private static func remarks(on look: RepositoryRevisions.Look, of url: String) -> [String] {
        var remarks: [String] = []
        if let index = look.index, !look.later.isEmpty {
            let states = ([index] + look.later).map(\.shown).joined(separator: ", then ")
            remarks.append("\(url) changed meanwhile: it had \(states); the image may hold packages of either")
        }
        if let trouble = look.trouble {
            remarks.append(
                "the \(look.index == nil ? "state" : "last state") of a repository is not known: \(trouble)")
        }
        return remarks
    }

    /// What the image carries of an ostree repository, its commit not yet known.
    private func ostree(_ task: ImageTask, _ arch: String) -> BuildOrigin.OSTree? {
        guard let url = Self.ostreeURL(of: task), let ref = task.arches.first(where: { $0.arch == arch })?.ostreeRef
        else { return nil }
        return .init(url: ShownURL.text(url), ref: ref, commit: nil)
    }

    static func ostreeURL(of task: ImageTask) -> String? {
        guard case .object(let ostree)? = RequestView(task).options["ostree"], case .string(let url)? = ostree["url"]
        else { return nil }
        return url
    }

    // MARK: Freeze

    private func judge(_ findings: inout OriginFindings) {
        guard let freeze else { return }
        var told: [[FreezeDeviation]: [String]] = [:]
        for (arch, origin) in findings.origins {
            let deviations = freeze.file.deviations(of: origin.toolchain)
            let proven = deviations.filter { $0.installed != nil }
            if freeze.policy == .fail, !proven.isEmpty {
                findings.refused[arch] = TaskFailure(
                    kind: .notFrozen,
                    message:
                        "\(text(proven, [arch])); bring the build tag back to the frozen builds and build again with"
                        + " resume --retry-failed --new-release, or change the freeze file and resume --retry-failed")
            } else if !deviations.isEmpty {
                told[deviations, default: []].append(arch)
            }
        }
        findings.remarks += told.map { text($0.key, $0.value.sorted()) }.sorted()
    }

    private func text(_ deviations: [FreezeDeviation], _ arches: [String]) -> String {
        let names = [arches.dropLast().joined(separator: ", "), arches.last ?? ""].filter { !$0.isEmpty }
        return "\(names.joined(separator: " and ")): not as \(freeze?.file.path ?? "the freeze file") says:"
            + " \(deviations.map(\.text).joined(separator: "; "))"
    }

    // MARK: Commits

    package func origins(
        _ findings: OriginFindings, of task: ImageTask, manifests: [String: String]
    ) async -> [String: BuildOrigin] {
        var origins = findings.origins
        var remarks = findings.remarks
        // What makes a commit carries its own, which is in no repository yet.
        if let url = Self.ostreeURL(of: task), !RequestView(task).makesCommit {
            for (arch, origin) in origins.sorted(by: { $0.key < $1.key }) where findings.refused[arch] == nil {
                guard let ref = origin.ostree?.ref else { continue }
                let (commit, trouble) = await commit(of: ref, at: url, manifest: manifests[arch])
                origins[arch]?.ostree?.commit = commit
                if let trouble { remarks.append("the commit of \(ref) is not known: \(trouble)") }
            }
        }
        if !remarks.isEmpty { warn("\(task.id): \(Self.unique(remarks).joined(separator: "; "))") }
        return origins
    }

    /// From the manifest, which says what was built in; the repository only says what is there now.
    private func commit(
        of ref: String, at url: String, manifest: String?
    ) async -> (commit: String?, trouble: String?) {
        var troubles: [String] = []
        if let manifest {
            do {
                let bytes = try AtomicFile.read(manifest, limit: OSTreeCommits.manifestLimit) ?? []
                if let commit = try OSTreeCommits.commit(inManifest: bytes, name: manifest, url: url) {
                    return (commit, nil)
                }
            } catch {
                troubles.append("\(error)")
            }
        }
        do throws(RepositoryFiles.Trouble) {
            let bytes = try await files.read("refs/heads/\(ref)", below: url)
            if let commit = OSTreeCommits.commit(inRef: bytes) { return (commit, nil) }
            troubles.append("\(ShownURL.text(url)) has no commit in refs/heads/\(ref)")
        } catch {
            if case .unreadable(let reason) = error { troubles.append(reason) }
        }
        return (nil, troubles.isEmpty ? nil : troubles.joined(separator: ", "))
    }

    private static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }
}
