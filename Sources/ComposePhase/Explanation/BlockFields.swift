import ProductMD
import PungiConfig

/// The fields of a task that comes from an `imagebuilder` block, each with where its value came from.
struct BlockFields {
    let planner: PhasePlanner
    let planned: PlannedTask
    let resolution: BlockResolution
    let origins: Origins

    static let names = [
        "name", "types", "target", "arches", "version", "release", "repos", "ostree", "bootc", "blueprint", "distro",
        "seed", "scratch", "skip_tag", "preview", "failable", "subvariant", "manifest_type",
    ]

    var block: ImageBuilderBlock { planned.block }
    var settings: ComposeSettings { planner.settings }

    /// All fields, in the order of ``names``.
    func all() -> [FieldExplanation] {
        [
            field("name", .string(block.name.value), [written("name", block.name)]),
            field(
                "types", .array(block.types.value.map { .string($0) }),
                [written("types", block.types.map(texts))]),
            target(), arches(), version(), release(), repos(), ostree(), bootc(), blueprint(), distro(), seed(),
            scratch(), flag("skip_tag", block.skipTag, sendsFalse: false),
            flag("preview", block.preview, sendsFalse: true), failable(), subvariant(), manifestType(),
        ]
    }

    // MARK: Options with fallbacks

    private func target() -> FieldExplanation {
        let options = resolution.target
        var field = field(
            "target", options.used.map { .string($0.value) }, fallbacks("target", options.map(text)))
        if options.used == nil { field.note = "no target is sent, and the hub refuses that" }
        return field
    }

    private func seed() -> FieldExplanation {
        let options = resolution.seed
        var field = field(
            "seed", resolution.sentSeed.map { .int($0) },
            fallbacks("seed", options.map { value(.int($0)) }))
        if options.used != nil, resolution.sentSeed == nil {
            field.note = "seed 0 is not sent: Pungi takes it for no seed"
        }
        return field
    }

    private func scratch() -> FieldExplanation {
        let options = resolution.scratch
        let isScratch = options.used?.value == true
        var field = field(
            "scratch", isScratch ? .bool(true) : nil, fallbacks("scratch", options.map { value(.bool($0)) }))
        if options.used != nil, !isScratch { field.note = "False is not sent: it is what the hub does anyway" }
        return field
    }

    /// The places where an option with fallbacks may stand: block, phase, global.
    func fallbacks(_ name: String, _ options: Fallback<ConfigValue>) -> [ExplainedSource] {
        let winner = options.place
        return [FallbackPlace.block, .phase, .global].map { place in
            let option = Self.option(name, at: place)
            let kind = Self.kind(place)
            guard let found = options[place] else { return unset(kind, option) }
            guard place == winner, let winner else {
                return shadowed(
                    kind, option, found,
                    by: winner.map { ($0 == .block ? "the block's " : "") + Self.option(name, at: $0) } ?? "")
            }
            return used(kind, option, found, origin(of: option, at: winner, else: found.location))
        }
    }

    private func origin(
        of option: String, at place: FallbackPlace, else location: SourceLocation
    ) -> Origins.Origin {
        place == .block ? origins.key(option, else: location) : origins.option(option)
    }

    private static func option(_ name: String, at place: FallbackPlace) -> String {
        switch place {
        case .block: name
        case .phase: "imagebuilder_\(name)"
        case .global: "global_\(name)"
        }
    }

    private static func kind(_ place: FallbackPlace) -> ExplainedSource.Place {
        switch place {
        case .block: .block
        case .phase: .phase
        case .global: .global
        }
    }

    // MARK: Options of the block only

    private func distro() -> FieldExplanation {
        guard let distro = block.distro else { return field("distro", nil, [unset(.block, "distro")]) }
        var field = field(
            "distro", distro.value.isEmpty ? nil : .string(distro.value), [written("distro", distro.map(text))])
        field.note = distro.value.isEmpty ? "an empty distro is not sent" : nil
        return field
    }

    private func flag(_ name: String, _ flag: Located<Bool>?, sendsFalse: Bool) -> FieldExplanation {
        guard let flag else { return field(name, nil, [unset(.block, name)]) }
        let isSent = flag.value || sendsFalse
        return field(name, isSent ? .bool(flag.value) : nil, [written(name, flag.map { value(.bool($0)) })])
    }

    private func subvariant() -> FieldExplanation {
        let own = block.subvariant
        let standard = ExplainedSource(
            place: .standard, state: own == nil ? .used : .notAsked, option: "",
            text: own == nil ? "the variant's uid, \(planned.variant.uid)" : "the variant's uid: not asked")
        return field(
            "subvariant", .string(planned.task.subvariant),
            [own.map { written("subvariant", $0.map(text)) } ?? unset(.block, "subvariant"), standard])
    }

    private func manifestType() -> FieldExplanation {
        guard let own = block.manifestType else {
            let told = ExplainedSource(
                place: .standard, state: .used, option: "", text: "told from the name of the file that is built")
            return field("manifest_type", nil, [unset(.block, "manifest_type"), told])
        }
        return field("manifest_type", .string(own.value), [written("manifest_type", own.map(text))])
    }

    // MARK: Sources

    func field(_ name: String, _ value: JSONValue?, _ sources: [ExplainedSource]) -> FieldExplanation {
        FieldExplanation(name: name, value: value, sources: sources)
    }

    /// A key that the block has.
    func written(_ name: String, _ value: Located<ConfigValue>) -> ExplainedSource {
        used(.block, name, value, origins.key(name, else: value.location))
    }

    private func written(_ name: String, _ own: Located<String>) -> ExplainedSource { written(name, own.map(text)) }

    func used(
        _ place: ExplainedSource.Place, _ option: String, _ value: Located<ConfigValue>, _ origin: Origins.Origin
    ) -> ExplainedSource {
        ExplainedSource(
            place: place, state: .used, option: option,
            text: "\(option) = \(origin.expression ?? short(value.value))",
            location: origin.location ?? value.location, steps: origin.steps)
    }

    func unset(_ place: ExplainedSource.Place, _ option: String) -> ExplainedSource {
        ExplainedSource(place: place, state: .notSet, option: option, text: "\(option): not set")
    }

    private func shadowed(
        _ place: ExplainedSource.Place, _ option: String, _ value: Located<ConfigValue>, by winner: String
    ) -> ExplainedSource {
        let origin = origins.option(option)
        return ExplainedSource(
            place: place, state: .shadowed, option: option,
            text: "\(option) = \(short(value.value)): shadowed by \(winner)",
            location: origin.location ?? value.location, steps: origin.steps)
    }

    // MARK: Values

    func short(_ value: ConfigValue) -> String { ConfigText.short(value, ExplainedStep.widest) }
    func text(_ text: String) -> ConfigValue { value(.string(text)) }
    func texts(_ texts: [String]) -> ConfigValue { value(.list(texts.map(text))) }

    /// A value whose place is told beside it.
    func value(_ kind: ConfigValue.Kind) -> ConfigValue { ConfigValue(kind, at: block.location) }
}
