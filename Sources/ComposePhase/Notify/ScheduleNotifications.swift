import Koji
import ProductMD

/// What notification scripts are told of what happens to the tasks of a run: a pure function of an event and the state
/// after it.
package struct ScheduleNotifications: Sendable {
    private let tasks: [ImageTaskID: ImageTask]
    private let layout: ComposeLayout
    private let weburl: String

    /// - Parameters:
    ///   - tasks: the plan's.
    ///   - weburl: the hub's web pages, for links to tasks.
    package init(tasks: [ImageTask], layout: ComposeLayout, weburl: String) {
        self.tasks = Dictionary(tasks.map { ($0.id, $0) }) { first, _ in first }
        self.layout = layout
        self.weburl = weburl
    }

    /// - Parameter state: the state after the event, which tells what came of it.
    package func notifications(for event: ScheduleEvent, _ state: ScheduleState) -> [Notification] {
        switch event {
        case .submitted(let id, let hubTask), .adopted(let id, let hubTask): [submitted(id, hubTask, state)]
        case .lookedUp(let id, let found):
            found.count == 1 ? [submitted(id, found[0], state)] : ended(id, nil, state)
        case .refused(let id, let failure), .notCollected(let id, let failure): ended(id, failure, state)
        case .diagnosed(let id, let diagnosis): ended(id, diagnosis.failure, state)
        case .lookUpFailed(let id, _): ended(id, nil, state)
        case .collected(let id, let images, let missing): collected(id, images, missing, state)
        case .cancelAnswered(let id, let failure): cancelled(id, failure, state)
        case .planned, .resumed, .submitting, .unsent, .answerLost, .observed, .overdue, .retryRequested,
            .stopRequested, .ended, .explained, .timePassed:
            []
        }
    }

    /// An image that lies in the tree, with the keys that Pungi's `createiso-imagedone` has and more.
    package func imageDone(_ image: CollectedImage) -> Notification {
        var data = about(image.task, image.hubTask)
        data.merge([
            "variant": .string(image.variant),
            "subvariant": .string(image.subvariant),
            "arch": .string(image.arch),
            "type": .string(image.type),
            "format": .string(image.format),
            "path": .string(image.path),
            "file": .string(layout.path("compose/\(image.path)")),
            "size": .int(image.size),
            "checksums": .object(image.checksums.mapValues { .string($0) }),
            "nvr": .string(image.nvr),
            "build": image.buildID.map { .int($0) } ?? .null,
            "arch_task": .int(image.archTask.number),
        ]) { $1 }
        return Notification("imagebuilder-imagedone", data, isPerTask: true)
    }

    // MARK: Events

    private func submitted(_ id: ImageTaskID, _ hubTask: TaskID, _ state: ScheduleState) -> Notification {
        var data = about(id, hubTask)
        data["arches"] = list(state[id]?.attempt.arches ?? [])
        data["failable_arches"] = list(state[id]?.task.failableArches ?? [])
        data["attempt"] = .int(state[id]?.attempt.number ?? 1)
        return Notification("imagebuilder-tasksubmitted", data, isPerTask: true)
    }

    /// A task that ended badly: for good, or to be tried again.
    private func ended(_ id: ImageTaskID, _ failure: TaskFailure?, _ state: ScheduleState) -> [Notification] {
        guard let progress = state[id] else { return [] }
        switch (progress.phase, failure) {
        case (.failed(let hubTask, let failure), _):
            return [failed(id, hubTask, arches: progress.task.arches, canFail: progress.task.canFail, failure)]
        case (.done(let hubTask, _, let missing), _):
            // It was done before, and what should have completed it failed.
            return lacking(id, hubTask, missing)
        case (.waiting, let failure?):
            var data = about(id, nil).merging(why(failure)) { $1 }
            data["arches"] = list(progress.attempt.arches)
            data["attempt"] = .int(progress.attempt.number)
            return [Notification("imagebuilder-taskretried", data, isPerTask: true)]
        default: return []
        }
    }

    private func collected(
        _ id: ImageTaskID, _ images: [CollectedImage], _ missing: [String: TaskFailure], _ state: ScheduleState
    ) -> [Notification] {
        guard case .done(let hubTask, _, _)? = state[id]?.phase else { return [] }
        return images.map(imageDone) + lacking(id, hubTask, missing)
    }

    /// Arches that an image does without: they may fail.
    private func lacking(_ id: ImageTaskID, _ hubTask: TaskID, _ missing: [String: TaskFailure]) -> [Notification] {
        missing.sorted { $0.key < $1.key }.map { failed(id, hubTask, arches: [$0.key], canFail: true, $0.value) }
    }

    private func failed(
        _ id: ImageTaskID, _ hubTask: TaskID?, arches: [String], canFail: Bool, _ failure: TaskFailure
    ) -> Notification {
        var data = about(id, hubTask).merging(why(failure)) { $1 }
        data["arches"] = list(arches)
        data["can_fail"] = .bool(canFail)
        return Notification("imagebuilder-imagefail", data, isPerTask: true)
    }

    private func cancelled(_ id: ImageTaskID, _ failure: String?, _ state: ScheduleState) -> [Notification] {
        guard let phase = state[id]?.phase, let hubTask = phase.hubTask else { return [] }
        switch phase {
        case .cancelled, .notCancelled: break
        // One that was canceled because its time was over has failed by that.
        case .failed(_, let reason) where reason.kind == .overdue: break
        case .done(_, _, let missing) where missing.values.contains(where: { $0.kind == .overdue }): break
        default: return []
        }
        var data = about(id, hubTask)
        data["canceled"] = .bool(failure == nil)
        data["reason"] = failure.map { .string(Notification.brief($0)) } ?? .null
        return [Notification("imagebuilder-taskcanceled", data, isPerTask: true)] + ended(id, nil, state)
    }

    // MARK: Keys

    /// Which task an event is about.
    private func about(_ id: ImageTaskID, _ hubTask: TaskID?) -> [String: JSONValue] {
        [
            "task": .string(id.text),
            "variant": .string(tasks[id]?.variant ?? ""),
            "subvariant": .string(tasks[id]?.subvariant ?? ""),
            "hub_task": hubTask.map { .int($0.number) } ?? .null,
            "hub_url": hubTask.map { .string("\(weburl)/taskinfo?taskID=\($0)") } ?? .null,
        ]
    }

    private func why(_ failure: TaskFailure) -> [String: JSONValue] {
        [
            "kind": .string(failure.kind.rawValue),
            "cause": (failure.cause?.kind.rawValue).map { .string($0) } ?? .null,
            "remedy": (failure.cause?.remedy).map { .string($0) } ?? .null,
            "reason": .string(Notification.brief(failure.message)),
            "url": failure.url.map { .string($0) } ?? .null,
        ]
    }

    private func list(_ items: [String]) -> JSONValue { .array(items.map { .string($0) }) }
}
