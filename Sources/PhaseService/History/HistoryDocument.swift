import PhaseStore
import ProductMD

/// The history as the API shows it.
enum HistoryDocument {
    /// A row a run, with what became of every image and arch.
    static func nights(_ runs: [StoredRun], _ images: [HistoricImage]) -> JSONValue {
        var byRun: [Int: [String: [String: JSONValue]]] = [:]
        for entry in images {
            byRun[entry.image.run, default: [:]][entry.image.image, default: [:]][entry.image.arch] =
                .string(entry.image.outcome)
        }
        return .array(
            runs.map { run in
                [
                    "run": .int(run.id), "compose": run.compose.map { .string($0) } ?? .null,
                    "schedule": run.schedule.map { .string($0) } ?? .null, "state": .string(run.state.rawValue),
                    "status": run.status.map { .string($0) } ?? .null, "rehearsal": .bool(run.isRehearsal),
                    "requested": .double(run.requested),
                    "images": .object((byRun[run.id] ?? [:]).mapValues { .object($0) }),
                ]
            })
    }

    /// A curve for every image and arch. Rehearsals build nothing, so real builds and they are not compared.
    static func curves(_ images: [HistoricImage]) -> JSONValue {
        var points: [String: [String: [HistoricImage]]] = [:]
        for entry in images where entry.image.outcome == "done" {
            points[entry.image.image, default: [:]][entry.image.arch, default: []].append(entry)
        }
        return .object(points.mapValues { arches in .object(arches.mapValues { .array(curve($0)) }) })
    }

    private static func curve(_ entries: [HistoricImage]) -> [JSONValue] {
        let sizes = marks(entries) { $0.image.size.map(Double.init) }
        let seconds = marks(entries) { $0.image.seconds }
        return entries.indices.map { index in
            let entry = entries[index]
            return [
                "run": .int(entry.image.run), "compose": entry.compose.map { .string($0) } ?? .null,
                "time": .double(entry.image.ended ?? entry.requested), "rehearsal": .bool(entry.isRehearsal),
                "size": entry.image.size.map { .int($0) } ?? .null,
                "seconds": entry.image.seconds.map { .double($0) } ?? .null,
                "size_outlier": .bool(sizes[index]), "seconds_outlier": .bool(seconds[index]),
            ]
        }
    }

    private static func marks(_ entries: [HistoricImage], _ value: (HistoricImage) -> Double?) -> [Bool] {
        let real = Outliers.mark(entries.map { $0.isRehearsal ? nil : value($0) })
        let rehearsed = Outliers.mark(entries.map { $0.isRehearsal ? value($0) : nil })
        return zip(real, rehearsed).map { $0 || $1 }
    }
}
