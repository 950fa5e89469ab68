package import ProductMD

/// What a ticket for a failed image has to say, for whoever is to look into it.
package struct FailureTicket: Sendable {
    package var compose: String
    package var directory: String
    package var weburl: String?
    package var isRehearsal: Bool
    package var task: ReportedTask
    /// The failures that the ticket is about: at least one.
    package var failures: [ReportedFailure]
    /// The end of the image's watch-task log.
    package var logTail: [String]
    package var lastGood: EarlierComposes.Search

    /// The image did not fail, so there is nothing to write a ticket about.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// So much of the log is shown.
    package static let lines = 15

    /// - Throws: ``Failure`` for an image that did not fail.
    package init(
        _ report: ComposeReport, _ subject: ReportSubject, logTail: [String], lastGood: EarlierComposes.Search
    ) throws(Failure) {
        guard let task = report.tasks.first(where: { $0.id == subject.task }) else {
            throw Failure(description: "there is no image \(subject.task) in \(report.compose)")
        }
        failures = report.failures.filter { failure in
            guard failure.task == subject.task else { return false }
            guard let arch = subject.arch, !failure.arches.isEmpty else { return true }
            return failure.arches.contains(arch)
        }
        guard !failures.isEmpty else {
            let place = subject.arch.map { " on \($0)" } ?? ""
            let reason = task.reason.map { " (\($0))" } ?? ""
            throw Failure(
                description: "\(subject.task) has not failed\(place): it is \(task.state.rawValue)\(reason);"
                    + " a ticket is for an image that failed")
        }
        self.task = task
        compose = report.compose
        directory = report.directory
        weburl = report.weburl
        isRehearsal = report.isRehearsal
        self.logTail = logTail
        self.lastGood = lastGood
    }

    /// The arches that failed; empty when it is the whole.
    package var arches: [String] { Set(failures.flatMap(\.arches)).sorted() }

    /// The ticket's title: `Fedora-IoT-44-20261122.n.0: IoT/Fedora-IoT-raw/iot-raw-xz failed on aarch64 (…)`.
    package var title: String {
        let arches = arches.isEmpty ? "" : " on \(arches.joined(separator: ", "))"
        let known = failures.lazy.compactMap(\.cause).first { $0.rule != FailureCause.unknownRule }
        let verb = failures.contains { $0.kind == "untagged" } ? "is not tagged" : "failed"
        return "\(compose): \(task.id) \(verb)\(arches)" + (known.map { " (\($0.rule))" } ?? "")
    }

    /// What to do, a sentence each: remedies first, then how to go on.
    package var advice: [String] {
        var advice: [String] = []
        for remedy in failures.compactMap({ $0.cause?.remedy }) where !advice.contains(remedy) { advice.append(remedy) }
        let resume = "phase-runner resume --retry-failed"
        let place = ShellText.quoted(directory)
        switch task.state {
        case _ where isRehearsal: break
        case .failed: advice.append("Once that is mended, build it again with: \(resume) \(place)")
        case .incomplete where task.isScratch: advice.append("Build the arch again with: \(resume) \(place)")
        case .incomplete:
            advice.append(
                "Its build is complete without the arch, so it can only be built anew, under another release:"
                    + " \(resume) --new-release RELEASE \(place)")
        default: break
        }
        return advice
    }

    package var json: JSONValue {
        [
            "header": ["type": "phase-runner.ticket", "version": "1.0"],
            "payload": [
                "title": .string(title), "compose": .string(compose), "directory": .string(directory),
                "rehearsal": .bool(isRehearsal), "task": .string(task.id.text),
                "arches": .array(arches.map { .string($0) }), "attempts": .int(task.attempt),
                "task_url": KojiPages.task(task.hubTask, at: weburl).map { .string($0) } ?? .null,
                "failures": .array(failures.map { $0.json(weburl: weburl) }),
                "advice": .array(advice.map { .string($0) }), "last_good": lastGoodJSON,
                "log": .array(logTail.map { .string($0) }),
            ],
        ]
    }

    private var lastGoodJSON: JSONValue {
        guard case .found(let good) = lastGood else { return .null }
        return [
            "compose": .string(good.compose), "directory": .string(good.directory),
            "hub_task": good.hubTask.map { .int($0) } ?? .null,
            "task_url": KojiPages.task(good.hubTask, at: good.weburl ?? weburl).map { .string($0) } ?? .null,
            "nvr": good.nvr.map { .string($0) } ?? .null,
        ]
    }
}
