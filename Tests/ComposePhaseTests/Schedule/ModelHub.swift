import Koji
import TestSupport

@testable import ComposePhase

/// A hub as a value: makes tasks, lets them end as each image's fate says, and remembers all of it. It can be copied at
/// any moment, as a crash of the client finds it.
struct ModelHub {
    /// What becomes of the tries of one image, first try first; the last one repeats.
    enum Fate: Sendable, Hashable, CaseIterable {
        case good
        /// The builder has trouble so many times, then it works.
        case trouble1, trouble2
        /// Trouble without end.
        case trouble
        /// What is asked for cannot be built.
        case content
        /// The submit is refused.
        case refused

        func result(ofTry number: Int) -> TaskState {
            switch self {
            case .good: .closed
            case .trouble1: number <= 1 ? .failed : .closed
            case .trouble2: number <= 2 ? .failed : .closed
            case .trouble, .content: .failed
            case .refused: .failed
            }
        }
    }

    struct Made: Hashable {
        let id: TaskID
        let image: ImageTaskID
        let attempt: Attempt
        let number: Int
        var state: TaskState = .open
    }

    let fates: [ImageTaskID: Fate]
    private(set) var made: [Made] = []

    init(_ fates: [ImageTaskID: Fate]) { self.fates = fates }

    var newest: TaskID? { made.last?.id }

    mutating func submit(_ image: ImageTaskID, _ attempt: Attempt) -> TaskID {
        let number = made.count { $0.image == image && $0.state != .canceled } + 1
        let id = TaskID(made.count + 1)
        made.append(Made(id: id, image: image, attempt: attempt, number: number))
        return id
    }

    func find(_ image: ImageTaskID, _ attempt: Attempt, after: TaskID?) -> [TaskID] {
        made.filter {
            $0.image == image && $0.attempt.arches == attempt.arches && $0.id.number > (after?.number ?? 0)
        }.map(\.id)
    }

    mutating func cancel(_ id: TaskID) {
        guard let index = made.firstIndex(where: { $0.id == id }), !made[index].state.isFinal else { return }
        made[index].state = .canceled
    }

    /// Lets one running task end.
    mutating func advance(using random: inout SeededGenerator) {
        let running = made.indices.filter { !made[$0].state.isFinal }
        guard let index = running.randomElement(using: &random) else { return }
        made[index].state = fates[made[index].image]?.result(ofTry: made[index].number) ?? .closed
    }

    func state(_ id: TaskID) -> TaskState? { made.first { $0.id == id }?.state }

    func diagnosis(_ id: TaskID, chance: Double) -> Diagnosis {
        guard let task = made.first(where: { $0.id == id }) else {
            return Diagnosis(TaskFailure(kind: .lost, message: "unknown"))
        }
        if task.state == .canceled { return Diagnosis(TaskFailure(kind: .canceledOnHub, message: "canceled")) }
        let isTrouble = fates[task.image] != .content
        let cause = FailureCause(
            rule: isTrouble ? "loop-device" : "depsolve", kind: isTrouble ? .builder : .content, remedy: nil,
            evidence: "a line")
        return Diagnosis(TaskFailure(kind: .failed, message: "failed", cause: cause), chance: chance)
    }
}
