package import Koji
import ProductMD

/// A real hub, as the schedule needs it.
package struct KojiTaskHub: TaskHub {
    let session: KojiSession
    private let tasks: TaskTable
    /// The user whose tasks are ours, for the search after a lost answer.
    private let user: KojiUser?
    /// Tell why tasks failed.
    let rules: CauseRules
    private let builders: BuilderNames

    package init(session: KojiSession, tasks: [ImageTask], user: KojiUser?, rules: CauseRules = .builtIn) {
        self.session = session
        self.user = user
        self.rules = rules
        builders = BuilderNames(session: session)
        self.tasks = TaskTable(tasks)
    }

    package func newestTask() async throws -> TaskID? { try await session.newestTask() }

    package func submit(_ task: ImageTask, _ attempt: Attempt) async -> SubmitAnswer {
        do {
            return .accepted(try await session.submit(task.method, task.params(for: attempt).map(WireValue.xmlrpc)))
        } catch {
            // A session that the hub does not know any more is no word on this task.
            if error.isHubUnusable { return .hubUnusable(error.message) }
            switch error.kind {
            case .alreadyDone: return .answerLost(wasDone: true)
            case .answerLost: return .answerLost(wasDone: false)
            case .fault, .permission, .badAnswer:
                return .refused(TaskFailure(kind: .refused, message: Self.refusal(error)))
            default: return .hubUnusable(error.message)
            }
        }
    }

    /// The first line says what is wrong; the dump of the schema below it is for plugin authors.
    private static func refusal(_ failure: KojiFailure) -> String {
        guard let fault = failure.fault else { return failure.message }
        let lines = fault.text.split(separator: "\n")
        var text = "the hub refuses the task: \(lines.first ?? "no reason given")"
        if let place = lines.first(where: { $0.hasPrefix("On instance") }) {
            text += " (\(place.drop { $0 != "[" }.prefix { $0 != ":" }) of the call)"
        }
        if fault.code == 1004 { text += "; the account needs the permission 'image' on \(failure.url)" }
        return text
    }

    /// Without a user of our own, no task of the hub can be known as ours.
    private struct UnknownOwner: Error, CustomStringConvertible {
        let description = "the session is anonymous, so its tasks cannot be told from others'"
    }

    package func lookUp(_ task: ImageTask, _ attempt: Attempt, after: TaskID?) async throws -> [TaskID] {
        guard let user else { throw UnknownOwner() }
        return try await session.tasks(
            of: user.id, method: task.method, request: task.params(for: attempt).map(WireValue.xmlrpc), after: after)
    }

    package func observe(_ slice: WatchList) async throws -> [TaskObservation] {
        let round = try await session.taskRound(infoFor: slice.ids, childrenOf: slice.parentsWithoutChildren)
        let hosts = Set((Array(round.infos.values) + Array(round.children.values.joined())).compactMap(\.hostID))
        let names = await builders.names(of: hosts)
        return slice.trees.compactMap { tree in
            guard let parent = round.infos[tree.parent] else { return nil }
            var seen: [String: ArchObservation] = [:]
            for child in round.children[tree.parent] ?? [] {
                guard let label = child.label, isArch(label, of: tree.task) else { continue }
                seen[label] = Self.observation(label, child, names)
            }
            for arch in tree.arches {
                guard let info = round.infos[arch.id] else { continue }
                seen[arch.arch] = Self.observation(arch.arch, info, names)
            }
            return TaskObservation(
                task: tree.task, state: parent.state, host: parent.hostID.flatMap { names[$0] },
                started: parent.started, arches: seen.values.sorted { $0.arch < $1.arch })
        }
    }

    /// Whether a child's label is one of the image's arches: tagging and waiting have others.
    func isArch(_ label: String, of id: ImageTaskID) -> Bool {
        tasks[id]?.task.arches.contains { $0.arch == label } ?? false
    }

    static func observation(_ arch: String, _ info: TaskInfo, _ names: [Int: String]) -> ArchObservation {
        ArchObservation(
            arch: arch, id: info.id, state: info.state, host: info.hostID.flatMap { names[$0] }, started: info.started,
            ended: info.ended)
    }

    package func reasons(for waiting: [WaitingTask]) async throws -> [ImageTaskID: WaitReason] {
        try await WaitInquiry(session: session).reasons(for: waiting)
    }

    package func cancel(_ hubTasks: [TaskID]) async -> [TaskID: String] {
        do {
            return try await TaskCancellation(session: session).cancel(hubTasks)
        } catch {
            return Dictionary(hubTasks.map { ($0, error.message) }) { first, _ in first }
        }
    }
}
