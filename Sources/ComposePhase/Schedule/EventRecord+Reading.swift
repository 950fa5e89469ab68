import Koji
package import ProductMD

extension EventRecord {
    /// A line or row that is not an event of ours.
    package struct Unreadable: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Reads an event back. Nil for one of a name that is not known: a newer program may tell more.
    package static func read(_ value: JSONValue) throws(Unreadable) -> JournalEntry? {
        let fields = Fields(value)
        let instant = Instant(seconds: try fields.double("time"))
        guard let event = try event(fields) else { return nil }
        return JournalEntry(instant: instant, event: event)
    }

    private static func event(_ fields: Fields) throws(Unreadable) -> ScheduleEvent? {
        switch try fields.string("event") {
        case "planned": .planned(try fields.list("tasks", planned))
        case "resumed": .resumed(by: try fields.string("by"))
        case "adopted": .adopted(try fields.task(), try fields.hubTask())
        case "submitting":
            .submitting(
                try fields.task(),
                Attempt(
                    number: try fields.int("attempt"), arches: try fields.strings("arches"),
                    release: try fields.optionalString("release")),
                after: try fields.optionalInt("after").map { TaskID($0) })
        case "submitted": .submitted(try fields.task(), try fields.hubTask())
        case "refused": .refused(try fields.task(), try failure(fields.member("failure")))
        case "unsent": .unsent(try fields.task())
        case "answer-lost": .answerLost(try fields.task(), wasDone: try fields.bool("was_done"))
        case "looked-up":
            .lookedUp(
                try fields.task(),
                found: try fields.all("found", \.int).map { TaskID($0) })
        case "look-up-failed": .lookUpFailed(try fields.task(), reason: try fields.string("reason"))
        case "observed": .observed(try fields.list("tasks", observation))
        case "failed":
            .diagnosed(
                try fields.task(),
                Diagnosis(
                    try failure(fields.member("failure")), arches: try fields.list("arches", arch),
                    chance: try fields.double("chance"), untagged: try fields.optionalString("untagged")))
        case "overdue": .overdue(try fields.task())
        case "collected": try collected(fields)
        case "not-collected": .notCollected(try fields.task(), try failure(fields.member("failure")))
        case "retry-requested":
            .retryRequested(
                try fields.strings("tasks").map { ImageTaskID($0) }, release: try fields.optionalString("release"))
        case "stopping": .stopRequested(try stop(Fields(try fields.member("stop"))))
        case "canceled": .cancelAnswered(try fields.task(), failure: try fields.optionalString("failure"))
        case "ended": .ended
        case "waiting": .explained(try reasons(fields.object("tasks")))
        case "time-passed": .timePassed
        default: nil
        }
    }

    // MARK: Parts

    private static func planned(_ fields: Fields) throws(Unreadable) -> ScheduledTask {
        ScheduledTask(
            id: ImageTaskID(try fields.string("id")), arches: try fields.strings("arches"),
            failableArches: try fields.strings("failable_arches"), target: try fields.string("target"),
            isScratch: try fields.bool("scratch"), priority: try fields.int("priority"),
            deadline: try fields.optionalDouble("deadline"), attempts: try fields.int("attempts"))
    }

    private static func observation(_ fields: Fields) throws(Unreadable) -> TaskObservation {
        TaskObservation(
            task: ImageTaskID(try fields.string("id")), state: try fields.state(),
            host: try fields.optionalString("host"),
            started: try fields.optionalDouble("started"), arches: try fields.list("arches", arch))
    }

    private static func arch(_ fields: Fields) throws(Unreadable) -> ArchObservation {
        ArchObservation(
            arch: try fields.string("arch"), id: try fields.hubTask(), state: try fields.state(),
            host: try fields.optionalString("host"), started: try fields.optionalDouble("started"),
            ended: try fields.optionalDouble("ended"))
    }

    private static func failure(_ value: JSONValue) throws(Unreadable) -> TaskFailure {
        let fields = Fields(value)
        guard let kind = TaskFailure.Kind(rawValue: try fields.string("kind")) else {
            throw Unreadable(description: "the kind of a failure is not known")
        }
        var cause: FailureCause?
        if let value = fields["cause"], value != .null {
            let part = Fields(value)
            cause = FailureCause(
                rule: try part.string("rule"), kind: CauseClass(rawValue: try part.string("class")) ?? .unknown,
                remedy: try part.optionalString("remedy"), evidence: try part.string("evidence"))
        }
        return TaskFailure(
            kind: kind, message: try fields.string("message"), url: try fields.optionalString("url"), cause: cause)
    }

    private static func collected(_ fields: Fields) throws(Unreadable) -> ScheduleEvent {
        let id = try fields.task()
        var missing: [String: TaskFailure] = [:]
        for (arch, value) in try fields.object("missing") { missing[arch] = try failure(value) }
        var images: [CollectedImage] = []
        for value in try fields.array("images") { images.append(try image(Fields(value), of: id)) }
        return .collected(id, images: images, missing: missing)
    }

    private static func image(_ fields: Fields, of id: ImageTaskID) throws(Unreadable) -> CollectedImage {
        var image = CollectedImage(
            task: id, hubTask: try fields.hubTask(), archTask: TaskID(try fields.int("arch_task")),
            variant: try fields.string("variant"), subvariant: try fields.string("subvariant"),
            arch: try fields.string("arch"), type: try fields.string("type"), format: try fields.string("format"),
            path: try fields.string("path"), size: try fields.int("size"), mtime: try fields.int("mtime"),
            checksums: try fields.texts("checksums"),
            nvr: try fields.string("nvr"), buildID: try fields.optionalInt("build"), source: try fields.string("source")
        )
        image.archiveID = try fields.optionalInt("archive")
        image.volumeID = try fields.optionalString("volume_id")
        image.implantMD5 = try fields.optionalString("implant_md5")
        image.sideFiles = (fields["side_files"]?.array ?? []).compactMap(SideFile.init)
        image.findings = (fields["findings"]?.array ?? []).compactMap(ResultFinding.init)
        image.origin = fields["origin"].flatMap { $0 == .null ? nil : BuildOrigin(json: $0) }
        return image
    }

