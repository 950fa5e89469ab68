import Glibc
import Koji
import ProductMD
package import PungiConfig

/// Brings the images of good tasks into the compose: chooses, fetches, verifies, places, records.
package struct ImageCollector: TaskCollector {
    private let results: any ResultSource
    private let files: any ResultFiles
    private let layout: ComposeLayout
    private let variants: VariantSet
    private let checksums: Set<String>
    private let record: ImagesRecord
    private let judgement: ResultJudgement
    private let origins: (any OriginSource)?
    private let warn: @Sendable (String) -> Void
    private let gate: FetchGate

    /// - Parameters:
    ///   - checksums: what images.json shall hold, e.g. `sha256`.
    ///   - judgement: looks at the results for what nobody may miss.
    ///   - origins: tells with what, and from what, images were built; nil asks nobody.
    package init(
        results: any ResultSource, files: any ResultFiles, layout: ComposeLayout, variants: VariantSet,
        checksums: [String], record: ImagesRecord, judgement: ResultJudgement = ResultJudgement(),
        origins: (any OriginSource)? = nil,
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.results = results
        self.files = files
        self.layout = layout
        self.variants = variants
        self.checksums = Set(checksums)
        self.record = record
        self.judgement = judgement
        self.origins = origins
        self.warn = warn
        gate = FetchGate(files.atOnce)
    }

    package func collect(
        _ task: ImageTask, _ parts: [HubPart], replacing replaced: [CollectedImage]
    ) async throws(TaskFailure) -> CollectedTask {
        guard let variant = variants[task.variant] else {
            throw TaskFailure(kind: .notCollected, message: "the config has no variant \(task.variant)")
        }
        var collected = CollectedTask(images: [], missing: [:])
        var placed: [String] = []
        do throws(TaskFailure) {
            for part in parts {
                let found = try await results.results(of: task, hubTask: part.hubTask)
                let selection = try ResultSelection.select(
                    from: found, for: task, arches: part.arches, in: variant, places: layout.given,
                    sizeLimit: judgement.mostBytes)
                selection.warnings.forEach(warn)
                collected.missing.merge(selection.missing) { first, _ in first }
                let origin = await origins?.findings(of: task, archTasks: selection.archTasks) ?? OriginFindings()
                let fetched = await fetchArches(
                    selection, of: task, part.hubTask, found.build, origin)
                placed += fetched.flatMap(\.placed)
                for arch in fetched {
                    switch arch.outcome {
                    case .success(let images): collected.images += images
                    case .failure(let failure):
                        let canFail = task.arches.contains { $0.arch == arch.arch && $0.failable }
                        guard canFail, failure.kind != .composeUnusable else { throw failure }
                        warn("\(task.id): arch \(arch.arch) is left out, which may fail: \(failure)")
                        remove(arch.placed)
                        collected.missing[arch.arch] = failure
                    }
                }
            }
            guard !collected.images.isEmpty || collected.missing.isEmpty else {
                let first = collected.missing.sorted { $0.key < $1.key }.first?.value
                throw first ?? TaskFailure(kind: .missingArch, message: "there is no image")
            }
            try await enter(collected.images, replacing: replaced)
        } catch {
            // A file that is not recorded does not stay: whoever walks the tree would take it for an image.
            remove(placed)
            throw error
        }
        let kept = Set(collected.images.flatMap(Self.files))
        for file in replaced.flatMap(Self.files) where !kept.contains(file) { unlink(layout.path("compose/\(file)")) }
        return collected
    }

    /// An image and what lies beside it, below `compose/`.
    private static func files(_ image: CollectedImage) -> [String] {
        [image.path] + ChecksumFiles.names(besides: image) + image.sideFiles.map(\.path)
    }

    private func remove(_ paths: [String]) { for path in paths { unlink(path) } }

    private func enter(_ images: [CollectedImage], replacing replaced: [CollectedImage]) async throws(TaskFailure) {
        do {
            try await record.add(images, replacing: replaced)
        } catch let failure as TaskFailure {
            throw failure
        } catch let failure as AtomicFile.Failure where failure.isFatalForCompose {
            throw TaskFailure(kind: .composeUnusable, message: failure.description)
        } catch {
            throw TaskFailure(kind: .notRecorded, message: "it cannot be recorded: \(error)")
        }
    }

    // MARK: Arches

    /// What came of one arch.
    private struct FetchedArch: Sendable {
        var arch: String
        var outcome: Result<[CollectedImage], TaskFailure>
        /// Files that were not there before.
        var placed: [String] = []
    }

    /// All arches, and all files of each, side by side.
    private func fetchArches(
        _ selection: ResultSelection.Selection, of task: ImageTask, _ hubTask: TaskID, _ build: HubResults.Build?,
        _ origin: OriginFindings
    ) async -> [FetchedArch] {
        let arches = Dictionary(grouping: selection.files, by: \.arch)
        let fetched = await withTaskGroup(of: FetchedArch.self) { group in
            for (arch, files) in arches {
                if let refusal = origin.refused[arch] {
                    // Nothing of it is fetched: it would not be taken into the compose.
                    group.addTask { FetchedArch(arch: arch, outcome: .failure(refusal)) }
                    continue
                }
                let sides = selection.sideFiles.filter { $0.arch == arch }
                let unknown = selection.unknown[arch] ?? []
                group.addTask {
                    judged(await fetchArch(arch, files, sides, of: task, hubTask, build), unknown, of: task)
                }
            }
            var fetched: [FetchedArch] = []
            for await arch in group { fetched.append(arch) }
            return fetched.sorted { $0.arch < $1.arch }
        }
        return await withOrigins(fetched, origin, of: task)
    }

    /// What the manifests tell beside hub and repositories goes into the images.
    private func withOrigins(
        _ fetched: [FetchedArch], _ findings: OriginFindings, of task: ImageTask
    ) async -> [FetchedArch] {
        guard let origins else { return fetched }
        var manifests: [String: String] = [:]
        for arch in fetched {
            guard case .success(let images) = arch.outcome else { continue }
            let manifest = images.first?.sideFiles.first { $0.kind == .manifest }
            manifests[arch.arch] = manifest.map { layout.path("compose/\($0.path)") }
        }
        let told = await origins.origins(findings, of: task, manifests: manifests)
        return fetched.map { arch in
            guard case .success(let images) = arch.outcome else { return arch }
            var arch = arch
            arch.outcome = .success(
                images.map { image in
                    var image = image
                    image.origin = told[arch.arch]
                    return image
                })
            return arch
        }
    }

    /// An arch whose results are found to be wrong fails; what is only strange is told and stands with its first image.
    private func judged(_ fetched: FetchedArch, _ unknown: [String], of task: ImageTask) -> FetchedArch {
        guard case .success(var images) = fetched.outcome, !images.isEmpty else { return fetched }
        let found = judgement.findings(of: fetched.arch, in: task, unknown: unknown, images: images)
        var fetched = fetched
        guard found.failures.isEmpty else {
            fetched.outcome = .failure(
                TaskFailure(kind: .notCollected, message: found.failures.map(\.message).joined(separator: "; ")))
            return fetched
        }
        for finding in found.warnings { warn("\(task.id) \(fetched.arch): \(finding.message)") }
        images[0].findings = found.warnings
        fetched.outcome = .success(images)
        return fetched
    }

    private func fetchArch(
        _ arch: String, _ files: [ResultSelection.File], _ sides: [ResultSelection.Side], of task: ImageTask,
        _ hubTask: TaskID, _ build: HubResults.Build?
    ) async -> FetchedArch {
        await withTaskGroup(of: (Int, Result<Placed, TaskFailure>).self) { group in
            for (index, file) in files.enumerated() {
                group.addTask {
                    let place = "\(file.directory)/\(file.name)"
                    return (index, await fetch(file.wanted, from: file.archTask, digests: checksums, to: place))
                }
            }
            async let kept = keep(sides, of: task)
            var fetched = FetchedArch(arch: arch, outcome: .success([]))
            var images: [Int: CollectedImage] = [:]
            var failures: [Int: TaskFailure] = [:]
            for await (index, result) in group {
                switch result {
                case .success(let file):
                    if file.isNew { fetched.placed.append(file.path) }
                    images[index] = await image(files[index], file, of: task, hubTask, build)
                case .failure(let failure): failures[index] = failure
                }
            }
            let (sideFiles, newSides, trouble) = await kept
            fetched.placed += newSides
            failures[files.count] = trouble
            // A compose that cannot be written is worse news than a file that is wrong.
            let first =
                failures.values.first { $0.kind == .composeUnusable } ?? failures.min { $0.key < $1.key }?.value
            if let first {
                fetched.outcome = .failure(first)
            } else {
                fetched.outcome = .success(
                    images.sorted { $0.key < $1.key }.map { _, image in
                        var image = image
                        image.sideFiles = sideFiles
                        return image
                    })
            }
            return fetched
        }
    }

    private func image(
        _ file: ResultSelection.File, _ placed: Placed, of task: ImageTask, _ hubTask: TaskID,
        _ build: HubResults.Build?
    ) async -> CollectedImage {
        let volume = file.format == "iso" ? await volume(of: placed.path, task) : nil
        return CollectedImage(
            task: task.id, hubTask: hubTask, archTask: file.archTask, variant: task.variant,
            subvariant: task.subvariant, arch: file.arch, type: file.type, format: file.format,
            path: "\(file.directory.dropFirst("compose/".count))/\(file.name)", size: placed.size, mtime: placed.mtime,
            checksums: placed.digests.filter { checksums.contains($0.key) }, nvr: file.nvr, buildID: build?.id,
            source: files.location(of: file.wanted.path), archiveID: file.archive, volumeID: volume?.volumeID,
            implantMD5: volume?.implantedMD5)
    }

    private func volume(of path: String, _ task: ImageTask) async -> ISOVolume? {
        let read = await DiskThreads.run { () -> Result<ISOVolume?, AtomicFile.Failure> in
            Result { () throws(AtomicFile.Failure) in try ISOFile.volume(path) }
        }
        switch read {
        case .success(let volume?): return volume
        case .success(nil):
            warn("\(task.id): \(path) is called an ISO, and has no ISO 9660 volume in it")
            return nil
        case .failure(let failure):
            warn("\(task.id): the label of the volume cannot be read: \(failure)")
            return nil
        }
    }

    // MARK: Files

    /// A file that lies in the compose.
    private struct Placed: Sendable {
        var path: String
        var size: Int
        var mtime: Int
        var digests: [String: String]
        var isNew: Bool
    }

    /// How often a file is fetched whose bytes are wrong.
    private static let tries = 3

    /// - Parameter place: below the compose directory.
    private func fetch(
        _ file: WantedFile, from archTask: TaskID, digests kinds: Set<String>, to place: String
    ) async -> Result<Placed, TaskFailure> {
        await gate.inside {
            do throws(TaskFailure) {
                return .success(try await bring(file, from: archTask, digests: kinds, to: layout.path(place)))
            } catch {
                return .failure(error)
            }
        }
    }

    private func bring(
        _ file: WantedFile, from archTask: TaskID, digests kinds: Set<String>, to place: String
    ) async throws(TaskFailure) -> Placed {
        let incoming = layout.path(ComposeLayout.incoming)
        let partial = "\(incoming)/\(archTask)-\(file.name.prefix(180))"
        do throws(AtomicFile.Failure) {
            try AtomicFile.makeDirectories(incoming)
        } catch {
            throw error.asTaskFailure
        }
        var wrong: String?
        for number in 1...Self.tries {
            do throws(FetchFailure) {
                let held = try await files.fetch(file, digests: kinds, to: partial, again: wrong != nil)
                return try await settle(held, at: place)
            } catch {
                switch error {
                case .final(let failure): throw failure
                case .wrongBytes(let why):
                    wrong = why
                    if number < Self.tries { warn("\(why); it is fetched again") }
                }
            }
        }
        throw TaskFailure(
            kind: .notCollected, message: "\(wrong ?? file.name), \(Self.tries) times",
            url: files.location(of: file.path))
    }

    private func settle(_ held: HeldFile, at place: String) async throws(FetchFailure) -> Placed {
        let result = await DiskThreads.run { () -> Result<Placed, TaskFailure> in
            do throws(AtomicFile.Failure) {
                let outcome = try FilePlacement.place(held, at: place)
                var info = stat()
                guard outcome != .taken else {
                    return .failure(
                        TaskFailure(kind: .notCollected, message: "\(place) is there already and is another file"))
                }
                guard stat(place, &info) == 0 else {
                    throw AtomicFile.Failure(path: place, operation: "read", code: errno)
                }
                return .success(
                    Placed(
                        path: place, size: held.size, mtime: Int(info.st_mtim.tv_sec), digests: held.digests,
                        isNew: outcome == .placed))
            } catch {
                if case .partial(let path) = held.place { unlink(path) }
                return .failure(error.asTaskFailure)
            }
        }
        do throws(TaskFailure) { return try result.get() } catch { throw .final(error) }
    }

    /// Fetches what is kept beside the images of an arch. Nothing of it is worth an image: what fails is only told, unless it
    /// is the compose itself that cannot be written.
    ///
    /// - Returns: what is there, the paths of what is new, and why the compose cannot be worked on.
    private func keep(
        _ sides: [ResultSelection.Side], of task: ImageTask
    ) async -> (kept: [SideFile], new: [String], trouble: TaskFailure?) {
        var kept: [SideFile] = []
        var new: [String] = []
        for side in sides {
            let place = "\(side.directory)/\(side.wanted.name)"
            switch await fetch(side.wanted, from: side.archTask, digests: ["sha256"], to: place) {
            case .success(let file):
                if file.isNew { new.append(file.path) }
                kept.append(
                    SideFile(
                        kind: side.kind, path: String(place.dropFirst("compose/".count)), size: file.size,
                        sha256: file.digests["sha256"] ?? ""))
            case .failure(let failure) where failure.kind == .composeUnusable: return (kept, new, failure)
            case .failure(let failure):
                warn("\(task.id): \(side.wanted.name) is not kept with the compose: \(failure)")
            }
        }
        return (kept, new, nil)
    }
}
