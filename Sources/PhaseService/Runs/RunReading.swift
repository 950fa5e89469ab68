import ComposePhase
import PhaseStore
import ProductMD

/// Reads what the compose of a run tells, for the API. On a thread of its own: a compose may lie on a slow disk.
enum RunReading {
    /// The document of `status --format json`; nil where nothing has begun.
    static func status(_ directory: String) async -> JSONValue? {
        await DiskThreads.run {
            guard var reader = try? StatusReader(directory: directory) else { return nil }
            return (try? reader.report())?.json
        }
    }

    /// The payload of `report --format json`; nil where nothing has begun.
    static func report(_ directory: String, now: Double) async -> JSONValue? {
        await DiskThreads.run {
            guard let facts = try? ReportFiles.read(directory) else { return nil }
            return ComposeReport(facts, at: Instant(seconds: now)).json["payload"]
        }
    }

    /// Failures with the last lines of their logs.
    static func failures(_ directory: String, now: Double) async -> JSONValue {
        await DiskThreads.run {
            guard let facts = try? ReportFiles.read(directory) else { return .array([]) }
            let report = ComposeReport(facts, at: Instant(seconds: now))
            return .array(
                report.failures.map { failure in
                    guard case .object(var members) = failure.json(weburl: report.weburl) else { return .null }
                    let cause = members["cause"]
                    for name in ["class", "rule", "evidence", "remedy"] { members[name] = cause?[name] ?? .null }
                    members["arch"] = failure.arches.count == 1 ? .string(failure.arches[0]) : .null
                    members["log_tail"] =
                        failure.log.map { log in
                            .array(ReportFiles.tail(of: "\(directory)/\(log)", lines: 30).map { .string($0) })
                        } ?? .null
                    return .object(members)
                })
        }
    }
}
