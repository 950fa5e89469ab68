import Koji
import TestSupport

@testable import ComposePhase

/// Makes events of every kind with any values, to be written and read again.
struct RandomEvents {
    var random: SeededGenerator

    /// Every kind of event in its turn, so that none is left out by chance.
    mutating func event(_ turn: Int) -> ScheduleEvent {
        switch turn % Self.kinds {
        case 0: .planned(list { $0.scheduled() })
        case 1: .resumed(by: text())
        case 2: .adopted(id(), hubTask())
        case 3: .submitting(id(), attempt(), after: maybe { $0.hubTask() })
        case 4: .submitted(id(), hubTask())
        case 5: .refused(id(), failure())
        case 6: .unsent(id())
        case 7: .answerLost(id(), wasDone: flag())
        case 8: .lookedUp(id(), found: list { $0.hubTask() })
        case 9: .lookUpFailed(id(), reason: text())
        case 10: .observed(list { $0.observation() })
        case 11:
            .diagnosed(
                id(),
                Diagnosis(
                    failure(), arches: list { $0.arch() }, chance: Double.random(in: 0...1, using: &random),
                    untagged: maybe { $0.text() }))
        case 12: .overdue(id())
        case 13: .collected(id(), images: [CollectedImage](), missing: missing())
        case 14: .notCollected(id(), failure())
        case 15: .retryRequested(list { $0.id() }, release: maybe { $0.text() })
        case 16: .stopRequested(stop())
        case 17: .cancelAnswered(id(), failure: maybe { $0.text() })
        case 18: .ended
        case 19: .explained(reasons())
        case 20: .timePassed
        default: collected()
        }
    }

    static let kinds = 22

    mutating func time() -> Instant { Instant(seconds: seconds()) }

    // MARK: Parts

    private mutating func flag() -> Bool { Bool.random(using: &random) }

    private mutating func number() -> Int {
        Int.random(in: 0...(1 << Int.random(in: 1...40, using: &random)), using: &random)
    }

    /// Whole ones too: a document may show those without a fraction.
    private mutating func seconds() -> Double { flag() ? Double(number()) : Double.random(in: 0...4e9, using: &random) }

    private mutating func text() -> String {
        let pieces = ["", "a", "x86_64", "\"", "\\", "\n", "\u{1b}", "\u{7f}", "ž", "🐧", "/", " ", "null", "\u{2028}"]
        return (0..<Int.random(in: 0...5, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
            .joined()
    }

    private mutating func maybe<Value>(_ make: (inout Self) -> Value) -> Value? { flag() ? make(&self) : nil }

    private mutating func list<Value>(_ make: (inout Self) -> Value) -> [Value] {
        var list: [Value] = []
        for _ in 0..<Int.random(in: 0...3, using: &random) { list.append(make(&self)) }
        return list
    }

    private mutating func id() -> ImageTaskID { ImageTaskID("V/\(text())/\(number())") }
    private mutating func hubTask() -> TaskID { TaskID(number()) }
    private mutating func taskState() -> TaskState { TaskState.allCases.randomElement(using: &random) ?? .free }
    private mutating func attempt() -> Attempt {
        Attempt(number: number(), arches: list { $0.text() }, release: maybe { $0.text() })
    }

    private mutating func scheduled() -> ScheduledTask {
        ScheduledTask(
            id: id(), arches: list { $0.text() }, failableArches: list { $0.text() }, target: text(),
            isScratch: flag(), priority: number() - number(), deadline: maybe { $0.seconds() }, attempts: number())
    }

    private mutating func arch() -> ArchObservation {
        ArchObservation(
            arch: text(), id: hubTask(), state: taskState(), host: maybe { $0.text() },
            started: maybe { $0.seconds() }, ended: maybe { $0.seconds() })
    }

    private mutating func observation() -> TaskObservation {
        TaskObservation(
            task: id(), state: taskState(), host: maybe { $0.text() }, started: maybe { $0.seconds() },
            arches: list { $0.arch() })
    }

    private mutating func failure() -> TaskFailure {
        TaskFailure(
            kind: TaskFailure.Kind.allCases.randomElement(using: &random) ?? .failed, message: text(),
            url: maybe { $0.text() }, cause: maybe { $0.cause() })
    }

    private mutating func cause() -> FailureCause {
        FailureCause(
            rule: text(), kind: CauseClass.allCases.randomElement(using: &random) ?? .unknown,
            remedy: maybe { $0.text() }, evidence: text())
    }

    private mutating func missing() -> [String: TaskFailure] {
        Dictionary(list { ($0.text(), $0.failure()) }) { first, _ in first }
    }

    private mutating func collected() -> ScheduleEvent {
        let task = id()
        return .collected(task, images: list { $0.image(of: task) }, missing: missing())
    }

    private mutating func image(of task: ImageTaskID) -> CollectedImage {
        CollectedImage(
            task: task, hubTask: hubTask(), archTask: hubTask(), variant: text(), subvariant: text(), arch: text(),
            type: text(), format: text(), path: text(), size: number(), mtime: number(),
            checksums: Dictionary(list { ($0.text(), $0.text()) }) { first, _ in first }, nvr: text(),
            buildID: maybe { $0.number() }, source: text(), archiveID: maybe { $0.number() },
            volumeID: maybe { $0.text() }, implantMD5: maybe { $0.text() },
            sideFiles: list {
                SideFile(
                    kind: SideFile.Kind.allCases.randomElement(using: &$0.random) ?? .sbom, path: $0.text(),
                    size: $0.number(), sha256: $0.text())
            }, origin: maybe { $0.origin() },
            findings: list {
                ResultFinding(
                    code: ResultFinding.Code.allCases.randomElement(using: &$0.random) ?? .sizeDrift, arch: $0.text(),
                    file: $0.text(), message: $0.text())
            })
    }

    private mutating func origin() -> BuildOrigin {
        BuildOrigin(
            host: maybe { $0.text() }, buildroot: maybe { $0.number() },
            toolchain: Dictionary(list { ($0.text(), $0.text()) }) { first, _ in first },
            repositories: list {
                BuildOrigin.Repository(
                    url: $0.text(), revision: $0.maybe { $0.text() }, checksum: $0.maybe { $0.text() })
            },
            ostree: maybe { BuildOrigin.OSTree(url: $0.text(), ref: $0.text(), commit: $0.maybe { $0.text() }) },
            seed: maybe { $0.number() })
    }

    private mutating func stop() -> StopReason {
        switch Int.random(in: 0..<7, using: &random) {
        case 0: .requiredImageFailed(id())
        case 1: .signal([1, 2, 15].randomElement(using: &random) ?? 1)
        case 2: .leaving
        case 3: .deadline(seconds())
        case 4: .cancelRequested(by: text())
        case 5: .hubUnusable(text())
        default: .composeUnusable(text())
        }
    }

    private mutating func reasons() -> [ImageTaskID: WaitReason] {
        Dictionary(list { ($0.id(), $0.reason()) }) { first, _ in first }
    }

    private mutating func reason() -> WaitReason {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: .ourLimit(text(), number())
        case 1: .backOff(until: time(), attempt: number())
        case 2: .noBuilder(arch: text())
        case 3: .channelFull(arch: text())
        case 4: .noRepository(tag: text())
        default: .queued
        }
    }
}
