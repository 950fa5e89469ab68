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
        case .submitted(let id, let hubTask): [submitted(id, hubTask)]
        case .lookedUp(let id, let found):
            found.count == 1 ? [submitted(id, found[0])] : ended(id, nil, state)
        case .refused(let id, let failure), .notCollected(let id, let failure): ended(id, failure, state)
        case .diagnosed(let id, let diagnosis): ended(id, diagnosis.failure, state)
        case .adopted(let id, let hubTask): [submitted(id, hubTask)]
        case .lookUpFailed(let id, _): ended(id, nil, state)
        case .collected(let id, let images, let missing): collected(id, images, missing, state)
        case .cancelAnswered(let id, let failure): cancelled(id, failure, state)
        case .planned, .resumed, .submitting, .unsent, .answerLost, .observed, .overdue, .retryRequested,
            .stopRequested,
            .ended, .explained, .timePassed:
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

    private func submitted(_ id: ImageTaskID, _ hubTask: TaskID) -> Notification {
        var data = about(id, hubTask)
        data["arches"] = list(tasks[id]?.arches.map(\.arch) ?? [])
        data["failable_arches"] = list(tasks[id]?.failableArches ?? [])
        return Notification("imagebuilder-tasksubmitted", data, isPerTask: true)
    }

    /// A task that ended badly: for good, or to be tried again.
    private func ended(_ id: ImageTaskID, _ failure: TaskFailure?, _ state: ScheduleState) -> [Notification] {
        switch (state[id]?.phase, failure) {
        case (.failed(let hubTask, let failure)?, _):
            return [
                failed(id, hubTask, arches: tasks[id]?.arches.map(\.arch) ?? [], canFail: tasks[id]?.canFail, failure)
            ]
        case (.waiting?, let failure?):
            let data = about(id, nil).merging(why(failure)) { $1 }
            return [Notification("imagebuilder-taskretried", data, isPerTask: true)]
        default: return []
        }
    }

    private func collected(
        _ id: ImageTaskID, _ images: [CollectedImage], _ missing: [String: TaskFailure], _ state: ScheduleState
    ) -> [Notification] {
        guard case .done(let hubTask, _, _)? = state[id]?.phase else { return [] }
        return images.map(imageDone)
            + missing.sorted { $0.key < $1.key }.map { failed(id, hubTask, arches: [$0.key], canFail: true, $0.value) }
    }

    private func failed(
        _ id: ImageTaskID, _ hubTask: TaskID?, arches: [String], canFail: Bool?, _ failure: TaskFailure
    ) -> Notification {
        var data = about(id, hubTask).merging(why(failure)) { $1 }
        data["arches"] = list(arches)
        data["can_fail"] = .bool(canFail ?? false)
        return Notification("imagebuilder-imagefail", data, isPerTask: true)
    }

    private func cancelled(_ id: ImageTaskID, _ failure: String?, _ state: ScheduleState) -> [Notification] {
        guard let hubTask = state[id]?.phase.hubTask else { return [] }
        var data = about(id, hubTask)
        data["canceled"] = .bool(failure == nil)
        data["reason"] = failure.map { .string(Notification.brief($0)) } ?? .null
        return [Notification("imagebuilder-taskcanceled", data, isPerTask: true)]
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
            "cause": .string(failure.kind.rawValue),
            "reason": .string(Notification.brief(failure.message)),
            "url": failure.url.map { .string($0) } ?? .null,
        ]
    }

    private func list(_ items: [String]) -> JSONValue { .array(items.map { .string($0) }) }
}
