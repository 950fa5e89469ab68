package import Koji

/// Why a task failed: asks the hub for faults and logs, and the rules for the cause.
extension KojiTaskHub {
    package func diagnose(_ task: ImageTask, _ hubTask: TaskID, _ state: TaskState) async -> Diagnosis {
        let url = "\(session.hub.weburl)/taskinfo?taskID=\(hubTask)"
        do {
            var batch = HubBatch()
            let parentTicket = batch.add(.taskInfo(hubTask, request: true))
            let childrenTicket = batch.add(.children(of: hubTask))
            let answers = try await session.ask(batch)
            let request = try answers[parentTicket].get()?.request
            let children = try answers[childrenTicket].get()
            let arches = children.compactMap { child in
                child.label.flatMap {
                    isArch($0, of: task.id) ? Self.observation($0, child, [:]) : nil
                }
            }
            let failure: TaskFailure
            if state == .canceled {
                failure = Self.canceled(hubTask, url)
            } else {
                let found = try await diagnosis(of: hubTask, request, children)
                failure = TaskFailure(kind: .failed, message: found.message, url: url, cause: found.cause)
            }
            return Diagnosis(
                failure, arches: arches.sorted { $0.arch < $1.arch }, untagged: await untagged(hubTask, request))
        } catch  where state == .canceled {
            return Diagnosis(Self.canceled(hubTask, url))
        } catch {
            return Diagnosis(
                TaskFailure(
                    kind: .failed, message: "task \(hubTask) failed; why cannot be asked: \(error)", url: url))
        }
    }

    /// How to tag the complete build of a task that ended badly; nil where there is none.
    ///
    /// A cancellation, or a failure, between the last arch task's end and the tagging leaves the build COMPLETE.
    private func untagged(_ hubTask: TaskID, _ request: [XMLRPCValue]?) async -> String? {
        guard let nvr = await completeBuild(of: hubTask) else { return nil }
        let tag = await destinationTag(request)
        return "its build \(nvr) is complete and not tagged; tag it with: koji tag-build \(tag ?? "TAG") \(nvr)"
    }

    private static func canceled(_ hubTask: TaskID, _ url: String) -> TaskFailure {
        TaskFailure(
            kind: .canceledOnHub, message: "task \(hubTask) was canceled on the hub, not by this run", url: url)
    }

    private func diagnosis(
        of hubTask: TaskID, _ request: [XMLRPCValue]?, _ children: [TaskInfo]
    ) async throws(KojiFailure) -> TaskDiagnosis {
        let failed = children.filter { $0.state == .failed || $0.state == .canceled }.sorted { $0.id < $1.id }
        let results = try await session.results(of: [hubTask] + failed.filter { $0.state == .failed }.map(\.id))
        let ownFault = Self.fault(results[hubTask])
        if failed.map(\.method) == ["tagBuild"], let nvr = await completeBuild(of: hubTask) {
            let cause = TaskDiagnosis.onlyTagging(
                nvr: nvr, tag: await destinationTag(request), reason: Self.lastLine(ownFault))
            return TaskDiagnosis(task: hubTask, children: [], allArchesFailed: false, own: cause)
        }
        let failable = TaskDiagnosis.failableArches(request)
        var looked: [TaskDiagnosis.Child] = []
        for child in failed {
            let fault = child.state == .canceled ? "Task \(child.id) is canceled" : Self.fault(results[child.id])
            looked.append(await look(at: child, fault: fault, failable: failable))
        }
        // Arch tasks are those with a label, as tagging is.
        let arches = children.filter { $0.label != nil && $0.method != "tagBuild" }
        let allFailed = !arches.isEmpty && arches.allSatisfy { child in failed.contains { $0.id == child.id } }
        return TaskDiagnosis(
            task: hubTask, children: looked, allArchesFailed: allFailed,
            own: rules.judge(faults: [ownFault], logs: []))
    }

    private func look(at child: TaskInfo, fault: String, failable: Set<String>) async -> TaskDiagnosis.Child {
        let name = child.label ?? (child.arch == "noarch" ? child.method : child.arch)
        let tails = child.state == .canceled ? [] : await BuilderLogs(session: session).tails(of: child.id)
        let cause = rules.judge(faults: [fault], logs: tails)
        return TaskDiagnosis.Child(
            name: name, task: child.id, mayFail: failable.contains(name), reason: Self.lastLine(fault), cause: cause,
            log: logURL(of: child.id, tails: tails, fault: fault, cause: cause))
    }

    /// The log that the evidence stands in, else the one that the fault names, else the one that most likely tells.
    private func logURL(
        of child: TaskID, tails: [(name: String, tail: String)], fault: String, cause: FailureCause
    ) -> String? {
        guard !session.hub.topurl.isEmpty else { return nil }
        let isIn = { (tail: String) in
            tail.split(whereSeparator: \.isNewline).contains { EvidenceLine.cleaned(String($0)) == cause.evidence }
        }
        let log = tails.first { isIn($0.tail) } ?? tails.first { fault.contains($0.name) } ?? tails.first
        return log.map {
            "\(session.hub.topurl)/\(PathInfo.percentEncoded(PathInfo.taskFile(child, name: $0.name)))"
        }
    }

    /// The name, version and release of the complete build of a task; nil if there is none.
    private func completeBuild(of hubTask: TaskID) async -> String? {
        let builds = try? await session.builds(of: hubTask)
        return builds?.first { $0.state == .complete }?.nvr
    }

    private func destinationTag(_ request: [XMLRPCValue]?) async -> String? {
        guard case .string(let target)? = request?.first else { return nil }
        return (try? await session.ask(.buildTarget(target)))??.destTag
    }

    private static func fault(_ result: TaskResult?) -> String {
        guard case .fault(let fault)? = result else { return "no reason is recorded" }
        return fault.text.isEmpty ? "fault \(fault.code)" : fault.text
    }

    /// The last line of a fault that is not blank: of a traceback that is the message.
    private static func lastLine(_ fault: String) -> String {
        let line = fault.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
        return EvidenceLine.cleaned(line.map(String.init) ?? "no reason is recorded")
    }
}
