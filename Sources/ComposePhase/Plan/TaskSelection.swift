import ProductMD

/// Which images of a plan are to be built, on which arches: `IMAGE[,ARCH...]` of the command line.
package struct TaskSelection: Sendable, Hashable {
    /// A task's id, or the image's name; `*` stands for any text.
    package let image: String
    /// Empty for all.
    package let arches: [String]

    package init(_ text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        image = parts.first ?? ""
        arches = parts.dropFirst().filter { !$0.isEmpty }
    }

    /// All arches of an image; commas are part of its name.
    init(image: String) {
        self.image = image
        arches = []
    }

    /// Why a selection chooses nothing.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
        /// More than one image is meant where one is wanted.
        package var isAmbiguous = false
    }

    func names(_ task: ImageTask) -> Bool {
        let pattern = ShellPattern(image)
        return pattern.matches(task.id.text) || pattern.matches(RequestView(task).name)
    }
}

extension PhasePlan {
    /// The plan of only the images that are chosen, all of them scratch builds if wanted.
    ///
    /// - Throws: what was chosen and is not in the plan, all in one go, with what there is.
    package func selecting(
        _ selections: [TaskSelection], scratch: Bool
    ) throws(TaskSelection.Failure) -> PhasePlan {
        var plan = self
        if !selections.isEmpty {
            try checkNames(selections)
            plan.tasks = tasks.compactMap { task in
                let chosen = selections.filter { $0.names(task) }
                guard !chosen.isEmpty else { return nil }
                guard !chosen.contains(where: \.arches.isEmpty) else { return task }
                return task.narrowed(to: Set(chosen.flatMap(\.arches)))
            }
        }
        if scratch { plan.tasks = plan.tasks.map(\.asScratch) }
        return plan
    }

    private func checkNames(_ selections: [TaskSelection]) throws(TaskSelection.Failure) {
        var problems: [String] = []
        for selection in selections {
            let named = tasks.filter { selection.names($0) }
            if named.isEmpty {
                let all = tasks.map(\.id.text).joined(separator: "\n  ")
                problems.append("no image of the plan is called \(selection.image); there are:\n  \(all)")
            }
            let built = Set(named.flatMap { $0.arches.map(\.arch) })
            for arch in selection.arches where !named.isEmpty && !built.contains(arch) {
                problems.append(
                    "\(selection.image) is not built for \(arch), but for \(built.sorted().joined(separator: ", "))")
            }
        }
        if !problems.isEmpty { throw TaskSelection.Failure(description: problems.joined(separator: "\n")) }
    }
}

extension ImageTask {
    /// The task with fewer arches; nil if none is left.
    func narrowed(to wanted: Set<String>) -> ImageTask? {
        var task = self
        task.arches = arches.filter { wanted.contains($0.arch) }
        guard !task.arches.isEmpty else { return nil }
        task.failableArches = failableArches.filter { wanted.contains($0) }
        task.canFail = task.arches.allSatisfy(\.failable)
        task.params = params(for: Attempt(arches: task.arches.map(\.arch)))
        return task
    }

    /// The task as a scratch build: it spends no name-version-release, and nothing is tagged.
    fileprivate var asScratch: ImageTask {
        guard params.count == 6, case .object(var options) = params[5] else { return self }
        var task = self
        options["scratch"] = true
        task.params[5] = .object(options)
        return task
    }
}
