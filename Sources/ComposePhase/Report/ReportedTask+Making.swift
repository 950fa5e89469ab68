import Koji
import ProductMD

extension ReportedTask {
    /// As the events tell.
    init(_ progress: TaskProgress, row: ImageRow, log: String?) {
        id = progress.task.id
        state = row.state
        canFail = row.canFail
        isScratch = progress.task.isScratch
        hubTask = row.hubTask?.number
        attempt = row.attempt
        submitted = progress.submitted?.seconds
        settled = progress.settled?.seconds
        reason = row.reason
        self.log = log
        arches = row.arches.map {
            Arch(
                arch: $0.arch, state: $0.state, hubTask: $0.hubTask?.number, builder: $0.builder, started: $0.started,
                ended: $0.ended, reason: $0.reason)
        }
    }

    /// As `result.json` tells, where there are no events.
    init?(result: JSONValue, plan: ImageTask?, log: String?) {
        guard let id = result["id"]?.string else { return nil }
        self.id = ImageTaskID(id)
        let missing = result["missing"]?.object ?? [:]
        state = Self.state(result["state"]?.string ?? "", isWhole: missing.isEmpty)
        canFail = result["can_fail"]?.bool ?? plan?.canFail ?? false
        isScratch = plan.map { RequestView($0).isScratch } ?? false
        hubTask = result["hub_task"]?.int
        attempt = 1
        reason = result["reason"]?.string
        self.log = log
        let state = state
        arches = (plan?.arches.map(\.arch) ?? missing.keys.sorted()).map { arch in
            Arch(
                arch: arch, state: missing[arch] != nil ? .failed : state == .incomplete ? .done : state,
                reason: missing[arch]?.string)
        }
    }

    private static func state(_ word: String, isWhole: Bool) -> RowState {
        switch word {
        case "done": isWhole ? .done : .incomplete
        case "failed": .failed
        case "canceled": .canceled
        case "not canceled": .leftRunning
        default: .waiting
        }
    }
}

extension ReportedFailure {
    /// What went wrong with an image, as the events tell; none for one that is good or still on its way.
    static func of(_ progress: TaskProgress, log: String?) -> [ReportedFailure] {
        let task = progress.task
        var arches: [String: Int] = [:]
        for (arch, seen) in progress.arches where seen.state == .failed { arches[arch] = seen.id.number }
        func failure(
            _ kind: String, _ message: String, isRequired: Bool, cause: FailureCause? = nil, url: String? = nil,
            arches: [String: Int] = [:]
        ) -> ReportedFailure {
            ReportedFailure(
                task: task.id, arches: arches.keys.sorted(), isRequired: isRequired, kind: kind, message: message,
                cause: cause, url: url, hubTask: progress.phase.hubTask?.number, archTasks: arches, log: log)
        }
        var failures: [ReportedFailure] = []
        switch progress.phase {
        case .failed(_, let why), .cancelling(_, let why?):
            failures.append(
                failure(
                    why.kind.rawValue, why.message, isRequired: !task.canFail, cause: why.cause, url: why.url,
                    arches: arches))
        case .notCancelled(let hubTask, let reason):
            failures.append(
                failure("notCanceled", "\(reason); cancel it with: koji cancel \(hubTask)", isRequired: false))
        case .done(_, _, let missing):
            for (arch, why) in missing.sorted(by: { $0.key < $1.key }) {
                var one = failure(
                    why.kind.rawValue, why.message, isRequired: !task.failableArches.contains(arch), cause: why.cause,
                    url: why.url)
                one.arches = [arch]
                if let id = progress.arches[arch]?.id.number { one.archTasks = [arch: id] }
                failures.append(one)
            }
        default: break
        }
        if let remedy = progress.untagged { failures.append(failure("untagged", remedy, isRequired: false)) }
        return failures
    }

    /// The same of a task of `result.json`.
    static func of(result: JSONValue, task: ReportedTask) -> [ReportedFailure] {
        func failure(_ kind: String, _ message: String, arches: [String] = [], isRequired: Bool) -> ReportedFailure {
            ReportedFailure(
                task: task.id, arches: arches, isRequired: isRequired, kind: kind, message: message,
                hubTask: task.hubTask, archTasks: [:], log: task.log)
        }
        let reason = task.reason ?? "no reason is recorded"
        switch task.state {
        case .failed: return [failure(TaskFailure.Kind.failed.rawValue, reason, isRequired: !task.canFail)]
        case .leftRunning: return [failure("notCanceled", reason, isRequired: false)]
        default:
            return (result["missing"]?.object ?? [:]).sorted { $0.key < $1.key }.map { arch, message in
                failure(
                    TaskFailure.Kind.missingArch.rawValue, message.string ?? "", arches: [arch], isRequired: false)
            }
        }
    }
}
