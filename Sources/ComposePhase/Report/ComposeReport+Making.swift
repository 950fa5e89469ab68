import Koji
import ProductMD

extension ComposeReport {
    /// - Parameters:
    ///   - facts: what the files tell.
    ///   - now: the moment that is reported.
    package init(_ facts: ReportFacts, at now: Instant) {
        let record = facts.state(at: now)
        let status = StatusReport(
            compose: facts.compose, directory: facts.directory, record: record, lockOwner: facts.owner,
            life: { _ in facts.life }, estimates: .none, now: now)
        // A result without events is the end of a run, whatever became of its log.
        let hasOnlyResult = facts.record.isEmpty && facts.result != nil
        compose = facts.compose
        directory = facts.directory
        label = facts.plan?.compose.label ?? facts.manifest?.compose.label
        isRehearsal = facts.isRehearsal
        stage = hasOnlyResult ? .ended : status.stage
        let recorded = facts.result?["payload"]?["status"]?.string
        self.status = record.ending?.status.rawValue ?? (hasOnlyResult ? recorded : nil) ?? facts.status
        stop = status.view.stop?.sentence
        process = stage == .ended ? nil : status.ownerSentence
        hub = record.identity?.hub ?? facts.run?.hub
        weburl = facts.weburl
        profile = record.identity?.profile ?? facts.run?.profile
        user = record.identity?.user ?? facts.run?.user
        host = record.identity?.host
        began = record.runs.first?.began.seconds ?? facts.run?.started
        // Of a process that cannot be seen from here nobody knows whether it is still at work.
        let isAtWork = stage == .running && facts.life == .alive
        ended = record.ending?.instant.seconds ?? (isAtWork ? now.seconds : record.lastWritten?.seconds)
        made = now.seconds
        tasks = []
        failures = []
        troubles = facts.troubles
        counts = ProgressView.Counts()
        images = []
        toolchain = [:]
        repositories = []
        freeze = facts.provenance?.freeze
        deliverables = facts.deliverables.flatMap(Deliverables.init)
        if hasOnlyResult { takeTasks(result: facts) } else { takeTasks(record, status.view, facts) }
        for task in tasks { counts.add(task.state, canFail: task.canFail) }
        takeImages(facts, record)
        compare(with: facts.previous)
        sumUpOrigins()
    }

    private mutating func takeTasks(_ record: FollowedRun, _ view: ProgressView, _ facts: ReportFacts) {
        for (progress, row) in zip(record.state.progress, view.rows) {
            let log = facts.logs[row.id]
            tasks.append(ReportedTask(progress, row: row, log: log))
            failures += ReportedFailure.of(progress, log: log)
        }
    }

    private mutating func takeTasks(result facts: ReportFacts) {
        let planned = Dictionary((facts.plan?.tasks ?? []).map { ($0.id, $0) }) { first, _ in first }
        for entry in facts.result?["payload"]?["tasks"]?.array ?? [] {
            let id = ImageTaskID(entry["id"]?.string ?? "")
            guard let task = ReportedTask(result: entry, plan: planned[id], log: facts.logs[id]) else { continue }
            tasks.append(task)
            failures += ReportedFailure.of(result: entry, task: task)
        }
    }

    // MARK: Images

    /// Events know most of an image, then provenance; images.json has those of other phases, too.
    private mutating func takeImages(_ facts: ReportFacts, _ record: FollowedRun) {
        var byPath: [String: ReportedImage] = [:]
        for image in record.state.images { byPath[image.path] = ReportedImage(image) }
        let known = byPath.keys.sorted()
        for (path, entry) in facts.provenance?.images ?? [:] {
            guard let image = byPath[path] else {
                byPath[path] = ReportedImage(entry, path: path)
                continue
            }
            // Where images came from may be looked up after they were collected.
            if image.made?.origin == nil { byPath[path]?.made?.origin = entry.origin }
            if image.made?.sideFiles.isEmpty == true { byPath[path]?.made?.sideFiles = entry.sideFiles }
        }
        var recorded: Set<String> = []
        for (variant, arches) in facts.manifest?.images ?? [:] {
            for image in arches.values.joined() where recorded.insert(image.path).inserted {
                if byPath[image.path] == nil {
                    byPath[image.path] = ReportedImage(image, variant: variant)
                } else if byPath[image.path]?.type.isEmpty == true {
                    // An old provenance document does not tell these.
                    byPath[image.path]?.type = image.type
                    byPath[image.path]?.format = image.format
                    byPath[image.path]?.subvariant = image.subvariant
                }
            }
        }
        if facts.manifest != nil {
            troubles += known.filter { !recorded.contains($0) }.map {
                "\(ComposeLayout.images) does not name the image \($0), which was collected"
            }
        }
        images = byPath.values.sorted { $0.path.unicodeScalars.lexicographicallyPrecedes($1.path.unicodeScalars) }
    }

