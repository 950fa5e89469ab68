import ComposePhase
import Koji

/// What a person reads when a run has ended: the images, what is missing, where everything lies.
enum RunReport {
    static func show(_ finished: ComposeRun.Finished, layout: ComposeLayout, isRehearsal: Bool) {
        if isRehearsal { print("REHEARSAL: nothing was built, no file below is an image") }
        print("compose: \(layout.top)")
        print("status:  \(finished.status.rawValue)")
        if !finished.images.isEmpty {
            print("")
            imageTable(finished.images).lines().forEach { print($0) }
        }
        let builds = finished.state.count
        print("")
        print(
            "\(counted(finished.images.count, "image")) of \(counted(builds, "task")); watched with"
                + " \(counted(finished.watching.requests, "request")) in \(counted(finished.watching.rounds, "round"));"
                + " in all \(counted(finished.cost.requests, "request")) to the hub,"
                + " \(readable(bytes: finished.cost.bytesReceived)) of answers")
        for line in troubles(finished.outcome) { Console.line(line) }
    }

    private static func imageTable(_ images: [CollectedImage]) -> TextTable {
        var table = TextTable(header: ["VARIANT", "ARCH", "SUBVARIANT", "TYPE", "SIZE", "TASK", "IMAGE"])
        table.rightAligned = [4, 5]
        table.rows = images.sorted { ($0.path) < ($1.path) }.map {
            [
                $0.variant, $0.arch, $0.subvariant, $0.type, readable(bytes: $0.size), $0.hubTask.description,
                $0.path.split(separator: "/").last.map(String.init) ?? $0.path,
            ]
        }
        return table
    }

    private static func troubles(_ outcome: ScheduleOutcome) -> [String] {
        var lines: [String] = []
        for (task, arch, failure) in outcome.missingArches {
            lines.append("missing, may fail: \(task) \(arch): \(failure)")
        }
        for (task, failure) in outcome.failedFailable { lines.append("failed, may fail:  \(task): \(failure)") }
        for (task, failure) in outcome.failedRequired { lines.append("FAILED, required:  \(task): \(failure)") }
        for task in outcome.unfinished { lines.append("not built:         \(task)") }
        for (task, hubTask, reason) in outcome.leftRunning {
            lines.append(
                "NOT CANCELED:      \(task), task \(hubTask): \(reason); cancel it with: koji cancel \(hubTask)")
        }
        for (task, remedy) in outcome.untagged { lines.append("NOT TAGGED:        \(task): \(remedy)") }
        if let reason = outcome.stopReason { lines.append("stopped: \(reason.sentence)") }
        return lines
    }
}
