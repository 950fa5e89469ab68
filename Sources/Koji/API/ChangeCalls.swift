/// Canceling tasks and builds, and starting tasks again.
extension HubChange where Answer == Void {
    /// Cancels a task with its children, and the build that it makes (`cancelTask`).
    ///
    /// For owners and admins (1004 else); 1000 for an unknown task. A task that had ended already is no refusal: look
    /// again to see what came of it.
    package static func cancelTask(_ id: TaskID) -> Self {
        HubChange("cancelTask", [id.xmlrpc]) { _ throws(KojiFailure) in }
    }

    /// Sets the priority of a task and its children (`setTaskPriority`); smaller goes first, 20 is usual.
    ///
    /// For admins (1004 else); 1000 for a task that has ended.
    package static func setPriority(of id: TaskID, to priority: Int) -> Self {
        HubChange("setTaskPriority", [id.xmlrpc, .int(Int64(priority))]) { _ throws(KojiFailure) in }
    }
}

extension HubChange where Answer == Bool {
    /// Cancels a build by its name-version-release, with its task (`cancelBuild`); false if it was not being built.
    ///
    /// For owners and admins; 1000 for an unknown build.
    package static func cancelBuild(nvr: String) -> Self {
        HubChange("cancelBuild", [.string(nvr)], ["strict": .bool(true)]) { answer throws(KojiFailure) in
            try answer.bool()
        }
    }
}

extension HubChange where Answer == TaskID {
    /// Makes a new task with the request of one that failed or was canceled (`resubmitTask`).
    ///
    /// For owners and admins. 1000 for a child, and for a task that has not failed.
    package static func resubmit(_ id: TaskID) -> Self {
        HubChange("resubmitTask", [id.xmlrpc]) { answer throws(KojiFailure) in try answer.newTask() }
    }
}

extension KojiSession {
    /// Cancels tasks with their children, 100 in a request; a foreign or unknown one does not disturb the others.
    ///
    /// - Returns: the hub's refusal for each task that it did not take. A task that had ended already is no refusal: look
    ///   again to see what came of it.
    package func cancel(_ ids: [TaskID]) async throws(KojiFailure) -> [TaskID: XMLRPCFault] {
        var refusals: [TaskID: XMLRPCFault] = [:]
        for (id, result) in zip(ids, try await carryOutAll(ids.map { HubChange.cancelTask($0) })) {
            if case .failure(let failure) = result { refusals[id] = failure.fault }
        }
        return refusals
    }
}
