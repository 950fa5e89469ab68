import ProductMD
import PungiConfig

extension PlanComparison {
    /// Compares two plans.
    ///
    /// What comes of the date, respin, type and label of their composes counts as the same: the name of the compose
    /// directory in repositories, releases and versions made of it.
    ///
    /// - Parameter forgetsPlace: whether it does not matter where the composes lie, either.
    package init(_ old: PhasePlan, _ new: PhasePlan, forgetsPlace: Bool = false) {
        let traces = ComposeTraces.pair(old.compose, new.compose, forgetsPlace: forgetsPlace)
        let values = ValueComparison(old: traces.old, new: traces.new)
        let tasks = TaskComparison(values: values)
        let pairing = TaskPairing(
            old.tasks, new.tasks, oldKey: { tasks.key($0, traces.old) }, newKey: { tasks.key($0, traces.new) })
        self.old = old.compose
        self.new = new.compose
        changed = pairing.pairs.compactMap { old, new in
            let fields = tasks.changes(old, new)
            return fields.isEmpty ? nil : TaskChange(id: new.id, oldID: old.id, fields: fields)
        }
        added = pairing.added
        gone = pairing.gone
        unchanged = pairing.same + pairing.pairs.count - changed.count
        compose =
            values.changes("release_short", .string(old.compose.releaseShort), .string(new.compose.releaseShort))
            + values.changes(
                "release_version", .string(old.compose.releaseVersion), .string(new.compose.releaseVersion))
            + values.changes("type", .string(old.compose.type), .string(new.compose.type))
        repos = Self.uses(old, new, traces.old, traces.new) { request in
            request.options["repos"]?.array?.compactMap(\.string) ?? []
        }
        refs = Self.uses(old, new, traces.old, traces.new) { request in
            [request.options["ostree"]?["ref"], request.options["bootc"]?["ref"]].compactMap { $0?.string }
        }
        skipped = Skipped(
            added: new.skipped.filter { !old.skipped.contains($0) },
            gone: old.skipped.filter { !new.skipped.contains($0) })
        problems = Self.problems(old, new, traces.old, traces.new)
        disregarded = Disregarded(
            composes: old.compose.date != new.compose.date || old.compose.respin != new.compose.respin
                || old.compose.type != new.compose.type || old.compose.label != new.compose.label,
            place: forgetsPlace)
    }

    // MARK: Uses

    private static func uses(
        _ old: PhasePlan, _ new: PhasePlan, _ oldTraces: ComposeTraces, _ newTraces: ComposeTraces,
        _ texts: (RequestView) -> [String]
    ) -> UseChange {
        func count(_ plan: PhasePlan, _ traces: ComposeTraces) -> [String: UseChange.Use] {
            var uses: [String: UseChange.Use] = [:]
            for task in plan.tasks {
                for text in Set(texts(RequestView(task))) {
                    uses[traces.key(text), default: UseChange.Use(text: shown(text), images: 0)].images += 1
                }
            }
            return uses
        }
        func only(_ uses: [String: UseChange.Use], _ others: [String: UseChange.Use]) -> [UseChange.Use] {
            uses.filter { others[$0.key] == nil }.map(\.value).sorted { byCodePoint($0.text, $1.text) }
        }
        let (olds, news) = (count(old, oldTraces), count(new, newTraces))
        return UseChange(added: only(news, olds), gone: only(olds, news))
    }

    private static func shown(_ text: String) -> String { HiddenValue.shown(.string(text)).string ?? text }

    // MARK: Problems

    /// Told apart by what they say, not by where: a line that moved is no other problem.
    private static func problems(
        _ old: PhasePlan, _ new: PhasePlan, _ oldTraces: ComposeTraces, _ newTraces: ComposeTraces
    ) -> Problems {
        func keyed(_ plan: PhasePlan, _ traces: ComposeTraces) -> [(key: [String], problem: Diagnostic)] {
            // That a repository is a path of this host says where one is, not what the plan is.
            plan.diagnostics.filter { $0.severity > .note && $0.code != "plan.local-repo" }
                .map { ([$0.severity.rawValue, $0.code, traces.key($0.message)], $0) }
        }
        let (olds, news) = (keyed(old, oldTraces), keyed(new, newTraces))
        let (oldKeys, newKeys) = (Set(olds.map(\.key)), Set(news.map(\.key)))
        return Problems(
            added: news.filter { !oldKeys.contains($0.key) }.map(\.problem),
            gone: olds.filter { !newKeys.contains($0.key) }.map(\.problem))
    }
}
