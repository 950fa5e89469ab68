import Foundation
import Koji
import ProductMD
import TestSupport
import Testing

@testable import ComposePhase

@Suite("What a run leaves in the logs")
struct EventLogTests {
    /// Runs the story into the logs of a compose, up to so many events.
    static func write(
        _ layout: ComposeLayout, events: [JournalEntry], journalled: [JournalEntry] = [], pid: Int = 42,
        isEnded: Bool = false
    ) async throws {
        let log = try EventLog(
            layout: layout, tasks: Story.tasks, identity: Story.identity(pid: pid), journalled: journalled,
            at: Instant(seconds: 3000), clock: { "@\(Int($0))" })
        var state = ScheduleState(replaying: journalled, policy: SchedulePolicy())
        for entry in events {
            _ = state.apply(entry.event, at: entry.instant)
            await log.scheduleChanged(state, by: entry.event, at: entry.instant)
        }
        if isEnded { await log.scheduleChanged(state, by: .ended, at: Instant(seconds: 4000)) }
        #expect(await log.trouble == nil)
    }

    static func read(_ layout: ComposeLayout) throws -> FollowedRun {
        var follower = EventsFollower(path: layout.path(ComposeLayout.events))
        _ = try follower.readOn()
        return follower.record
    }

    /// The parts of a state that a reader must get right.
    static func picture(_ state: ScheduleState) -> [TaskPhase] { state.progress.map(\.phase) }

    @Test("the first line names the run, the last one how it ended, and time passing is not written")
    func lines() async throws {
        try await Directory.with { top in
            let layout = ComposeLayout(top: top.path)
            let pause = JournalEntry(instant: Instant(seconds: 2000), event: .timePassed)
            try await Self.write(layout, events: Story.entries + [pause], isEnded: true)
            let text = try String(contentsOfFile: layout.path(ComposeLayout.events), encoding: .utf8)
            let lines = text.split(separator: "\n")
            #expect(lines.count == Story.entries.count + 2)
            let first = try JSONReader.read(Array(lines[0].utf8), name: "first")
            #expect(first["event"]?.string == "run" && RunIdentity(reading: first) == Story.identity())
            let last = try JSONReader.read(Array(lines[lines.count - 1].utf8), name: "last")
            #expect(last["event"]?.string == "ended" && last["status"]?.string == "DOOMED", "one image is not built")
            #expect(!text.contains("time-passed"))
            let ids = try FileManager.default.contentsOfDirectory(atPath: layout.path(ComposeLayout.kojiTasks))
            #expect(ids.sorted() == ["1", "2"])
        }
    }

