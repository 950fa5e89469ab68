import ComposePhase
package import ProductMD

/// A compose that somebody wants, and how; what a client may say about it and nothing else.
package struct RunRequest: Sendable, Hashable {
    /// The configuration's real path, below one of the roots.
    package var config: String
    /// The name of a target.
    package var target: String
    package var type: String?
    package var label: String?
    package var hasNoLabel = false
    /// `YYYYMMDD`
    package var date: String?
    package var respin: Int?
    /// Only these images: `NAME[,ARCH...]`.
    package var only: [String] = []
    package var isScratch = false
    /// The path of a reviewed plan.
    package var plan: String?
    package var profile: String?
    /// The path of settings of runs.
    package var settings: String?
    package var keepsGoing = false
    package var failsOnIncomplete = false
    /// The release under which what failed is built again.
    package var newRelease: String?

    package init(config: String, target: String) {
        self.config = config
        self.target = target
    }

    static let types = ["production", "nightly", "test", "ci", "development"]

    // MARK: JSON

    package var json: JSONValue {
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        return [
            "config": .string(config), "target": .string(target), "type": text(type), "label": text(label),
            "no_label": .bool(hasNoLabel), "date": text(date), "respin": respin.map { .int($0) } ?? .null,
            "only": .array(only.map { .string($0) }), "scratch": .bool(isScratch), "plan": text(plan),
            "koji_profile": text(profile), "settings": text(settings), "keep_going": .bool(keepsGoing),
            "fail_on_incomplete": .bool(failsOnIncomplete), "new_release": text(newRelease),
        ]
    }

    /// What was kept of a request. Paths are not looked at again.
    package init?(kept value: JSONValue) {
        guard let config = value["config"]?.string, let target = value["target"]?.string else { return nil }
        self.init(config: config, target: target)
        type = value["type"]?.string
        label = value["label"]?.string
        hasNoLabel = value["no_label"]?.bool ?? false
        date = value["date"]?.string
        respin = value["respin"]?.int
        only = value["only"]?.array?.compactMap(\.string) ?? []
        isScratch = value["scratch"]?.bool ?? false
        plan = value["plan"]?.string
        profile = value["koji_profile"]?.string
        settings = value["settings"]?.string
        keepsGoing = value["keep_going"]?.bool ?? false
        failsOnIncomplete = value["fail_on_incomplete"]?.bool ?? false
        newRelease = value["new_release"]?.string
    }

    /// Reads what a client sends.
    ///
    /// - Throws: ``Problem`` 422 with everything that is wrong.
    package init(_ body: JSONValue, _ service: ServiceSettings) throws(Problem) {
        guard case .object(let members) = body else {
            throw .invalid([.init("", "must be an object with the members of a run")])
        }
        var reader = RequestReader(members: members)
        let roots = PathRoots(service.configRoots)
        let config = reader.path("config", below: roots, isRequired: true)
        let target =
            reader.word("target", of: service.targets.keys.sorted())
            ?? (service.targets.count == 1 ? service.targets.keys.first : nil)
        if target == nil, members["target"] == nil || members["target"] == .null {
            reader.complain(
                "target", "is missing; the targets are \(service.targets.keys.sorted().joined(separator: ", "))")
        }
        self.init(config: config ?? "", target: target ?? "")
        type = reader.word("type", of: Self.types)
        label = reader.text("label") { ComposeRequestRules.isLabel($0) ? nil : "is no label such as RC-1.2" }
        hasNoLabel = reader.flag("no_label")
        date = reader.text("date") {
            ComposeRequestRules.isDate($0) ? nil : "is no date: eight digits, YYYYMMDD"
        }
        respin = reader.number("respin", 0...100_000)
        only = reader.texts("only", atMost: 100)
        isScratch = reader.flag("scratch")
        plan = reader.path("plan", below: roots)
        profile = reader.word("koji_profile", of: service.profiles)
        settings = reader.path("settings", below: roots)
        keepsGoing = reader.flag("keep_going")
        failsOnIncomplete = reader.flag("fail_on_incomplete")
        if label != nil, hasNoLabel { reader.complain("no_label", "goes with no label") }
        if plan != nil, !only.isEmpty || isScratch {
            reader.complain("plan", "says all that is built, and goes with no 'only' or 'scratch'")
        }
        try reader.finish()
    }

    // MARK: Arguments

    /// The part of a command line that says which compose. Every value stands behind `=`, so that none is taken for an
    /// option.
    ///
    /// - Parameter service: knows the target's directory and the standing rules.
    func composeArguments(_ service: ServiceSettings) -> [String] {
        var arguments: [String] = []
        if let type { arguments.append("--\(type)") }
        if let label { arguments.append("--label=\(label)") }
        if hasNoLabel { arguments.append("--no-label") }
        if let date { arguments.append("--date=\(date)") }
        if let respin { arguments.append("--respin=\(respin)") }
        if let directory = service.targets[target]?.directory { arguments.append("--target-dir=\(directory)") }
        return arguments
    }

    /// Which images.
    var selectionArguments: [String] {
        only.map { "--only=\($0)" } + (isScratch ? ["--scratch"] : [])
    }

    /// Which hub.
    func hubArguments(_ service: ServiceSettings) -> [String] {
        var arguments: [String] = []
        if let profile = profile ?? service.profiles.first { arguments.append("--koji-profile=\(profile)") }
        if let file = service.kojiConfig { arguments.append("--koji-config=\(file)") }
        return arguments
    }

    /// What `run` and `resume` share.
    func runArguments(_ service: ServiceSettings) -> [String] {
        var arguments = ["--on-term=\(service.onStop.rawValue)"]
        if let file = settings ?? service.runSettings { arguments.append("--settings=\(file)") }
        if keepsGoing { arguments.append("--keep-going") }
        if failsOnIncomplete { arguments.append("--fail-on-incomplete") }
        return arguments
    }
}

/// What a compose may be called, as the command line has it.
enum ComposeRequestRules {
    static func isDate(_ text: String) -> Bool {
        text.utf8.count == 8 && text.utf8.allSatisfy { (48...57).contains($0) }
    }

    /// `NAME-N.N`; which names there are is the run's to say.
    static func isLabel(_ text: String) -> Bool {
        guard let dash = text.lastIndex(of: "-"), text.utf8.count <= 64 else { return false }
        let name = text[..<dash]
        let number = text[text.index(after: dash)...].split(separator: ".", omittingEmptySubsequences: false)
        return !name.isEmpty && name.utf8.allSatisfy { $0 < 128 && $0 > 32 && $0 != 47 } && number.count == 2
            && number.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
    }
}
