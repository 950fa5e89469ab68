import Koji

/// Making tasks, and the ways from state to state.
extension HubState {
    /// Enters a new task; a builder takes it after the time in FREE.
    @discardableResult
    mutating func makeTask(
        method: String, request: [XMLRPCValue], owner: Int, priority: Int = 20, parent: TaskID? = nil,
        label: String? = nil, arch: String = "noarch", image: ImageBuild? = nil, build: Int? = nil
    ) -> TaskID {
        let id = TaskID(tasks.count + 1)
        var task = HubTask(
            id: id, parent: parent, method: method, arch: arch, label: label, owner: owner,
            channel: channel(named: "image")?.id ?? 1, priority: priority, created: clock, request: request)
        task.awaited = parent == nil ? nil : true
        task.image = image
        task.build = build
        tasks.append(task)
        statistics.tasks += 1
        if let parent { update(parent) { $0.children.append(id) } }
        perform(.log("\(clock.text) task \(id) \(describe(task)): FREE"))
        schedule(.assign, id, settings.times.free)
        return id
    }

    /// Enters a step of a task after a duration of `range`, which the seed picks.
    mutating func schedule(_ step: AgendaStep, _ id: TaskID, _ range: ClosedRange<Duration>) {
        var source = SplitMix(seed: settings.seed, id.number, step.number)
        agenda.add(step, id, at: clock + source.duration(in: range))
    }

    /// The task in words for the log: method, arch and what it builds.
    func describe(_ task: HubTask) -> String {
        let image = task.image.map { " (\($0.nvr), \($0.type))" } ?? ""
        return "\(task.method) (\(task.arch))\(image)"
    }

    /// Changes the state of a task and says so in the log.
    mutating func move(_ id: TaskID, to state: TaskState) {
        guard let task = task(id), task.state != state else { return }
        let host = task.host.flatMap { host in hosts.first { $0.id == host }?.name }
        let place = state == .assigned || state == .open ? host.map { " on \($0)" } ?? "" : ""
        perform(.log("\(clock.text) task \(id) \(describe(task)): \(task.state.name) -> \(state.name)\(place)"))
        count(task, from: task.state, to: state)
        let now = clock
        update(id) {
            $0.state = state
            if state.isFinal { $0.completed = now }
        }
    }

    /// Ends a task with a result; does nothing if it has ended.
    mutating func end(_ id: TaskID, _ result: HubTaskResult) {
        guard let task = task(id), !task.state.isFinal else { return }
        update(id) {
            $0.result = result
            if $0.waiting != nil { $0.waiting = false }
        }
        if case .fault = result { move(id, to: .failed) } else { move(id, to: .closed) }
        release(task)
    }

    /// Gives the place of an arch task to the next one that waits: smaller priority first, then the older.
    mutating func release(_ task: HubTask) {
        guard task.usesPlace, task.state == .assigned || task.state == .open else { return }
        let waiting = (queued[task.arch] ?? []).filter { self.task($0)?.state == .free }
        guard let next = waiting.min(by: { rank($0) < rank($1) }) else {
            queued[task.arch] = nil
            return
        }
        queued[task.arch] = waiting.filter { $0 != next }
        assign(next)
    }

    private func rank(_ id: TaskID) -> (Int, Int) { (task(id)?.priority ?? 0, id.number) }

    /// Gives a free task to the builder of its arch, or lets it wait while that builder is full.
    mutating func assign(_ id: TaskID) {
        guard let task = task(id), task.state == .free else { return }
        guard !hosts.isEmpty else {
            perform(.log("\(clock.text) task \(id) \(describe(task)): no builder at all, waits"))
            return
        }
        if task.usesPlace {
            guard hosts.contains(where: { $0.arch == task.arch }) else {
                perform(.log("\(clock.text) task \(id) \(describe(task)): no builder of arch \(task.arch), waits"))
                return
            }
            if let capacity = settings.capacity[task.arch], running[task.arch] ?? 0 >= capacity {
                queued[task.arch, default: []].append(id)
                return
            }
        }
        let host = host(arch: task.arch)?.id
        update(id) { $0.host = host }
        move(id, to: .assigned)
        schedule(.open, id, settings.times.assigned)
    }

    private mutating func count(_ task: HubTask, from old: TaskState, to new: TaskState) {
        if task.usesPlace {
            let was = old == .assigned || old == .open
            let step = (new == .assigned || new == .open ? 1 : 0) - (was ? 1 : 0)
            running[task.arch, default: 0] += step
            statistics.runningArchTasks += step
            statistics.mostRunningArchTasks = max(statistics.mostRunningArchTasks, statistics.runningArchTasks)
        } else if task.parent == nil {
            statistics.openBuilds += (new == .open ? 1 : 0) - (old == .open ? 1 : 0)
            statistics.mostOpenBuilds = max(statistics.mostOpenBuilds, statistics.openBuilds)
        }
    }

    /// The first rule that concerns a task and is not used up; it counts as used.
    mutating func failure(_ stage: FailureRule.Stage, name: String, arch: String? = nil) -> FailureRule? {
        for (index, rule) in settings.failures.enumerated() where rule.concerns(stage, name: name, arch: arch) {
            let used = failuresUsed[index] ?? 0
            if let times = rule.times, used >= times { continue }
            failuresUsed[index] = used + 1
            return rule
        }
        return nil
    }
}

extension HubTask {
    /// Arch tasks take a place on a builder; parents and tagging do not.
    var usesPlace: Bool { method == HubMethods.archBuild }
}

/// The methods of the tasks that the rehearsal hub runs.
enum HubMethods {
    static let build = "imageBuilderBuild"
    static let archBuild = "imageBuilderBuildArch"
    static let tag = "tagBuild"
    static let waitrepo = "waitrepo"
}

extension AgendaStep {
    fileprivate var number: Int {
        switch self {
        case .assign: 1
        case .open: 2
        case .finish: 3
        case .resume: 4
        case .lose: 5
        }
    }
}
