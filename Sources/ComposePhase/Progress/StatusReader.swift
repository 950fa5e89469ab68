import ProductMD

/// Reads what a compose directory tells of its run, again and again: for `status`, and for the service.
package struct StatusReader: Sendable {
    private let layout: ComposeLayout
    private let plan: PhasePlan?
    private var follower: EventsFollower
    private var history: Estimates?
    private let paths: [String]
    private var stage: StatusReport.Stage?
    /// Whether anything happened since the report before.
    package private(set) var isChanged = false

    /// Why a run cannot be told of.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
        /// A history that was named is none; else there is no run, or it cannot be read.
        package var isOfHistory = false
    }

    /// - Parameters:
    ///   - directory: the compose directory.
    ///   - paths: where estimates come from; empty for the composes beside this one.
    package init(directory: String, history paths: [String] = []) throws(Failure) {
        layout = ComposeLayout(top: directory)
        guard AtomicFile.isDirectory(directory) else {
            throw Failure(description: "there is no directory \(directory)")
        }
        let hasEvents = AtomicFile.exists(layout.path(ComposeLayout.events))
        do {
            let path = layout.path(ComposeLayout.plan)
            plan = try AtomicFile.read(path).map { try PlanDocument.decode(try JSONReader.read($0, name: path)) }
        } catch let failure where !hasEvents {
            throw Failure(description: String(describing: failure))
        } catch {
            // The events alone tell what is needed.
            plan = nil
        }
        guard plan != nil || hasEvents else {
            throw Failure(
                description: "no run of phase-runner in \(directory): there is neither \(ComposeLayout.events) nor"
                    + " \(ComposeLayout.plan); name the directory of the compose itself")
        }
        follower = EventsFollower(path: layout.path(ComposeLayout.events))
        self.paths = paths
    }

    /// How it is now.
    package mutating func report() throws(Failure) -> StatusReport {
        let isNew: Bool
        do {
            isNew = try follower.readOn()
        } catch {
            throw Failure(description: error.description)
        }
        let now = SystemClock().now()
        var record = follower.record
        if record.isEmpty, let plan {
            var planned = FollowedRun(planned: plan.tasks.map { $0.scheduled(by: SchedulePolicy()) }, at: now)
            planned.takeProcesses(of: record)
            record = planned
        }
        let report = StatusReport(
            compose: plan?.compose.id ?? layout.top, directory: layout.top, record: record, lockOwner: lockOwner,
            life: { $0.life }, estimates: try estimates(for: record), now: now)
        isChanged = isNew || report.stage != stage
        stage = report.stage
        return report
    }

    /// One document on one line.
    package func line(_ report: StatusReport) -> String {
        String(decoding: JSONWriter.line(report.json).dropLast(), as: UTF8.self)
    }

    private var lockOwner: RunOwner? {
        let path = layout.path(ComposeLayout.lock)
        guard let bytes = (try? AtomicFile.read(path, limit: 64 << 10)) ?? nil,
            let value = try? JSONReader.read(bytes, name: path)
        else { return nil }
        return RunOwner(lock: value)
    }

    /// Read once: other composes do not change while one looks at this one.
    private mutating func estimates(for record: FollowedRun) throws(Failure) -> Estimates {
        if let history { return history }
        let isRehearsal =
            record.identity?.isRehearsal ?? AtomicFile.exists(layout.path(ComposeLayout.rehearsal))
        let read: History
        do {
            read =
                paths.isEmpty
                ? History.beside(
                    compose: layout.top, releaseShort: record.identity?.releaseShort ?? plan?.compose.releaseShort,
                    isRehearsal: isRehearsal)
                : try History.load(paths: paths, isRehearsal: isRehearsal)
        } catch {
            throw Failure(description: error.description, isOfHistory: true)
        }
        history = read.estimates
        return read.estimates
    }
}
