import ComposePhase
import ProductMD
import PungiConfig
import TestSupport
import Testing

@testable import phase_runner

/// What a comparison looks like, whatever stands in it.
@Suite("comparisons in text and Markdown")
struct ComparisonOutputTests {
    static let compose = PlannedCompose(
        id: "F-44-20260102.n.0", date: "20260102", type: "nightly", respin: 0, label: nil, releaseShort: "F",
        releaseVersion: "44")

    static func task(_ name: String, target: String = "t", _ options: [String: JSONValue] = [:]) -> ImageTask {
        ImageTask(
            id: ImageTaskID("V/\(name)/x"), variant: "V", subvariant: name, manifestType: nil,
            method: "imageBuilderBuild",
            params: [
                .string(target), .array(["x86_64"]), .array(["x"]), .string(name), "44", .object(options),
            ],
            failableArches: [], canFail: false,
            arches: [ArchTask(arch: "x86_64", failable: false, repos: [], ostreeRef: nil, command: [])])
    }

    static func compare(_ old: [ImageTask], _ new: [ImageTask]) -> PlanComparison {
        PlanComparison(
            PhasePlan(compose: compose, tasks: old, skipped: [], diagnostics: []),
            PhasePlan(compose: compose, tasks: new, skipped: [], diagnostics: []))
    }

    static func text(_ comparison: PlanComparison) -> String {
        ComparisonText(comparison: comparison, colours: false).lines().joined(separator: "\n")
    }

    static func markdown(_ comparison: PlanComparison) -> [String] {
        ComparisonMarkdown(comparison: comparison, old: "old", new: "new").lines()
    }

    @Test("short values stand on one line, long ones below each other, deep paths on a line of their own")
    func layout() {
        let long = String(repeating: "x", count: 80)
        let path = String(repeating: "deep", count: 15)
        let comparison = Self.compare(
            [
                Self.task(
                    "a", target: "t",
                    ["blueprint": .object(["k": .string(long), "n": .null, "e": "", "l": .array(["a", "b"])])])
            ],
            [
                Self.task(
                    "a", target: "u",
                    [
                        "blueprint": .object([
                            "k": .string(long + "y"), "n": 1, "e": " ", "l": .array(["b", "a"]), path: true,
                        ])
                    ])
            ])
        let expected = [
            "1 image task changed", "", "~ V/a/x", "    target       t → u", "    blueprint.\(path)", "        + true",
            "    blueprint.e  \"\" → \" \"", "    blueprint.k  - \(long)", "                 + \(long)y",
            "    blueprint.l  another order: b, a", "    blueprint.n  null → 1",
        ]
        #expect(
            Self.text(comparison).split(separator: "\n", omittingEmptySubsequences: false).map(String.init) == expected)
    }

    @Test("what several images have in common is told once, the largest group first")
    func groups() {
        let old = ["a", "b", "c", "d"].map { Self.task($0) }
        let new = [
            Self.task("a", target: "u", ["seed": 1]), Self.task("b", target: "u"),
            Self.task("c", target: "u", ["seed": 1]),
            Self.task("d"),
        ]
        let lines = Self.text(Self.compare(old, new)).split(separator: "\n").map(String.init)
        #expect(
            lines == [
                "3 image tasks changed, 1 as before", "~ 3 images", "  ~ V/a/x", "  ~ V/b/x", "  ~ V/c/x",
                "    target  t → u", "~ 2 images", "  ~ V/a/x", "  ~ V/c/x", "    seed  + 1",
            ])
    }

    static let words = [
        "a|b", "`", "``x``", "a\nb", "\u{1B}[31mred\u{1B}[0m", "\u{202E}evil", "</details>", "@someone", "a\\|b", "\r",
        "",
    ]

    @Test("nothing in a plan moves a terminal's cursor or breaks a table", arguments: words)
    func hostile(word: String) {
        let comparison = Self.compare(
            [Self.task("a", ["distro": "f"]), Self.task(word)],
            [Self.task("a", ["distro": .string(word), word + "k": .string(word)]), Self.task("new" + word)])
        for text in [Self.text(comparison)] + Self.markdown(comparison) {
            #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\r" || $0 == "\u{202E}" }, "\(text)")
        }
        let lines = Self.markdown(comparison)
        #expect(lines.allSatisfy { !$0.contains("\n") })
        for (header, rows) in Self.tables(lines) {
            for row in rows { #expect(Self.bars(row) == Self.bars(header), "\(row)") }
        }
    }

    @Test("long lists are folded in Markdown")
    func folded() {
        let many = (0..<20).map { Self.task("n\($0)") }
        let added = Self.markdown(Self.compare([], many))
        #expect(added.contains("<details><summary><b>Added: 20 image tasks</b></summary>"))
        #expect(added.count { $0 == "</details>" } == 1)
        let changed = (0..<20).map { Self.task("n\($0)", target: $0 < 15 ? "u" : "t") }
        let lines = Self.markdown(Self.compare(many, changed))
        #expect(lines.contains("**Changed in 15 images**"))
        #expect(lines.contains("<details><summary>which</summary>"))
        #expect(
            Self.markdown(Self.compare(many, many)) == [
                "### Images: the same is built: 20 image tasks", "", "`old` → `new`",
            ])
    }

    /// Each table's first line, and the lines below it.
    private static func tables(_ lines: [String]) -> [(String, [String])] {
        lines.split { !$0.hasPrefix("|") }.compactMap { part in part.first.map { ($0, Array(part.dropFirst())) } }
    }

    /// Bars that part cells: a bar of a text is never written as one.
    private static func bars(_ line: String) -> Int { line.count { $0 == "|" } }
}
