import ProductMD

/// What a compose holds and how its run went, ready to be shown: on a page, on a terminal, as a document.
package struct ComposeReport: Sendable {
    /// The compose id; the directory's name where no file tells it.
    package var compose: String
    package var directory: String
    package var label: String?
    package var isRehearsal: Bool
    package var stage: StatusReport.Stage
    /// The word of STATUS, or of how the run ended: `FINISHED`, `DOOMED`, …; nil while nothing tells.
    package var status: String?
    /// Why the run stopped before its end, in a sentence.
    package var stop: String?
    /// What is known of the process while there is one to ask about, in a sentence.
    package var process: String?
    /// The hub's XML-RPC URL, and its pages for people.
    package var hub: String?
    package var weburl: String?
    package var profile: String?
    package var user: String?
    /// The host that the run was on.
    package var host: String?
    /// Seconds since 1970.
    package var began: Double?
    /// The end of the run, or what was last heard of it.
    package var ended: Double?
    /// When the report was made, seconds since 1970.
    package var made: Double
    package var counts: ProgressView.Counts
    /// In the order of the plan.
    package var tasks: [ReportedTask]
    package var failures: [ReportedFailure]
    /// By path.
    package var images: [ReportedImage]
    /// The compose that sizes are compared with; nil where there is none.
    package var previous: Previous?
    /// What the images were built with: how many images by package and NVR.
    package var toolchain: [String: [String: Int]]
    package var repositories: [Repository]
    /// What became of a freeze of the toolchain; nil where none was asked for.
    package var freeze: ProvenanceDocument.Freeze?
    /// How many deliverables of all phases were required, tried and failed; nil where that is not recorded.
    package var deliverables: Deliverables?
    /// Files that are missing or damaged, and what does not fit together, a sentence each.
    package var troubles: [String]

    /// The earlier compose that images are compared with.
    package struct Previous: Sendable, Hashable {
        package var id: String
        package var directory: String
        /// Images that it has and this compose does not, as paths below `compose/`.
        package var gone: [String]
    }

    /// A repository that builders installed from, and how many images did.
    package struct Repository: Sendable, Hashable {
        package var url: String
        package var revision: String?
        package var images: Int
    }

    /// The sums of `deliverables.json`.
    package struct Deliverables: Sendable, Hashable {
        package var required: Int
        package var attempted: Int
        package var failed: Int
    }

    /// Seconds from the first submit's process to the end, or to what was last heard.
    package var took: Double? {
        guard let began, let ended, ended >= began else { return nil }
        return ended - began
    }

    /// The moment up to which things are told, seconds since 1970.
    package var until: Double { ended ?? made }

    /// Whether an image of which no making is known is certainly another phase's.
    package var knowsAllMaking: Bool { stage == .ended && images.contains { $0.made != nil } }

    /// Packages of which not all images had the same build.
    package var mixedToolchain: [String] { toolchain.filter { $0.value.count > 1 }.keys.sorted() }

    /// How it went, in a word.
    package var word: String {
        switch stage {
        case .ended: status ?? "ended"
        case .interrupted: "INTERRUPTED"
        case .running: "running"
        case .planned: "planned"
        }
    }
}

/// One image task of the run.
package struct ReportedTask: Sendable, Hashable {
    package var id: ImageTaskID
    package var state: RowState
    /// Whether the compose can do without the image.
    package var canFail: Bool
    /// Nothing of a scratch build is spent, so a part of it can be built again.
    package var isScratch: Bool
    package var hubTask: Int?
    /// From 1.
    package var attempt: Int
    /// Seconds since 1970, by our clock.
    package var submitted: Double?
    package var settled: Double?
    /// Why it waits, or what went wrong, in one line.
    package var reason: String?
    /// The log in the words of `koji watch-task`, below the compose directory; nil when it is not there.
    package var log: String?
    package var arches: [Arch]

    /// One arch of an image.
    package struct Arch: Sendable, Hashable {
        package var arch: String
        package var state: RowState
        package var hubTask: Int?
        package var builder: String?
        /// The hub's own times, seconds since 1970.
        package var started: Double?
        package var ended: Double?
        package var reason: String?
    }
}

/// Something that did not work out and that a person may have to act on.
package struct ReportedFailure: Sendable, Hashable {
    package var task: ImageTaskID
    /// The arches that failed; empty when it is the whole that did.
    package var arches: [String]
    /// Whether the compose cannot do without it.
    package var isRequired: Bool
    /// A ``TaskFailure/Kind``, or `notCanceled`, `untagged`.
    package var kind: String
    package var message: String
    package var cause: FailureCause?
    /// A page or file where more is to be seen.
    package var url: String?
    package var hubTask: Int?
    /// The arch tasks that failed, by arch.
    package var archTasks: [String: Int]
    /// Below the compose directory.
    package var log: String?

    /// What is named beside the task's own page.
    package func more(at weburl: String?) -> String? {
        url == KojiPages.task(hubTask, at: weburl) ? nil : url
    }
}

/// One image of the compose.
package struct ReportedImage: Sendable, Hashable {
    /// Below `compose/`.
    package var path: String
    package var variant: String
    package var subvariant: String
    package var arch: String
    package var type: String
    package var format: String
    /// Bytes.
    package var size: Int
    /// Hexadecimal digests by name.
    package var checksums: [String: String]
    /// Where it was made; nil for an image of another phase.
    package var made: Making?
    package var change: SizeChange

    /// What is known of an image of this phase.
    package struct Making: Sendable, Hashable {
        package var task: ImageTaskID
        package var hubTask: Int
        package var archTask: Int
        package var nvr: String
        package var build: Int?
        package var sideFiles: [SideFile]
        package var origin: BuildOrigin?
    }

    package var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// An image's size beside that of the same image in an earlier compose.
package enum SizeChange: Sendable, Hashable {
    /// There is no earlier compose to compare with.
    case unknown
    /// The earlier compose has no such image.
    case new
    /// Bytes that the image had.
    case from(Int)

    /// Bytes more than before.
    package func difference(to size: Int) -> Int? {
        guard case .from(let before) = self else { return nil }
        let (difference, isWrong) = size.subtractingReportingOverflow(before)
        return isWrong ? nil : difference
    }

    /// By how much it grew, 0.1 for a tenth.
    package func part(to size: Int) -> Double? {
        guard case .from(let before) = self, before > 0 else { return nil }
        return (Double(size) - Double(before)) / Double(before)
    }
}
