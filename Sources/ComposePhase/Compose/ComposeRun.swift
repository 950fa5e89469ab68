package import Koji
package import ProductMD
package import PungiConfig

/// One run of a plan in a compose directory: prepares the tree, runs the schedule, records how it ended.
package struct ComposeRun: Sendable {
    package var settings: ComposeSettings
    package var variants: VariantSet
    package var compose: ComposeIdentity
    package var plan: PhasePlan
    package var layout: ComposeLayout
    /// Whether STATUS, COMPOSE_ID and composeinfo.json are ours to write.
    package var isOurs: Bool
    /// Whether Pungi made the compose and is done with it, so that we complete what we add: checksum files, paths in
    /// composeinfo.json. STATUS stays.
    package var isFinished: Bool
    /// Whether Pungi's own phase waits for the result: then images.json and deliverables.json are Pungi's to write, too.
    package var isHandedOver: Bool
    package var isRehearsal: Bool
    /// The hub's URL, for the record.
    package var hub: String
    /// The URL of its web pages, for the record.
    package var weburl: String?
    /// What images are held against after they were built; nil where nothing is frozen.
    package var freeze: FreezeRule?

    package init(
        settings: ComposeSettings, variants: VariantSet, compose: ComposeIdentity, plan: PhasePlan,
        layout: ComposeLayout, isOurs: Bool, isFinished: Bool = false, isHandedOver: Bool = false, isRehearsal: Bool,
        hub: String,
        weburl: String? = nil, freeze: FreezeRule? = nil
    ) {
        self.settings = settings
        self.variants = variants
        self.compose = compose
        self.plan = plan
        self.layout = layout
        self.isOurs = isOurs
        self.isFinished = isFinished
        self.isHandedOver = isHandedOver
        self.isRehearsal = isRehearsal
        self.hub = hub
        self.weburl = weburl
        self.freeze = freeze
    }

    /// How a run ended.
    package struct Finished: Sendable {
        package let outcome: ScheduleOutcome
        package let state: ScheduleState
        package let status: ComposeStatus
        package let images: [CollectedImage]
        package let watching: WatchStatistics
        /// What the whole run cost the hub.
        package let cost: HubCost
    }

    // MARK: Before

    /// Makes the skeleton of a new compose and writes down what is going to be done.
    ///
    /// - Returns: the plan as it was written.
    package func prepare() throws(AtomicFile.Failure) -> [UInt8] {
        for place in [ComposeLayout.metadata, ComposeLayout.globalLogs, ComposeLayout.work] {
            try AtomicFile.makeDirectories(layout.path(place))
        }
        if isRehearsal {
            try write(ComposeLayout.rehearsal, ComposeDirectory.rehearsalText)
        }
        if isOurs {
            try write(ComposeLayout.ownerMark, "phase-runner made this compose\n")
            try write(ComposeLayout.composeID, compose.id)
        }
        let bytes = Array(JSONWriter.pretty(PlanDocument.encode(plan)))
        try write(ComposeLayout.plan, bytes)
        return bytes
    }

    /// From here on the compose is being worked on.
    func begin() throws(AtomicFile.Failure) {
        if isOurs { try setStatus(.started) }
    }

    /// The manifest's header of this compose.
    package var manifestCompose: ImagesManifest.Compose {
        ImagesManifest.Compose(
            id: compose.id, date: compose.date, type: compose.type.rawValue, respin: compose.respin)
    }

    /// What the provenance says before there are images.
    var provenance: Provenance {
        Provenance(compose: compose, hub: hub, weburl: weburl, isRehearsal: isRehearsal, freeze: freeze?.file)
    }

    // MARK: After

    /// Records how the run ended.
    package func finish(
        _ outcome: ScheduleOutcome, _ state: ScheduleState, watching: WatchStatistics, cost: HubCost
    ) throws -> Finished {
        let status = ComposeStatus(outcome)
        let images = state.images
        var provenance = provenance
        provenance.add(images)
        try provenance.write(in: layout)
        if !isHandedOver {
            let own = Deliverables(tasks: plan.tasks, state: state).json
            let others = isOurs ? nil : try AtomicFile.read(layout.path(ComposeLayout.deliverables))
            try write(ComposeLayout.deliverables, JSONWriter.pretty(Deliverables.merged(own, into: others)))
        }
        if isFinished, !isHandedOver { try amend(with: images) }
        if isOurs {
            try ChecksumFiles.write(for: images, settings: settings, compose: compose, in: layout)
            let info = ComposeInfoRecord.document(
                settings: settings, variants: variants, compose: compose, layout: layout)
            try write(ComposeLayout.composeInfo, info.encoded())
            if !AtomicFile.exists(layout.path(ComposeLayout.images)) {
                try write(ComposeLayout.images, try ImagesManifest(compose: manifestCompose).encoded())
            }
            try setStatus(status)
        }
        try write(
            ComposeLayout.result,
            JSONWriter.pretty(
                RunResult.json(
                    compose: compose, status: status, state: state, watching: watching, cost: cost,
                    isRehearsal: isRehearsal)))
        return Finished(
            outcome: outcome, state: state, status: status, images: images, watching: watching, cost: cost)
    }

    /// What Pungi would have written if the images had been there in time.
    private func amend(with images: [CollectedImage]) throws {
        try ChecksumFiles.write(for: images, settings: settings, compose: compose, in: layout)
        guard let info = try AtomicFile.read(layout.path(ComposeLayout.composeInfo)) else { return }
        try write(
            ComposeLayout.composeInfo,
            JSONWriter.pretty(
                try ComposeInfoRecord.adding(images, of: variants, to: info, name: ComposeLayout.composeInfo)))
    }

    private func setStatus(_ status: ComposeStatus) throws(AtomicFile.Failure) {
        try write(ComposeLayout.status, status.rawValue + "\n")
    }

    private func write(_ place: String, _ text: String) throws(AtomicFile.Failure) {
        try write(place, Array(text.utf8))
    }

    private func write(_ place: String, _ bytes: [UInt8]) throws(AtomicFile.Failure) {
        try AtomicFile.write(bytes, to: layout.path(place))
    }
}
