import Foundation
import Koji
import ProductMD
import TestSupport
import Testing

@testable import ComposePhase

@Suite("Estimates from earlier composes")
struct HistoryTests {
    static func lines(_ entries: [JournalEntry], isRehearsal: Bool? = nil) -> [[UInt8]?] {
        let head = isRehearsal.map {
            [JSONWriter.line(Story.identity(isRehearsal: $0).json(at: Instant(seconds: 900))).dropLast().map { $0 }]
        }
        return (head ?? []) + entries.map { Array(JSONWriter.line(EventRecord.json($0)).dropLast()) }
    }

    /// One compose in which an arch task took so many seconds.
    static func compose(_ number: Int, seconds: Double) -> [JournalEntry] {
        let start = Double(number) * 86_400
        let events: [(Double, ScheduleEvent)] = [
            (0, .planned(Story.planned)),
            (1, .submitting(Story.extra, Attempt(arches: ["x86_64"]), after: nil)),
            (2, .submitted(Story.extra, TaskID(number * 10))),
            (
                3,
                .observed([
                    Story.seen(
                        Story.extra, .closed,
                        [
                            Story.arch(
                                "x86_64", number * 10 + 1, .closed, started: start + 10, ended: start + 10 + seconds)
                        ])
                ])
            ),
            (100 + seconds, .collected(Story.extra, images: [CollectedImage](), missing: [:])),
        ]
        return events.map { JournalEntry(instant: Instant(seconds: start + $0), event: $1) }
    }

    @Test("arch tasks that ended well count from start to end, once each, and whole images from submit to compose")
    func durations() {
        var history = History()
        let twice = Story.entries + Story.entries.suffix(2)
        let taken = history.add(Self.lines(twice, isRehearsal: false), isRehearsal: false)
        #expect(taken)
        let estimates = history.estimates
        // x86_64 took 60 s; aarch64 and the other image failed.
        #expect(estimates.arches == [Story.raw: ["x86_64": 60]])
        #expect(estimates.images[Story.raw] == 100 && estimates.images.count == 1)
    }

    @Test("the estimate is the middle one of the last ten")
    func middle() {
        var history = History()
        // The old ones are far off, and one night was very slow.
        let nights = [9000, 9000, 9000] + [100, 110, 120, 130, 140, 150, 160, 170, 180, 5000] as [Double]
        for (number, seconds) in nights.enumerated().shuffled() {
            let taken = history.add(Self.lines(Self.compose(number + 1, seconds: seconds)), isRehearsal: nil)
            #expect(taken)
        }
        #expect(history.estimates.arches == [Story.extra: ["x86_64": 145]])
        #expect(history.estimates.images == [Story.extra: 243])
        #expect(history.sources == 13)
    }

    @Test("a rehearsal says nothing about real builds, nor the other way round")
    func rehearsals() {
        for (isMarked, says) in [(true, nil), (false, true)] as [(Bool, Bool?)] {
            var history = History()
            let lines = Self.lines(Story.entries, isRehearsal: says)
            let taken = history.add(lines, isRehearsal: false, isMarkedRehearsal: isMarked)
            #expect(!taken)
            #expect(history.estimates.isEmpty && history.sources == 0)
            let others = history.add(lines, isRehearsal: true, isMarkedRehearsal: isMarked)
            #expect(others)
            #expect(!history.estimates.isEmpty)
        }
    }

    @Test("torn lines, foreign lines and clocks that ran backwards do no harm")
    func damaged() {
        var history = History()
        var lines = Self.lines(Story.entries)
        lines.insert(Array(#"{"event": "observed", "tas"#.utf8), at: 3)
        lines.insert(nil, at: 4)
        lines.insert(Array(#"{"event": "comet", "time": 1}"#.utf8), at: 5)
        lines.insert(Array("[1, 2]".utf8), at: 6)
        let backwards = ScheduleEvent.observed([
            Story.seen(Story.iso, .closed, [Story.arch("x86_64", 77, .closed, started: 50, ended: 40)])
        ])
        lines += Self.lines([JournalEntry(instant: Instant(seconds: 1), event: backwards)])
        let taken = history.add(lines, isRehearsal: nil)
        #expect(taken)
        #expect(history.estimates.arches == [Story.raw: ["x86_64": 60]])
    }

    @Test("composes beside one are found: the newest of the same release, and not itself")
    func beside() throws {
        try Directory.with { top in
            func make(_ name: String, seconds: Double) throws {
                let logs = top.appendingPathComponent("\(name)/logs/global/phase-runner")
                try FileManager.default.createDirectory(at: logs, withIntermediateDirectories: true)
                let lines = Self.lines(Self.compose(1, seconds: seconds), isRehearsal: false)
                let text = lines.map { String(decoding: $0 ?? [], as: UTF8.self) + "\n" }.joined()
                try text.write(to: logs.appendingPathComponent("events.jsonl"), atomically: false, encoding: .utf8)
            }
            try make("Fedora-IoT-44-1", seconds: 10)
            try make("Fedora-IoT-44-2", seconds: 20)
            try make("Fedora-IoT-44-3", seconds: 999)
            try make("Rocky-9-1", seconds: 5000)
            try FileManager.default.createDirectory(
                at: top.appendingPathComponent("Fedora-IoT-empty"), withIntermediateDirectories: true)
            let own = top.appendingPathComponent("Fedora-IoT-44-3").path + "/"
            let history = History.beside(compose: own, releaseShort: "Fedora-IoT", isRehearsal: false)
            #expect(history.sources == 2)
            #expect(history.estimates.arches == [Story.extra: ["x86_64": 15]])
            let named = try History.load(
                paths: [
                    top.appendingPathComponent("Rocky-9-1").path,
                    top.appendingPathComponent("Fedora-IoT-44-1/logs/global/phase-runner/events.jsonl").path,
                ], isRehearsal: false)
            #expect(named.estimates.arches == [Story.extra: ["x86_64": 2505]])
            #expect(throws: History.Failure.self) { try History.load(paths: [top.path], isRehearsal: nil) }
        }
    }
}

/// A directory of a test's own.
enum Directory {
    static func with<Value>(_ body: (URL) throws -> Value) throws -> Value {
        let directory = make()
        defer { try? FileManager.default.removeItem(at: directory) }
        return try body(directory)
    }

    static func with<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
        let directory = make()
        defer { try? FileManager.default.removeItem(at: directory) }
        return try await body(directory)
    }

    private static func make() -> URL {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("progress-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        return directory
    }
}
