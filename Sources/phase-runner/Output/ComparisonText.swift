import ComposePhase
import ProductMD
import PungiConfig

/// A comparison for a person: what comes, what goes, what changes, each change told once.
struct ComparisonText {
    let comparison: PlanComparison
    let colours: Bool

    /// Columns of a line that is still read at a glance.
    private static let width = 110
    /// Columns of the longest path that stands on one line with its value.
    private static let deepest = 50

    func lines() -> [String] {
        let details = details()
        return details.isEmpty ? heading : heading + [""] + details
    }

    /// All but the summary.
    func details() -> [String] {
        var sections: [[String]] = []
        sections.append(comparison.compose.isEmpty ? [] : block("compose", comparison.compose))
        sections.append(list("added", "+", .green, comparison.added))
        sections.append(list("gone", "-", .red, comparison.gone))
        for group in ComparisonGroups(comparison).groups { sections.append(changes(group)) }
        if comparison.added.count + comparison.gone.count + comparison.changed.count > 1 {
            sections.append(uses("repositories", comparison.repos))
            sections.append(uses("refs", comparison.refs))
        }
        sections.append(skipped)
        sections.append(problems)
        return Array(sections.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    /// One line: `1 image added, 2 changed, 14 as before`.
    static func summary(_ comparison: PlanComparison) -> String {
        guard !comparison.isSame else {
            return "the same is built: \(counted(comparison.unchanged, "image task"))"
        }
        let counts = [
            (comparison.added.count, "added"), (comparison.gone.count, "gone"), (comparison.changed.count, "changed"),
            (comparison.unchanged, "as before"),
        ].filter { $0.0 > 0 }
        let words = counts.enumerated().map { index, count in
            index == 0 ? "\(counted(count.0, "image task")) \(count.1)" : "\(count.0) \(count.1)"
        }
        return words.isEmpty ? "another compose, without an image" : words.joined(separator: ", ")
    }

    /// What was taken for the same, where that needs saying.
    static func remarks(_ comparison: PlanComparison) -> [String] {
        var remarks: [String] = []
        if comparison.disregarded.composes {
            remarks.append(
                "what comes of date, respin, type and label counts as the same: these are \(comparison.old.id) and"
                    + " \(comparison.new.id)")
        }
        if comparison.disregarded.place {
            remarks.append("where the composes lie is not compared; --target-dir makes it so")
        }
        return remarks
    }

    private var heading: [String] {
        [Colour.bold.paint(Self.summary(comparison), if: colours)]
            + Self.remarks(comparison).map { Colour.dim.paint("(\($0))", if: colours) }
    }

    // MARK: Tasks

    private func list(_ title: String, _ sign: String, _ colour: Colour, _ tasks: [ImageTask]) -> [String] {
        guard !tasks.isEmpty else { return [] }
        let rows = tasks.map { task -> [String] in
            let summary = TaskSummary(task)
            return [
                task.id.text, task.arches.map(\.arch).joined(separator: " "), summary.target ?? "(no target)",
                task.canFail ? "may fail" : "",
            ].map(TerminalText.safe)
        }
        return [Colour.bold.paint(title, if: colours)]
            + aligned(rows).map { "  " + colour.paint("\(sign) \($0)", if: colours) }
    }

    private func changes(_ group: ComparisonGroups.Group) -> [String] {
        guard group.tasks.count > 1 else {
            let task = group.tasks[0]
            let was =
                task.id == task.oldID
                ? "" : Colour.dim.paint("  (was \(TerminalText.safe(task.oldID.text)))", if: colours)
            return block("~ " + TerminalText.safe(task.id.text), group.fields, .yellow, after: was)
        }
        let title = group.isAll ? "all \(group.tasks.count) images in both" : "\(group.tasks.count) images"
        let members = group.isAll ? [] : group.tasks.map { "  ~ " + TerminalText.safe($0.id.text) }
        return [Colour.yellow.paint("~ " + title, if: colours)] + members.map { Colour.yellow.paint($0, if: colours) }
            + fieldLines(group.fields)
    }

    private func block(_ title: String, _ fields: [FieldChange], _ colour: Colour = .bold, after: String = "")
        -> [String]
    {
        [colour.paint(title, if: colours) + after] + fieldLines(fields)
    }

    // MARK: Fields

    private func fieldLines(_ fields: [FieldChange]) -> [String] {
        let names = fields.map { TerminalText.safe($0.path) }
        let widths = names.map(TerminalText.width)
        // A deep path does not push all others to the right.
        let column = widths.filter { $0 <= Self.deepest }.max() ?? 0
        return zip(fields, names).flatMap { field, name -> [String] in
            guard TerminalText.width(name) <= column else {
                return ["    \(name)"] + valueLines(field.kind, room: Self.width - 8).map { "        " + $0 }
            }
            let blank = String(repeating: " ", count: column)
            return valueLines(field.kind, room: Self.width - column - 6).enumerated().map { index, value in
                "    \(index == 0 ? TerminalText.cell(name, column) : blank)  \(value)"
            }
        }
    }

    private func valueLines(_ kind: FieldChange.Kind, room: Int) -> [String] {
        switch kind {
        case .value(let old?, let new?) where old == new: return [ComparisonValue.hidden]
        case .value(let old?, let new?):
            let (before, after) = (ComparisonValue.text(old), ComparisonValue.text(new))
            if TerminalText.width(before) + TerminalText.width(after) + 4 <= room {
                return [Colour.red.paint(before, if: colours) + " → " + Colour.green.paint(after, if: colours)]
            }
            return [gone(before), added(after)]
        case .value(let old?, nil): return [gone(ComparisonValue.text(old))]
        case .value(nil, let new?): return [added(ComparisonValue.text(new))]
        case .value(nil, nil): return []
        case .items(let old, let new):
            return old.map { gone(ComparisonValue.text($0)) } + new.map { added(ComparisonValue.text($0)) }
        case .order(_, let new):
            return ["another order: " + new.map(ComparisonValue.text).joined(separator: ", ")]
        }
    }

    private func gone(_ text: String) -> String { Colour.red.paint("- " + text, if: colours) }
    private func added(_ text: String) -> String { Colour.green.paint("+ " + text, if: colours) }

    // MARK: The rest

    private func uses(_ title: String, _ uses: UseChange) -> [String] {
        guard !uses.added.isEmpty || !uses.gone.isEmpty else { return [] }
        func lines(_ uses: [UseChange.Use], _ paint: (String) -> String, _ verb: String) -> [String] {
            uses.map {
                "  " + paint(TerminalText.safe($0.text))
                    + Colour.dim.paint("  \(verb) \(counted($0.images, "image"))", if: colours)
            }
        }
        return [Colour.bold.paint(title, if: colours)] + lines(uses.gone, gone, "was used by")
            + lines(uses.added, added, "used by")
    }

    private var skipped: [String] {
        let gone = comparison.skipped.gone.filter { block in !comparison.gone.contains { $0.variant == block.variant } }
        guard !comparison.skipped.added.isEmpty || !gone.isEmpty else { return [] }
        return [Colour.bold.paint("skipped", if: colours)]
            + comparison.skipped.added.map {
                "  now: " + TerminalText.safe("\($0.block) for \($0.variant): \($0.reason)")
            }
            + gone.map { "  no longer: " + TerminalText.safe("\($0.block) for \($0.variant)") }
    }

    private var problems: [String] {
        let (added, gone) = (comparison.problems.added, comparison.problems.gone)
        guard !added.isEmpty || !gone.isEmpty else { return [] }
        return [Colour.bold.paint("problems", if: colours)]
            + added.map { problem in
                let colour: Colour = problem.severity == .error ? .red : .yellow
                return "  new "
                    + colour.paint("\(problem.severity.rawValue): " + TerminalText.safe(problem.message), if: colours)
                    + " [\(problem.code)]"
            } + gone.map { "  solved: " + TerminalText.safe($0.message) + " [\($0.code)]" }
    }

    private func aligned(_ rows: [[String]]) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { TerminalText.width($0[column]) }.max() ?? 0 }
        return rows.map { row in
            var line = zip(row, widths).map { TerminalText.cell($0, $1) }.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }
}

/// A value on one line.
enum ComparisonValue {
    /// Two values that would look alike: a secret that is another.
    static let hidden = "changed (not shown)"

    /// Texts as they are; what else there is, and texts that would not be seen, as JSON.
    static func text(_ value: JSONValue) -> String {
        if case .string(let text) = value, !text.isEmpty, text.first != " ", text.last != " " {
            return TerminalText.safe(text)
        }
        return TerminalText.safe(String(decoding: JSONWriter.line(value).dropLast(), as: UTF8.self))
    }
}
