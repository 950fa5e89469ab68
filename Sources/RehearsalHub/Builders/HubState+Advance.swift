import Koji

/// The stand-in builders: everything that happens as time goes by.
extension HubState {
    /// Carries out all that is due up to `now`, each thing at its own time.
    package mutating func advance(to now: HubTime) {
        while let entry = agenda.take(dueAt: now) {
            clock = max(clock, entry.time)
            guard let task = task(entry.task), !task.state.isFinal else { continue }
            switch entry.step {
            case .assign: assign(task.id)
            case .open: open(task)
            case .finish: finish(task)
            case .resume: resume(task)
            case .lose: lose(task)
            }
        }
        clock = max(clock, now)
    }

    /// When something will happen next; nil if everything has ended or waits for ever.
    package var nextChange: HubTime? { agenda.nextTime }

    private mutating func open(_ task: HubTask) {
        guard task.state == .assigned else { return }
        move(task.id, to: .open)
        let now = clock
        update(task.id) { $0.started = now }
        switch task.method {
        case HubMethods.build:
            startBuild(task)
        case HubMethods.archBuild:
            writeOutputs([.rootLog, .mockLog], of: task.id)
            let isLost = failure(.host, name: task.image?.name ?? "", arch: task.arch) != nil
            schedule(isLost ? .lose : .finish, task.id, settings.times.build)
        case HubMethods.waitrepo:
            schedule(.finish, task.id, settings.times.repo)
        default:
            schedule(.finish, task.id, settings.times.other)
        }
    }

    /// The builder of an arch task is gone: as Koji frees such a task, it has no host any more and waits for another.
    private mutating func lose(_ task: HubTask) {
        guard task.state == .open else { return }
        move(task.id, to: .free)
        update(task.id) { $0.host = nil }
        release(task)
        schedule(.assign, task.id, settings.times.free)
    }

    private mutating func finish(_ task: HubTask) {
        guard task.state == .open else { return }
        switch task.method {
        case HubMethods.archBuild: finishArchBuild(task)
        case HubMethods.tag: finishTagging(task)
        case HubMethods.waitrepo: finishWaiting(task)
        default: end(task.id, .value(.null))
        }
        childEnded(of: task.parent)
    }

    /// Wakes the parent when all its children have ended.
    mutating func childEnded(of parent: TaskID?) {
        guard let parent, let task = task(parent), task.state == .open,
            task.children.allSatisfy({ self.task($0)?.state.isFinal ?? true })
        else { return }
        schedule(.resume, parent, settings.times.wrapUp)
    }

    private mutating func finishWaiting(_ task: HubTask) {
        if let tag = task.request.first?.wholeNumber, repo(tag: tag) == nil { addRepo(tag: tag) }
        end(task.id, .value(.null))
    }

    private mutating func finishTagging(_ task: HubTask) {
        guard let build = task.build, let name = self.build(id: build)?.name,
            let tag = task.request.first?.wholeNumber
        else { return end(task.id, .fault(.generic("No such build"))) }
        if let rule = failure(.tag, name: name) { return end(task.id, .fault(rule.fault)) }
        let event = nextEvent()
        update(build: build) { $0.tags.append((tag, event)) }
        end(task.id, .value(.null))
    }
}
