import ComposePhase
import PhaseStore
import ProductMD

/// A run that has not ended, as the service follows it.
struct LiveRun: Sendable {
    var stored: StoredRun
    let place: RunPlace
    /// The process, where this service began it; one that an earlier service began is known by its lock only.
    var process: RunProcess?
    /// Holds the lock between here and the process's end.
    var reader: StatusReader?
    let board: ChangeBoard
    /// Processes that died without a word.
    var deaths = 0
    /// The number of `run` lines when the last process was begun: an ending before them is an earlier process's.
    var report: StatusReport?
    /// Who wants it canceled.
    var cancelledBy: String?

    init(_ stored: StoredRun, _ place: RunPlace) {
        self.stored = stored
        self.place = place
        board = ChangeBoard()
    }

    /// Looks at the compose.
    mutating func look() {
        if stored.directory == nil { stored.directory = place.compose }
        guard let directory = stored.directory else { return }
        if reader == nil { reader = try? StatusReader(directory: directory) }
        guard let report = try? reader?.report() else { return }
        self.report = report
        stored.compose = report.compose
        stored.isRehearsal = report.isRehearsal
        stored.summary = RunDocument.summary(of: report.json["payload"] ?? .null)
        if let release = report.record.identity?.releaseShort { stored.release = Self.release(release, report.compose) }
    }

    /// `SHORT-VERSION`: the part of a compose id before its date.
    static func release(_ short: String, _ compose: String) -> String {
        guard compose.hasPrefix(short + "-") else { return short }
        let version = compose.dropFirst(short.count + 1).prefix { $0 != "-" }
        return version.isEmpty ? short : "\(short)-\(version)"
    }

    /// Puts what is known on the board of those that look at this run.
    func show() async {
        guard let payload = report?.json["payload"], case .object(var head) = payload else { return }
        let images = head["images"]?.array ?? []
        head["images"] = nil
        var mark = head
        // Time alone is no news.
        for name in ["time", "last_event", "summary", "expected_end", "overdue_by"] { mark[name] = nil }
        await board.put("head", kind: "head", .object(head), mark: .object(mark))
        for image in images {
            guard let id = image["id"]?.string else { continue }
            await board.put("image/\(id)", kind: "image", image, mark: Self.withoutTimes(image))
        }
    }

    private static func withoutTimes(_ image: JSONValue) -> JSONValue {
        guard case .object(var members) = image else { return image }
        for name in ["elapsed", "expected_end", "overdue_by"] { members[name] = nil }
        if let arches = members["arches"]?.array { members["arches"] = .array(arches.map(withoutTimes)) }
        return .object(members)
    }
}