    @Test("the log of an image reads as koji watch-task prints it, and is named for the image")
    func watchLog() async throws {
        try await Directory.with { top in
            let layout = ComposeLayout(top: top.path)
            try await Self.write(layout, events: Story.entries)
            let logs = layout.path("logs/global/imageBuilderBuild")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: logs).sorted() == [
                    "IoT-1-Fedora-IoT-raw-iot-raw-xz-watch-task.log",
                    "IoT-2-Fedora-IoT-ostree-iot-installer-watch-task.log",
                ])
            let raw = try String(
                contentsOfFile: "\(logs)/IoT-1-Fedora-IoT-raw-iot-raw-xz-watch-task.log", encoding: .utf8)
            #expect(
                raw == """
                    Task URL: https://koji/taskinfo?taskID=1
                    Watching tasks (this may be safely interrupted)...
                    1 imageBuilderBuild (noarch): free
                    1 imageBuilderBuild (noarch): free -> open (builder-0.example.org)
                      5 imageBuilderBuildArch (x86_64): free
                      4 imageBuilderBuildArch (aarch64): open (builder-aarch64.example.org)
                      5 imageBuilderBuildArch (x86_64): free -> open (builder-x86_64.example.org)
                      4 imageBuilderBuildArch (aarch64): open (builder-aarch64.example.org) -> FAILED
                      0 free  2 open  0 done  1 failed
                      5 imageBuilderBuildArch (x86_64): open (builder-x86_64.example.org) -> closed
                      0 free  1 open  1 done  1 failed
                    1 imageBuilderBuild (noarch): open (builder-0.example.org) -> closed
                      0 free  0 open  2 done  1 failed

                    1 imageBuilderBuild (noarch) completed successfully
                    @1120 collected compose/IoT/x86_64/images/a.raw.xz
                    @1120 missing aarch64: task 4 failed

                    """)
            let iso = try String(
                contentsOfFile: "\(logs)/IoT-2-Fedora-IoT-ostree-iot-installer-watch-task.log", encoding: .utf8)
            #expect(
                iso.hasSuffix(
                    """
                      6 imageBuilderBuildArch (x86_64): open (builder-x86_64.example.org) -> FAILED
                      0 free  1 open  0 done  1 failed
                    2 imageBuilderBuild (noarch): open (builder-0.example.org) -> FAILED: task 2 failed: `image-builder` failed
                    more
                      Relevant logs:
                      https://koji/taskinfo?taskID=2
                      0 free  0 open  0 done  2 failed

                    2 imageBuilderBuild (noarch) failed

                    """), "\(iso)")
        }
    }

    @Test("wherever a crash cut the file, what the next process writes makes it tell the true state")
    func everyCut() async throws {
        try await Directory.with { top in
            let whole = ComposeLayout(top: top.appendingPathComponent("whole").path)
            try await Self.write(whole, events: Story.entries)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: whole.path(ComposeLayout.events)))
            let truth = ScheduleState(replaying: Story.journalled, policy: SchedulePolicy())
            let seed = UInt64.random(in: 0...UInt64.max)
            var random = SeededGenerator(seed: seed)
            // Every line's end, and places within lines.
            var cuts = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.flatMap { [$0, $0 + 1] }
            cuts += (0..<60).map { _ in Int.random(in: 0..<bytes.count, using: &random) } + [0]
            for (number, cut) in cuts.enumerated() {
                let layout = ComposeLayout(top: top.appendingPathComponent("cut-\(number)").path)
                try AtomicFile.makeDirectories(layout.path("logs/global/phase-runner"))
                try bytes[..<cut].write(to: URL(fileURLWithPath: layout.path(ComposeLayout.events)))
                try await Self.write(layout, events: [], journalled: Story.journalled, pid: 43)
                let record = try Self.read(layout)
                #expect(Self.picture(record.state) == Self.picture(truth), "cut at \(cut), seed \(seed)")
                #expect(record.identity?.pid == 43 && record.unreadable <= 1, "cut at \(cut), seed \(seed)")
                let ids = try FileManager.default.contentsOfDirectory(atPath: layout.path(ComposeLayout.kojiTasks))
                #expect(ids.sorted() == ["1", "2"], "ids are there again")
            }
        }
    }

    @Test("a file with a gap, or with what the journal does not know, is written anew", arguments: [2, 5, 9])
    func gaps(without line: Int) async throws {
        try await Directory.with { top in
            let layout = ComposeLayout(top: top.path)
            var events = Story.entries
            events.remove(at: line)
            try await Self.write(layout, events: events)
            try await Self.write(layout, events: [], journalled: Story.journalled)
            // Once more: what was written anew is not written a third time.
            let size = try Data(contentsOf: URL(fileURLWithPath: layout.path(ComposeLayout.events))).count
            try await Self.write(layout, events: [], journalled: Story.journalled)
            let text = try String(contentsOfFile: layout.path(ComposeLayout.events), encoding: .utf8)
            #expect(text.utf8.count - size < 1000, "only another run line")
            let truth = ScheduleState(replaying: Story.journalled, policy: SchedulePolicy())
            let record = try Self.read(layout)
            #expect(Self.picture(record.state) == Self.picture(truth) && record.unreadable == 0)
            #expect(text.contains(#""event": "rewritten""#))
            #expect(record.runs.count == 3)
        }
    }

    @Test("a file is read in pieces of any size while it grows, and a line that is being written waits")
    func pieces() async throws {
        try await Directory.with { top in
            let layout = ComposeLayout(top: top.appendingPathComponent("whole").path)
            try await Self.write(layout, events: Story.entries, isEnded: true)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: layout.path(ComposeLayout.events)))
            let growing = top.appendingPathComponent("growing.jsonl")
            let seed = UInt64.random(in: 0...UInt64.max)
            var random = SeededGenerator(seed: seed)
            try Data().write(to: growing)
            let handle = try FileHandle(forWritingTo: growing)
            var follower = EventsFollower(path: growing.path)
            let isNew = try follower.readOn()
            #expect(!isNew)
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...700, using: &random))
                rest = rest.dropFirst(piece.count)
                try handle.write(contentsOf: piece)
                let hasLine = piece.contains(UInt8(ascii: "\n"))
                let isNew = try follower.readOn()
                #expect(isNew == hasLine, "seed \(seed)")
                #expect(follower.record.unreadable == 0, "seed \(seed)")
            }
            #expect(follower.record.ending?.status == .doomed)
            #expect(Self.picture(follower.record.state) == Self.picture(try Self.read(layout).state))
            // Somebody puts another file in its place.
            try bytes.prefix(bytes.count / 2).write(to: growing, options: .atomic)
            _ = try follower.readOn()
            #expect(follower.record.ending == nil && follower.record.runs.count == 1)
        }
    }

    @Test("events of a newer program, foreign members and foreign files are read past")
    func foreign() throws {
        var record = FollowedRun()
        for line in [
            #"{"event": "comet", "time": 5}"#, #"{"event": "submitted", "time": 5}"#, "nonsense", "", "[]",
            #"{"event": "run", "time": 7, "host": "h", "pid": 1, "new": [1]}"#,
        ] { record.take(Array(line.utf8)) }
        record.take(nil)
        #expect(record.unreadable == 4 && record.identity?.host == "h" && record.isEmpty)
        #expect(record.lastWritten == Instant(seconds: 7))
    }
}