    /// Images are the same in two composes when all but their version is.
    private struct Key: Hashable {
        let variant: String
        let subvariant: String
        let type: String
        let format: String
        let arch: String
    }

    private mutating func compare(with earlier: EarlierCompose?) {
        guard let earlier else { return }
        var before: [Key: (size: Int, path: String)] = [:]
        for (variant, arches) in earlier.manifest.images {
            for image in arches.values.joined() {
                let key = Key(
                    variant: variant, subvariant: image.subvariant, type: image.type, format: image.format,
                    arch: image.arch)
                if before[key].map({ image.path < $0.path }) ?? true { before[key] = (image.size, image.path) }
            }
        }
        var gone = before
        for index in images.indices {
            let image = images[index]
            let key = Key(
                variant: image.variant, subvariant: image.subvariant, type: image.type, format: image.format,
                arch: image.arch)
            images[index].change = before[key].map { .from($0.size) } ?? .new
            gone[key] = nil
        }
        previous = Previous(
            id: earlier.id, directory: earlier.directory,
            gone: gone.values.map(\.path).sorted())
    }

    private mutating func sumUpOrigins() {
        struct Place: Hashable {
            let url: String
            let revision: String?
        }
        var places: [Place: Int] = [:]
        for origin in images.compactMap({ $0.made?.origin }) {
            for (package, nvr) in origin.toolchain { toolchain[package, default: [:]][nvr, default: 0] += 1 }
            for repository in origin.repositories {
                places[Place(url: repository.url, revision: repository.revision), default: 0] += 1
            }
        }
        repositories = places.map { Repository(url: $0.url, revision: $0.revision, images: $1) }
            .sorted { ($0.url, $0.revision ?? "") < ($1.url, $1.revision ?? "") }
    }
}

extension ReportFacts {
    /// The run by its events; by its plan alone where there are none yet.
    fileprivate func state(at now: Instant) -> FollowedRun {
        guard record.isEmpty, let plan else { return record }
        var planned = FollowedRun(planned: plan.tasks.map { $0.scheduled(by: SchedulePolicy()) }, at: now)
        planned.takeProcesses(of: record)
        return planned
    }
}

extension ReportedImage {
    fileprivate init(_ image: CollectedImage) {
        self.init(
            path: image.path, variant: image.variant, subvariant: image.subvariant, arch: image.arch,
            type: image.type, format: image.format, size: image.size, checksums: image.checksums,
            made: Making(
                task: image.task, hubTask: image.hubTask.number, archTask: image.archTask.number, nvr: image.nvr,
                build: image.buildID, sideFiles: image.sideFiles, origin: image.origin),
            change: .unknown)
    }

    fileprivate init(_ entry: ProvenanceDocument.Entry, path: String) {
        self.init(
            path: path, variant: entry.variant, subvariant: entry.subvariant, arch: entry.arch, type: entry.type,
            format: entry.format, size: entry.size, checksums: entry.checksums,
            made: Making(
                task: entry.planTask, hubTask: entry.task, archTask: entry.archTask, nvr: entry.nvr,
                build: entry.build, sideFiles: entry.sideFiles, origin: entry.origin),
            change: .unknown)
    }

    fileprivate init(_ record: ImageRecord, variant: String) {
        self.init(
            path: record.path, variant: variant, subvariant: record.subvariant, arch: record.arch, type: record.type,
            format: record.format, size: record.size, checksums: record.checksums, made: nil, change: .unknown)
    }
}

extension ComposeReport.Deliverables {
    /// Sums of `deliverables.json`; nil for what is none.
    fileprivate init?(_ json: JSONValue) {
        guard json.object != nil else { return nil }
        func sum(_ name: String) -> Int {
            (json[name]?.object ?? [:]).values.reduce(0) { $0 + ($1.array?.count ?? 0) }
        }
        self.init(required: sum("required"), attempted: sum("attempted"), failed: sum("failed"))
    }
}
