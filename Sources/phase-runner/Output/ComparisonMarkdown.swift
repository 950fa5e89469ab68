import ComposePhase
import ProductMD
import PungiConfig

/// A comparison for a pull request: GitHub's, GitLab's and Forgejo's Markdown.
struct ComparisonMarkdown {
    let comparison: PlanComparison
    let old: String
    let new: String

    /// More images than this are folded.
    private static let listed = 12

    func lines() -> [String] {
        var sections: [[String]] = [
            ["### Images: \(ComparisonText.summary(comparison))"],
            ["\(MarkdownText.code(old)) → \(MarkdownText.code(new))"],
            ComparisonText.remarks(comparison).map { "*" + MarkdownText.plain($0) + ".*" },
        ]
        if !comparison.compose.isEmpty { sections += [["**Compose**"], table(comparison.compose)] }
        sections += list("Added", comparison.added) + list("Gone", comparison.gone)
        for group in ComparisonGroups(comparison).groups { sections += changes(group) }
        sections += uses("Repositories", comparison.repos) + uses("Refs", comparison.refs)
        sections.append(notes)
        return Array(sections.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    // MARK: Tasks

    private func list(_ title: String, _ tasks: [ImageTask]) -> [[String]] {
        guard !tasks.isEmpty else { return [] }
        let rows = tasks.map { task -> String in
            let summary = TaskSummary(task)
            return MarkdownText.row([
                MarkdownText.code(task.id.text), task.arches.map { MarkdownText.code($0.arch) }.joined(separator: " "),
                summary.target.map(MarkdownText.code) ?? "none", task.canFail ? "yes" : "no",
            ])
        }
        return folded(
            "\(title): \(counted(tasks.count, "image task"))", isLong: tasks.count > Self.listed,
            ["| Image | Arches | Target | May fail |", "| --- | --- | --- | --- |"] + rows)
    }

    private func changes(_ group: ComparisonGroups.Group) -> [[String]] {
        if group.tasks.count == 1 {
            let task = group.tasks[0]
            let was = task.id == task.oldID ? "" : " (was \(MarkdownText.code(task.oldID.text)))"
            return [["**Changed:** \(MarkdownText.code(task.id.text))\(was)"], table(group.fields)]
        }
        let title =
            "**Changed in \(group.isAll ? "all " : "")\(group.tasks.count) images\(group.isAll ? " in both" : "")**"
        guard !group.isAll else { return [[title], table(group.fields)] }
        let names = group.tasks.map { "- " + MarkdownText.code($0.id.text) }
        guard names.count > Self.listed else { return [[title + ":"], names, table(group.fields)] }
        return [[title]] + [
            ["<details><summary>which</summary>", ""] + names + ["", "</details>"], table(group.fields),
        ]
    }

    private func folded(_ title: String, isLong: Bool, _ lines: [String]) -> [[String]] {
        isLong
            ? [["<details><summary><b>\(title)</b></summary>", ""] + lines + ["", "</details>"]]
            : [["**\(title)**"], lines]
    }

    // MARK: Fields

    private func table(_ fields: [FieldChange]) -> [String] {
        ["| Field | Before | After |", "| --- | --- | --- |"]
            + fields.map { field in
                let (before, after) = Self.cells(field.kind)
                return MarkdownText.row([MarkdownText.code(field.path), before, after])
            }
    }

    private static func cells(_ kind: FieldChange.Kind) -> (String, String) {
        func list(_ values: [JSONValue]) -> String {
            values.map { MarkdownText.code(ComparisonValue.text($0)) }.joined(separator: "<br>")
        }
        switch kind {
        case .value(let old?, let new?) where old == new: return ("not shown", "not shown")
        case .value(let old, let new): return (list(old.map { [$0] } ?? []), list(new.map { [$0] } ?? []))
        case .items(let gone, let added):
            func signed(_ values: [JSONValue], _ sign: String) -> String {
                values.map { "\(sign) " + MarkdownText.code(ComparisonValue.text($0)) }.joined(separator: "<br>")
            }
            return (signed(gone, "−"), signed(added, "+"))
        case .order(let old, let new): return ("order: " + list(old), "order: " + list(new))
        }
    }

    // MARK: The rest

    private func uses(_ title: String, _ uses: UseChange) -> [[String]] {
        guard !uses.added.isEmpty || !uses.gone.isEmpty else { return [] }
        return [["**\(title)**"]] + [
            uses.gone.map { "- gone: \(MarkdownText.code($0.text)), was used by \(counted($0.images, "image"))" }
                + uses.added.map { "- new: \(MarkdownText.code($0.text)), used by \(counted($0.images, "image"))" }
        ]
    }

    private var notes: [String] {
        comparison.problems.added.map {
            "> **new \($0.severity.rawValue)** \(MarkdownText.code($0.code)): \(MarkdownText.plain($0.message))  "
        }
            + comparison.problems.gone.map {
                "> solved \(MarkdownText.code($0.code)): \(MarkdownText.plain($0.message))  "
            }
            + comparison.skipped.added.map {
                "> skipped now: \(MarkdownText.plain("\($0.block) for \($0.variant): \($0.reason)"))  "
            }
    }
}
