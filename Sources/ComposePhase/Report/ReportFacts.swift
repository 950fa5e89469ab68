package import ProductMD

/// What the files of a compose tell, as it was read: each of them may be missing.
package struct ReportFacts: Sendable {
    package var directory: String
    /// `events.jsonl`; empty where there is none.
    package var record = FollowedRun()
    package var plan: PhasePlan?
    package var run: RunRecord?
    /// `result.json`.
    package var result: JSONValue?
    /// The word of STATUS.
    package var status: String?
    /// COMPOSE_ID.
    package var composeID: String?
    package var manifest: ImagesManifest?
    package var provenance: ProvenanceDocument?
    package var deliverables: JSONValue?
    /// Whether REHEARSAL is there.
    package var isMarkedRehearsal = false
    /// Who holds the compose by its lock file, and whether that process is there.
    package var owner: RunOwner?
    package var life = RunOwner.Life.unknown
    package var previous: EarlierCompose?
    /// The images whose watch-task log is there, with its place below the compose directory.
    package var logs: [ImageTaskID: String] = [:]
    /// What could not be read, a sentence each.
    package var troubles: [String] = []

    package init(directory: String) { self.directory = directory }

    /// The compose id: most files name it, and a directory's name mostly is one.
    package var compose: String {
        let named = [
            record.identity?.compose, run?.compose, plan?.compose.id, composeID, manifest?.compose.id,
            provenance?.compose, result?["payload"]?["compose"]?.string,
        ]
        return named.lazy.compactMap { $0 }.first { !$0.isEmpty }
            ?? directory.split(separator: "/").last.map(String.init) ?? directory
    }

    /// Whatever says so is believed: a rehearsal must never be taken for a compose.
    package var isRehearsal: Bool {
        isMarkedRehearsal || record.identity?.isRehearsal == true || run?.isRehearsal == true
            || provenance?.isRehearsal == true || result?["payload"]?["rehearsal"]?.bool == true
    }

    /// The hub's pages for people.
    package var weburl: String? {
        [record.identity?.weburl, run?.weburl, provenance?.weburl].lazy.compactMap { $0 }.first { !$0.isEmpty }
    }

    /// Whether there is anything to report of.
    package var isEmpty: Bool {
        record.isEmpty && record.runs.isEmpty && plan == nil && run == nil && result == nil && manifest == nil
            && provenance == nil
    }
}

/// Another compose of the same release and type, to compare with.
package struct EarlierCompose: Sendable {
    package var id: String
    package var directory: String
    package var manifest: ImagesManifest

    package init(id: String, directory: String, manifest: ImagesManifest) {
        self.id = id
        self.directory = directory
        self.manifest = manifest
    }
}
