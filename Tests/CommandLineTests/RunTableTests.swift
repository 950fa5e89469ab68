import ComposePhase
import Koji
import TestSupport
import Testing

@testable import phase_runner

@Suite("The table of a run")
struct RunTableTests {
    /// A run with so many images, as its first round of watching saw it.
    static func view(_ count: Int, name: (Int) -> String = { "IoT/image-\($0)/minimal-raw-xz" }) -> ProgressView {
        var state = ScheduleState()
        let ids = (0..<count).map { ImageTaskID(name($0)) }
        let began = Instant(seconds: 1000)
        _ = state.apply(
            .planned(
                ids.map { ScheduledTask(id: $0, arches: ["aarch64", "x86_64"], failableArches: ["aarch64"]) }),
            at: began)
        for (number, id) in ids.enumerated() where number % 4 != 3 {
            _ = state.apply(.submitting(id, Attempt(arches: ["aarch64", "x86_64"]), after: nil), at: began)
            _ = state.apply(.submitted(id, TaskID(number * 3 + 1)), at: began)
            let arch = ArchObservation(
                arch: "x86_64", id: TaskID(number * 3 + 2), state: .open, host: "builder-\(number).example.org",
                started: 1010)
            _ = state.apply(.observed([TaskObservation(task: id, state: .open, arches: [arch])]), at: began)
            if number % 4 == 1 {
                let failure = TaskFailure(kind: .failed, message: "task failed: \u{1B}[2Jboom 日本語 " + id.text)
                _ = state.apply(.observed([TaskObservation(task: id, state: .failed)]), at: began)
                _ = state.apply(.diagnosed(id, Diagnosis(failure)), at: began)
            }
        }
        return ProgressView(state, at: Instant(seconds: 1070))
    }

    @Test("no line is wider than the terminal, and no more lines are drawn than it has, whatever its size")
    func fits() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let names = [
            "IoT/image", "Spins/ｗｉｄｅ-日本", "V/e\u{301}\u{301}\u{301}combining", "V/a\u{1B}[31m\nb\u{202E}c", "V/👩‍👩‍👧",
        ]
        for _ in 0..<120 {
            let view = Self.view(Int.random(in: 0...12, using: &random)) { "\(names[$0 % 5])-\($0)/type" }
            let (columns, rows) = (Int.random(in: 1...220, using: &random), Int.random(in: 1...40, using: &random))
            let lines = RunTable(columns: columns, rows: rows, colours: Bool.random(using: &random))
                .lines(view, title: "Fedora-IoT-44-20261123.n.0", at: Instant(seconds: 1070))
            let plain = lines.map { Colour.stripped($0) }
            #expect(plain.allSatisfy { TerminalText.width($0) <= columns }, "seed \(seed)")
            #expect(lines.count <= max(rows, 4), "seed \(seed): \(rows) rows")
            #expect(
                plain.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } },
                "seed \(seed): nothing can move the cursor")
        }
    }

    @Test("what does not fit is counted, and what is being built goes first")
    func more() {
        let view = Self.view(20)
        let lines = RunTable(columns: 120, rows: 10, colours: false).lines(view, title: "T", at: Instant(seconds: 1070))
        #expect(lines.count == 10)
        #expect(lines[2].hasPrefix("IoT/image-0/minimal-raw-xz") && lines[4].contains("x86_64"))
        #expect(lines[5].hasPrefix("IoT/image-2/"), "image-1 has failed")
        #expect(lines[9] == "… and 17 more")
        let all = RunTable(columns: 120, rows: nil, colours: false).lines(view, title: "T", at: Instant(seconds: 1070))
        #expect(all.count == 2 + 3 * 20)
    }

    @Test("a title that does not fit beside what is going on has its own line")
    func title() {
        let lines = RunTable(columns: 60, rows: 24, colours: false)
            .lines(Self.view(4), title: "REHEARSAL: Fedora-IoT-44-20261123.n.0", at: Instant(seconds: 1070))
        #expect(lines[0] == "REHEARSAL: Fedora-IoT-44-20261123.n.0")
        #expect(lines[1] == "0 of 4 done, 2 open, 1 waiting, 1 FAILED")
    }

    @Test("the builder's name loses its domain before it loses more")
    func builders() {
        func line(_ columns: Int) -> String? {
            RunTable(columns: columns, rows: nil, colours: false)
                .lines(Self.view(1), title: "T", at: Instant(seconds: 1070)).first { $0.contains("x86_64") }
        }
        #expect(line(120)?.hasSuffix("1:00           builder-0.example.org") == true)
        #expect(line(72)?.hasSuffix("builder-0") == true)
    }

    @Test(
        "text is as wide as a terminal shows it",
        arguments: [
            ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("ｗ", 2), ("👍", 2), ("…", 1), ("한글", 4),
            ("ab\u{200B}", 2),
        ])
    func width(text: String, columns: Int) {
        #expect(TerminalText.width(text) == columns)
    }

    @Test(
        "text is cut between characters",
        arguments: [
            ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("abc", 1, "…"),
            ("abc", 0, ""), ("e\u{301}xyz", 3, "e\u{301}x…"),
        ])
    func clipped(text: String, columns: Int, expected: String) {
        #expect(TerminalText.clipped(text, to: columns) == expected)
    }

    @Test(
        "what could move the cursor is shown instead",
        arguments: [
            ("plain é 日本", "plain é 日本"), ("a\tb", "a b"), ("a\nb\r", "a\\nb\\r"), ("\u{1B}[2J", "\\x1b[2J"),
            ("\u{9B}2J", "\\x9b2J"), ("\u{202E}evil", "\\u{202e}evil"), ("\u{7F}", "\\x7f"),
        ])
    func safe(text: String, expected: String) {
        #expect(TerminalText.safe(text) == expected)
    }
}