    private static func stop(_ fields: Fields) throws(Unreadable) -> StopReason {
        switch try fields.string("because") {
        case "required-image-failed": return .requiredImageFailed(try fields.task())
        case "signal": return .signal(try signal(fields))
        case "leaving": return .leaving
        case "deadline": return .deadline(try fields.double("seconds"))
        case "cancel": return .cancelRequested(by: try fields.string("by"))
        case "hub": return .hubUnusable(try fields.string("reason"))
        case "compose": return .composeUnusable(try fields.string("reason"))
        case let other: throw Unreadable(description: "a run stops because of \(other), which is not known")
        }
    }

    private static func signal(_ fields: Fields) throws(Unreadable) -> Int32 {
        guard let number = Int32(exactly: try fields.int("number")) else {
            throw Unreadable(description: "its member number is not the number of a signal")
        }
        return number
    }

    private static func reasons(_ members: [String: JSONValue]) throws(Unreadable) -> [ImageTaskID: WaitReason] {
        var reasons: [ImageTaskID: WaitReason] = [:]
        for (id, value) in members {
            let fields = Fields(value)
            switch try fields.string("why") {
            case "our-limit":
                reasons[ImageTaskID(id)] = .ourLimit(try fields.string("limit"), try fields.int("value"))
            case "back-off":
                reasons[ImageTaskID(id)] = .backOff(
                    until: Instant(seconds: try fields.double("until")), attempt: try fields.int("attempt"))
            case "no-builder": reasons[ImageTaskID(id)] = .noBuilder(arch: try fields.string("arch"))
            case "channel-full": reasons[ImageTaskID(id)] = .channelFull(arch: try fields.string("arch"))
            case "no-repository": reasons[ImageTaskID(id)] = .noRepository(tag: try fields.string("tag"))
            default: reasons[ImageTaskID(id)] = .queued
            }
        }
        return reasons
    }

    /// The members of an object, by type.
    private struct Fields {
        private let value: JSONValue

        init(_ value: JSONValue) { self.value = value }

        subscript(_ name: String) -> JSONValue? { value[name] }

        func optionalString(_ name: String) throws(Unreadable) -> String? { try optional(name, \.string) }
        func optionalInt(_ name: String) throws(Unreadable) -> Int? { try optional(name, \.int) }
        func optionalDouble(_ name: String) throws(Unreadable) -> Double? { try optional(name, \.double) }

        func member(_ name: String) throws(Unreadable) -> JSONValue { try take(name) { $0 } }
        func string(_ name: String) throws(Unreadable) -> String { try take(name, \.string) }
        func int(_ name: String) throws(Unreadable) -> Int { try take(name, \.int) }
        func double(_ name: String) throws(Unreadable) -> Double { try take(name, \.double) }
        func bool(_ name: String) throws(Unreadable) -> Bool { try take(name, \.bool) }
        func array(_ name: String) throws(Unreadable) -> [JSONValue] { try take(name, \.array) }
        func task() throws(Unreadable) -> ImageTaskID { ImageTaskID(try string("task")) }
        func hubTask() throws(Unreadable) -> TaskID { TaskID(try int("hub_task")) }

        func object(_ name: String) throws(Unreadable) -> [String: JSONValue] { try take(name, \.object) }
        func strings(_ name: String) throws(Unreadable) -> [String] { try all(name, \.string) }

        /// An object of strings.
        func texts(_ name: String) throws(Unreadable) -> [String: String] {
            let members = try object(name)
            let texts = members.compactMapValues(\.string)
            guard texts.count == members.count else { throw mistyped(name) }
            return texts
        }

        /// Every item, or none: a list that lost one would be another event.
        func all<Item>(_ name: String, _ read: (JSONValue) -> Item?) throws(Unreadable) -> [Item] {
            let values = try array(name)
            let items = values.compactMap(read)
            guard items.count == values.count else { throw mistyped(name) }
            return items
        }

        func state() throws(Unreadable) -> TaskState {
            let name = try string("state")
            guard let state = TaskState.allCases.first(where: { $0.name == name }) else {
                throw Unreadable(description: "the state \(name) is not known")
            }
            return state
        }

        func list<Item>(
            _ name: String, _ read: (Fields) throws(Unreadable) -> Item
        ) throws(Unreadable) -> [Item] {
            var items: [Item] = []
            for value in try array(name) { items.append(try read(Fields(value))) }
            return items
        }

        /// Nil for null and for a member that is not there.
        private func optional<Value>(_ name: String, _ read: (JSONValue) -> Value?) throws(Unreadable) -> Value? {
            guard let member = value[name], member != .null else { return nil }
            guard let value = read(member) else { throw mistyped(name) }
            return value
        }

        private func mistyped(_ name: String) -> Unreadable {
            Unreadable(description: "its member \(name) is missing or of another type")
        }

        private func take<Value>(_ name: String, _ read: (JSONValue) -> Value?) throws(Unreadable) -> Value {
            guard let member = value[name], let value = read(member) else {
                throw mistyped(name)
            }
            return value
        }
    }
}
