import ComposePhase
import PhaseStore

/// What the history keeps of a run's images.
enum RunImages {
    static func rows(_ state: ScheduleState, run: Int) -> [StoredImage] {
        state.progress.flatMap { progress in
            progress.task.arches.map { arch in row(arch, progress, run) }
        }
    }

    private static func row(_ arch: String, _ progress: TaskProgress, _ run: Int) -> StoredImage {
        let seen = progress.arches[arch]
        var row = StoredImage(
            run: run, image: progress.task.id.text, arch: arch, outcome: "canceled", ended: seen?.ended)
        if let started = seen?.started, let ended = seen?.ended, ended > started { row.seconds = ended - started }
        switch progress.phase {
        case .done(_, let images, let missing):
            if let failure = missing[arch] {
                row.outcome = failure.kind == .missingArch ? "missing" : "failed"
                row.cause = failure.cause?.kind.rawValue ?? CauseClass.unknown.rawValue
            } else {
                row.outcome = "done"
                row.size = images.filter { $0.arch == arch }.map(\.size).reduce(0, +)
            }
        case .failed(_, let failure):
            row.outcome = "failed"
            row.cause = failure.cause?.kind.rawValue ?? CauseClass.unknown.rawValue
        default: break
        }
        return row
    }
}
