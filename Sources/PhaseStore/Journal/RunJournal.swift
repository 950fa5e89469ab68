package import ComposePhase
import ProductMD

/// The journal of a run in its compose: events in `work/phase-runner/journal.sqlite`, room on the disk for the last of
/// them, and a checksum of the plan that they are about.
package struct RunJournal: Journal {
    private let file: JournalFile
    private let reserve: SpaceReserve

    /// Begins the journal of a new run.
    ///
    /// - Parameter plan: the bytes of the plan as it lies in the compose.
    package static func create(
        _ layout: ComposeLayout, _ record: RunRecord, plan: [UInt8]
    ) throws(JournalFailure) -> RunJournal {
        let header = JournalHeader(
            compose: record.compose, planChecksum: PlanChecksum.of(plan),
            run: String(decoding: JSONWriter.line(record.json), as: UTF8.self), created: record.started)
        let file = try JournalFile.create(at: layout.path(ComposeLayout.journal), header: header)
        return RunJournal(file: file, reserve: SpaceReserve(layout))
    }

    /// Opens the journal of a run that is taken up. A run that died before it had one has submitted nothing: then it is
    /// begun here.
    ///
    /// - Throws: when it is damaged, or belongs to another compose or another plan than the one that lies beside it.
    package static func open(_ layout: ComposeLayout, _ record: RunRecord) throws -> RunJournal {
        let plan = try AtomicFile.read(layout.path(ComposeLayout.plan)) ?? []
        let path = layout.path(ComposeLayout.journal)
        guard AtomicFile.exists(path) else { return try create(layout, record, plan: plan) }
        let file = try JournalFile.open(at: path)
        let header = file.header
        guard header.compose == record.compose else {
            throw JournalFailure(
                kind: .damaged, "\(path) is the journal of \(header.compose), not of \(record.compose)")
        }
        guard header.planChecksum == PlanChecksum.of(plan) else {
            throw JournalFailure(
                kind: .damaged,
                "\(layout.path(ComposeLayout.plan)) is not the plan that the run was begun with; put that one back, or take"
                    + " the compose over with: phase-runner adopt \(layout.top)")
        }
        return RunJournal(file: file, reserve: SpaceReserve(layout))
    }

    /// All events so far, oldest first. Events of a newer program are left out.
    package func entries() async throws -> [JournalEntry] {
        var entries: [JournalEntry] = []
        for row in try await file.rows() {
            do {
                let value = try JSONReader.read(Array(row.body.utf8), name: "journal")
                if let entry = try EventRecord.read(value) { entries.append(entry) }
            } catch {
                throw JournalFailure(
                    kind: .damaged,
                    "the journal has an event that cannot be read (\(row.kind)): \(error); take the compose over with:"
                        + " phase-runner adopt")
            }
        }
        return entries
    }

    package func append(_ entries: [JournalEntry]) async throws(JournalFailure) {
        try await file.append(
            entries.map { entry in
                JournalRow(
                    instant: entry.instant.seconds, kind: EventRecord.name(entry.event),
                    task: EventRecord.task(entry.event)?.text,
                    body: String(decoding: JSONWriter.line(EventRecord.json(entry)), as: UTF8.self))
            })
    }

    package func makeRoom() -> Bool { reserve.release() }

    /// The run is over: the file is let go, and so is the room that was kept back.
    package func close() async {
        await file.close()
        _ = reserve.release()
    }
}

/// A digest of a plan's bytes.
enum PlanChecksum {
    static func of(_ bytes: [UInt8]) -> String {
        let digest = RunningDigest(["sha256"])
        bytes.withUnsafeBytes { digest.update($0) }
        return digest.finish()["sha256"] ?? ""
    }
}
