package import ProductMD

extension ComposeReport {
    /// The document (docs/report.md); members are only ever added.
    package var json: JSONValue {
        [
            "header": ["type": "phase-runner.report", "version": "1.0"],
            "payload": [
                "compose": .string(compose), "directory": .string(directory), "label": Self.text(label),
                "rehearsal": .bool(isRehearsal), "stage": .string(stage.rawValue), "status": Self.text(status),
                "stop": Self.text(stop), "process": Self.text(process), "hub": Self.text(hub),
                "weburl": Self.text(weburl), "profile": Self.text(profile), "user": Self.text(user),
                "host": Self.text(host), "began": Self.number(began), "ended": Self.number(ended),
                "took": Self.number(took), "made": .double(made), "counts": countsJSON,
                "tasks": .array(tasks.map { $0.json(weburl: weburl) }),
                "failures": .array(failures.map { $0.json(weburl: weburl) }),
                "images": .array(images.map { $0.json(weburl: weburl) }),
                "previous": previousJSON,
                "toolchain": .object(toolchain.mapValues { .object($0.mapValues { .int($0) }) }),
                "repositories": .array(repositories.map(Self.json)),
                "freeze": freeze.map(Self.json) ?? .null, "deliverables": deliverablesJSON,
                "troubles": .array(troubles.map { .string($0) }),
            ],
        ]
    }

    private var countsJSON: JSONValue {
        [
            "all": .int(counts.all), "done": .int(counts.done), "incomplete": .int(counts.incomplete),
            "open": .int(counts.open), "queued": .int(counts.queued), "waiting": .int(counts.waiting),
            "failed_required": .int(counts.failedRequired), "failed_failable": .int(counts.failedFailable),
            "canceled": .int(counts.canceled), "left_running": .int(counts.leftRunning),
        ]
    }

    private var previousJSON: JSONValue {
        guard let previous else { return .null }
        return [
            "id": .string(previous.id), "directory": .string(previous.directory),
            "gone": .array(previous.gone.map { .string($0) }),
        ]
    }

    private var deliverablesJSON: JSONValue {
        guard let deliverables else { return .null }
        return [
            "required": .int(deliverables.required), "attempted": .int(deliverables.attempted),
            "failed": .int(deliverables.failed),
        ]
    }

    private static func json(_ repository: Repository) -> JSONValue {
        [
            "url": .string(repository.url), "revision": text(repository.revision), "images": .int(repository.images),
        ]
    }

    private static func json(_ freeze: ProvenanceDocument.Freeze) -> JSONValue {
        [
            "file": .string(freeze.file), "holds": .bool(freeze.holds),
            "deviations": .array(
                freeze.deviations.map {
                    [
                        "image": .string($0.image), "package": .string($0.package), "frozen": .string($0.frozen),
                        "installed": .string($0.installed),
                    ]
                }),
        ]
    }

    fileprivate static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    fileprivate static func number(_ number: Double?) -> JSONValue { number.map { .double($0) } ?? .null }
    fileprivate static func number(_ number: Int?) -> JSONValue { number.map { .int($0) } ?? .null }
}

extension ReportedTask {
    fileprivate func json(weburl: String?) -> JSONValue {
        [
            "id": .string(id.text), "state": .string(state.rawValue), "can_fail": .bool(canFail),
            "scratch": .bool(isScratch),
            "hub_task": ComposeReport.number(hubTask), "url": ComposeReport.text(KojiPages.task(hubTask, at: weburl)),
            "attempt": .int(attempt), "submitted": ComposeReport.number(submitted),
            "settled": ComposeReport.number(settled), "reason": ComposeReport.text(reason),
            "log": ComposeReport.text(log),
            "arches": .array(
                arches.map { arch in
                    [
                        "arch": .string(arch.arch), "state": .string(arch.state.rawValue),
                        "hub_task": ComposeReport.number(arch.hubTask),
                        "url": ComposeReport.text(KojiPages.task(arch.hubTask, at: weburl)),
                        "builder": ComposeReport.text(arch.builder), "started": ComposeReport.number(arch.started),
                        "ended": ComposeReport.number(arch.ended), "reason": ComposeReport.text(arch.reason),
                    ]
                }),
        ]
    }
}

extension ReportedFailure {
    package func json(weburl: String?) -> JSONValue {
        [
            "task": .string(task.text), "arches": .array(arches.map { .string($0) }), "required": .bool(isRequired),
            "kind": .string(kind), "message": .string(message), "url": ComposeReport.text(url),
            "cause": cause.map {
                [
                    "class": .string($0.kind.rawValue), "rule": .string($0.rule), "evidence": .string($0.evidence),
                    "remedy": ComposeReport.text($0.remedy),
                ]
            } ?? .null,
            "hub_task": ComposeReport.number(hubTask),
            "task_url": ComposeReport.text(KojiPages.task(hubTask, at: weburl)),
            "arch_tasks": .object(archTasks.mapValues { .int($0) }), "log": ComposeReport.text(log),
        ]
    }
}

extension ReportedImage {
    fileprivate func json(weburl: String?) -> JSONValue {
        var members: [String: JSONValue] = [
            "path": .string(path), "variant": .string(variant), "subvariant": .string(subvariant),
            "arch": .string(arch), "type": .string(type), "format": .string(format), "size": .int(size),
            "checksums": .object(checksums.mapValues { .string($0) }), "previous_size": .null,
            "is_new": .bool(change == .new), "made": .null,
        ]
        if case .from(let before) = change { members["previous_size"] = .int(before) }
        if let made {
            members["made"] = [
                "task": .string(made.task.text), "hub_task": .int(made.hubTask), "arch_task": .int(made.archTask),
                "url": ComposeReport.text(KojiPages.task(made.hubTask, at: weburl)), "nvr": .string(made.nvr),
                "build": ComposeReport.number(made.build),
                "build_url": ComposeReport.text(KojiPages.build(made.build, at: weburl)),
                "side_files": .array(made.sideFiles.map(\.json)), "origin": made.origin?.json ?? .null,
            ]
        }
        return .object(members)
    }
}
