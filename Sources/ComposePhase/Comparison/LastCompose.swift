import ProductMD

/// The plan that the last compose of the same release and type left, for comparing.
package struct LastCompose: Sendable {
    package let id: String
    /// The compose directory.
    package let directory: String
    package var plan: PhasePlan

    /// What was found of an earlier compose.
    package enum Finding: Sendable {
        case found(LastCompose)
        /// None lies there.
        case none
        /// It lies there and cannot be read; why, in a sentence.
        case unreadable(String)
    }

    /// So many names of a directory are looked at.
    static let mostNames = 20_000

    /// Looks beside a compose directory for the newest compose of the same release and type that has a plan of ours.
    /// Composes are known by the names of their directories, which are their ids.
    ///
    /// - Parameters:
    ///   - directory: the compose directory; what lies beside it is looked at, and what lies there already itself.
    ///   - isRehearsal: only rehearsals, or only composes that are none.
    package static func find(
        of compose: PlannedCompose, beside directory: String, isRehearsal: Bool
    ) -> Finding {
        for layout in candidates(of: compose, beside: directory) {
            let path = layout.path(ComposeLayout.plan)
            guard AtomicFile.exists(path),
                AtomicFile.exists(layout.path(ComposeLayout.rehearsal)) == isRehearsal
            else { continue }
            do {
                guard let bytes = try AtomicFile.read(path) else { continue }
                let plan = try PlanDocument.read(bytes, name: path)
                return .found(LastCompose(id: plan.compose.id, directory: layout.top, plan: plan))
            } catch {
                return .unreadable("\(error)")
            }
        }
        return .none
    }

    /// Directories beside a compose directory, itself among them, that have the id of a compose of the same release and type,
    /// the newest first.
    static func candidates(of compose: PlannedCompose, beside directory: String) -> [ComposeLayout] {
        let parent = PlanPath.directory(of: directory)
        guard let release = releasePart(of: compose.id) else { return [] }
        return AtomicFile.names(in: parent.isEmpty ? "/" : parent, atMost: mostNames)
            .compactMap { name -> Candidate? in
                guard name.hasPrefix(release + "-"), releasePart(of: name) == release else { return nil }
                let parts = ComposeID.parts(of: name)
                guard let date = parts.date, parts.type?.rawValue == compose.type else { return nil }
                return Candidate(date: date, respin: parts.respin, name: name)
            }
            .sorted { ($0.date, $0.respin, $0.name) > ($1.date, $1.respin, $1.name) }
            .map { ComposeLayout(top: "\(parent)/\($0.name)") }
    }

    private struct Candidate {
        let date: String
        let respin: Int
        let name: String
    }

    /// `Fedora-44` of `Fedora-44-20261122.n.0`
    static func releasePart(of id: String) -> String? {
        guard let date = ComposeID.parts(of: id).date, let place = id.ranges(of: "-\(date)").last else { return nil }
        return String(id[..<place.lowerBound])
    }
}
