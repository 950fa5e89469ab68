import ComposePhase
import ProductMD
import PungiConfig

/// One side of a comparison.
struct ComparedPlan {
    /// What it is called: a path, `REV:path`.
    let name: String
    let plan: PhasePlan
    /// Whether it was a plan already, and not a configuration.
    let isDocument: Bool

    /// Where a side comes from.
    struct Place {
        let path: String
        /// The git revision that the path is of.
        let revision: GitRevision?

        var name: String { revision?.shownConfig ?? path }
    }

    /// Loads both sides. Everything that is wrong with both is said before the verb ends with 2.
    static func load(
        _ old: Place, _ new: Place, _ options: ComposeOptions
    ) throws -> (old: ComparedPlan, new: ComparedPlan) {
        var inputs: [Input] = []
        for place in [old, new] {
            if let input = try Input(place) { inputs.append(input) }
        }
        guard inputs.count == 2 else { throw VerbFailure(.invalid) }
        let plans = try inputs.indices.map { try inputs[$0].plan(beside: inputs[1 - $0], options) }
        // The complaints about the old one are not what changes.
        if !inputs[1].isDocument { new.show(plans[1].plan.diagnostics.filter { $0.severity == .error }) }
        return (plans[0], plans[1])
    }
}

/// What was read of one side.
private struct Input {
    let place: ComparedPlan.Place
    let content: Content

    enum Content {
        case document(PhasePlan)
        case config(ConfigInput.Loaded)
    }

    var isDocument: Bool { if case .document = content { true } else { false } }

    /// Nil for a configuration that is not valid; what is wrong has been said.
    init?(_ place: ComparedPlan.Place) throws {
        self.place = place
        if let plan = try Self.document(place) {
            content = .document(plan)
            return
        }
        do {
            content = .config(try ConfigInput.read(place.path))
        } catch {
            place.show(error.diagnostics)
            return nil
        }
    }

    /// Nil for a configuration. `*.conf` is always one, else the content tells.
    private static func document(_ place: ComparedPlan.Place) throws -> PhasePlan? {
        guard !place.path.hasSuffix(".conf") else { return nil }
        let bytes: [UInt8]
        do {
            bytes = try DiskFileSource().read(path: place.path, limit: PlanDocument.mostBytes)
        } catch {
            throw VerbFailure(.invalid, "cannot read \(place.name): \(error.reason)")
        }
        do {
            guard bytes.firstRange(of: Array(PlanDocument.type.utf8)) != nil else { return nil }
            return try PlanDocument.read(bytes, name: place.name)
        } catch {
            throw VerbFailure(.invalid, String(describing: error))
        }
    }

    func plan(beside other: Input, _ options: ComposeOptions) throws -> ComparedPlan {
        switch content {
        case .document(let plan): return ComparedPlan(name: place.name, plan: plan, isDocument: true)
        case .config(let loaded):
            let identity = try identity(loaded, beside: other, options)
            let plan = ConfigInput.plan(
                loaded, identity, directory: options.directory(for: identity.id), namesHub: true)
            return ComparedPlan(name: place.name, plan: plan, isDocument: false)
        }
    }

    /// The compose that a configuration is planned for: what the command line says, else that of the plan on the other
    /// side, else today's. A label is never asked for: no compose is made.
    private func identity(
        _ loaded: ConfigInput.Loaded, beside other: Input, _ options: ComposeOptions
    ) throws -> ComposeIdentity {
        var request = options.request()
        if case .document(let plan) = other.content {
            if options.type == nil { request.type = ComposeType(rawValue: plan.compose.type) }
            if options.label == nil, !options.noLabel { request.label = plan.compose.label }
            if options.date == nil { request.date = plan.compose.date }
            if options.respin == nil { request.respin = plan.compose.respin }
        }
        request.hasNoLabel = true
        return try ConfigInput.compose(loaded.settings, request)
    }
}

extension ComparedPlan.Place {
    /// Shows complaints under the name that the place has for the user.
    fileprivate func show(_ diagnostics: [Diagnostic]) {
        guard let revision else { return DiagnosticPrinter.show(diagnostics) }
        var sources = SourceLines()
        DiagnosticPrinter.show(
            diagnostics.map { diagnostic in
                var shown = diagnostic
                // The line is of a file that will be gone.
                if shown.sourceLine == nil { shown.sourceLine = sources.line(at: shown.location) }
                shown.location = shown.location.map {
                    SourceLocation(file: revision.shown($0.file), line: $0.line, column: $0.column)
                }
                shown.message = revision.shown(shown.message)
                shown.notes = shown.notes.map(revision.shown)
                shown.fix = shown.fix.map(revision.shown)
                return shown
            })
    }
}
