import ProductMD

/// Keeps `imagebuilder-provenance.json` while a run goes, so that a compose that is still being made, or whose run was
/// killed, tells of the images that it has. The run writes the file once more at its end.
actor ProvenanceRecord: ScheduleObserver {
    private let layout: ComposeLayout
    /// Without images.
    private let empty: Provenance
    private let interval: Double
    private var lastWrite = -Double.infinity

    /// - Parameter interval: seconds between two writes: each is of the whole document.
    init(layout: ComposeLayout, empty: Provenance, interval: Double = 10) {
        self.layout = layout
        self.empty = empty
        self.interval = interval
    }

    func scheduleChanged(_ state: ScheduleState, by event: ScheduleEvent, at instant: Instant) {
        guard case .collected = event, instant.seconds - lastWrite >= interval else { return }
        lastWrite = instant.seconds
        var provenance = empty
        provenance.add(state.images)
        // A disk that is full stops the run elsewhere, and the end of the run writes the file or says why not.
        try? provenance.write(in: layout)
    }
}

extension Provenance {
    /// Whole or not at all.
    func write(in layout: ComposeLayout) throws(AtomicFile.Failure) {
        try AtomicFile.makeDirectories(layout.path(ComposeLayout.metadata))
        try AtomicFile.write(JSONWriter.pretty(json), to: layout.path(ComposeLayout.provenance))
    }
}
