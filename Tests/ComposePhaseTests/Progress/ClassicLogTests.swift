import Foundation
import Koji
import Testing

@testable import ComposePhase

@Suite("Pungi's own log lines")
struct ClassicLogTests {
    static func log(
        _ entries: [JournalEntry], before: String = "", isEnded: Bool = true, remarks: [String] = []
    ) async throws -> String {
        try await Directory.with { top in
            let layout = ComposeLayout(top: top.path)
            try AtomicFile.makeDirectories(layout.path(ComposeLayout.globalLogs))
            let path = layout.path(ComposeLayout.pungiLog)
            if !before.isEmpty { try before.write(toFile: path, atomically: false, encoding: .utf8) }
            let log = ClassicLog(
                layout: layout, tasks: Story.tasks, remarks: remarks, stamp: { "2026-11-23 00:\(Int($0) / 60):00" })
            var state = ScheduleState()
            for entry in entries {
                _ = state.apply(entry.event, at: entry.instant)
                await log.scheduleChanged(state, by: entry.event, at: entry.instant)
            }
            if isEnded { await log.scheduleChanged(state, by: .ended, at: Instant(seconds: 1200.5)) }
            #expect(await log.trouble == nil)
            return try String(contentsOfFile: path, encoding: .utf8).replacingOccurrences(of: top.path, with: "TOP")
        }
    }

    @Test("a run begins, tells what failed and went on, and ends in Pungi's words, after what Pungi wrote")
    func run() async throws {
        let others = JournalEntry(instant: Instant(seconds: 1150), event: .stopRequested(.signal(2)))
        let text = try await Self.log(Story.entries + [others], before: "2026-11-22 23:59:59 [INFO    ] Pungi\n")
        let image = "imageBuilderBuild task for variant IoT, image IoT"
        #expect(
            text == """
                2026-11-22 23:59:59 [INFO    ] Pungi
                2026-11-23 00:16:00 [IMAGEBUILDER    ] [INFO    ] [BEGIN] ---------- PHASE: IMAGEBUILDER ----------
                2026-11-23 00:16:00 [IMAGEBUILDER    ] [INFO    ] [BEGIN] \(image)/Fedora-IoT-raw/iot-raw-xz
                2026-11-23 00:17:00 [IMAGEBUILDER    ] [INFO    ] \(image)/Fedora-IoT-raw/iot-raw-xz: task id 1
                2026-11-23 00:17:00 [IMAGEBUILDER    ] [INFO    ] [BEGIN] \(image)/Fedora-IoT-ostree/iot-installer
                2026-11-23 00:17:00 [IMAGEBUILDER    ] [INFO    ] \(image)/Fedora-IoT-ostree/iot-installer: task id 2
                2026-11-23 00:18:00 [IMAGEBUILDER    ] [ERROR   ] [FAIL] Imagebuilderbuild (variant IoT, arch *) failed, but going on anyway.
                2026-11-23 00:18:00 [IMAGEBUILDER    ] [ERROR   ] task 2 failed: `image-builder` failed
                more (https://koji/taskinfo?taskID=2)
                2026-11-23 00:18:00 [IMAGEBUILDER    ] [ERROR   ] [FAIL] Imagebuilderbuild (variant IoT, arch aarch64, subvariant IoT_Sub) failed, but going on anyway.
                2026-11-23 00:18:00 [IMAGEBUILDER    ] [ERROR   ] task 4 failed
                2026-11-23 00:18:00 [IMAGEBUILDER    ] [INFO    ] [DONE ] \(image)/Fedora-IoT-raw/iot-raw-xz (task id: 1)
                2026-11-23 00:19:00 [IMAGEBUILDER    ] [ERROR   ] stopping: SIGINT
                2026-11-23 00:20:00 [IMAGEBUILDER    ] [ERROR   ] ---------- PHASE: IMAGEBUILDER ---------- failed
                2026-11-23 00:20:00 [IMAGEBUILDER    ] [INFO    ] PHASE IMAGEBUILDER took 201 seconds

                """)
    }

    @Test("what is known before stands once, after the beginning of the phase")
    func remarks() async throws {
        let lines = try await Self.log(Story.entries, remarks: ["since X:", "  + a"]).split(separator: "\n")
        #expect(lines[1].hasSuffix("[INFO    ] since X:"))
        #expect(lines[2].hasSuffix("[INFO    ]   + a"))
        #expect(lines.count { $0.contains("since X") } == 1)
    }

    @Test("a run in which only failable things failed is done")
    func done() async throws {
        var entries = Story.entries
        entries[0].event = .planned(Array(Story.planned.prefix(2)))
        let text = try await Self.log(entries)
        #expect(text.contains("[INFO    ] [DONE ] ---------- PHASE: IMAGEBUILDER ----------\n"))
    }

    @Test("a run without images is skipped")
    func skipped() async throws {
        let text = try await Self.log([JournalEntry(instant: Instant(seconds: 60), event: .planned([]))])
        #expect(
            text
                == "2026-11-23 00:1:00 [IMAGEBUILDER    ] [WARNING ] [SKIP ] ---------- PHASE: IMAGEBUILDER ----------\n"
        )
    }

    @Test("a required image's failure names its task and where to look")
    func required() async throws {
        let failure = TaskFailure(kind: .failed, message: "boom")
        var entries = Array(Story.entries.prefix(9))
        entries.append(
            JournalEntry(instant: Instant(seconds: 1100), event: .observed([Story.seen(Story.raw, .failed)])))
        entries.append(
            JournalEntry(instant: Instant(seconds: 1100), event: .diagnosed(Story.raw, Diagnosis(failure))))
        let text = try await Self.log(entries, isEnded: false)
        #expect(
            text.hasSuffix(
                """
                [ERROR   ] imageBuilderBuild task failed: 1. See TOP/logs/global/imageBuilderBuild/IoT-1-Fedora-IoT-raw-iot-raw-xz-watch-task.log for details
                2026-11-23 00:18:00 [IMAGEBUILDER    ] [ERROR   ] boom

                """))
    }
}
