import ProductMD
import PungiConfig

/// Repositories, and the mappings that travel inside the call.
extension BlockFields {
    func repos() -> FieldExplanation {
        var sources: [ExplainedSource] = []
        if block.repos.isEmpty { sources.append(unset(.block, "repos")) }
        for repository in resolution.repos { sources.append(source(of: repository)) }
        let variant = planned.variant
        if !resolution.repos.contains(where: { $0.index == nil }) {
            let reason =
                variant.isEmpty ? "the variant is_empty, and has none of its own" : "the variant is in the list already"
            sources.append(
                ExplainedSource(
                    place: .variant, state: .notAsked, option: "", text: reason, location: variant.location))
        }
        return field("repos", .array(resolution.repos.map { .string($0.sent) }), sources)
    }

    private func source(of repository: ResolvedRepository) -> ExplainedSource {
        guard let index = repository.index else {
            return ExplainedSource(
                place: .variant, state: .used, option: "",
                text:
                    "the repository of \(repository.entry.value) itself: it is not in the list, and the variant not empty",
                location: planned.variant.location, steps: translation(repository))
        }
        let origin = origins.item(index, of: "repos", else: repository.entry.location)
        let option = "repos[\(index)]"
        return ExplainedSource(
            place: .block, state: .used, option: option,
            text: "\(option) = \(origin.expression ?? short(text(repository.entry.value)))", location: origin.location,
            steps: origin.steps + translation(repository))
    }

    /// From the name of a variant to a path, and from that to a URL.
    private func translation(_ repository: ResolvedRepository) -> [ExplainedStep] {
        var steps: [ExplainedStep] = []
        switch repository.source {
        case .url: return [step("url", "a URL is sent as it is")]
        case .path: break
        case .variant(let path): steps.append(step("path", "a variant, whose repository is \(path)"))
        }
        guard let index = repository.translation else {
            return steps + [step("path", "no prefix of translate_paths fits: the path is sent as it is")]
        }
        let pair = settings.translatePaths[index]
        let origin = origins.item(index, ofOption: "translate_paths")
        return steps + [
            ExplainedStep(
                kind: "translate", text: "translate_paths: \(pair.from) is \(pair.to)", location: origin.location,
                depth: 0),
            step("url", "sent: \(repository.sent)"),
        ]
    }

    func ostree() -> FieldExplanation { mapping("ostree", block.ostree, resolution.ostree) }
    func bootc() -> FieldExplanation { mapping("bootc", block.bootc, resolution.bootc) }
    func blueprint() -> FieldExplanation { mapping("blueprint", block.blueprint, resolution.blueprint) }

    /// The key itself, then whatever in it is not written out in its place.
    private func mapping(_ name: String, _ own: Located<ConfigDict>?, _ sent: JSONValue?) -> FieldExplanation {
        guard let own else { return field(name, nil, [unset(.block, name)]) }
        let origin = origins.key(name, else: own.location)
        // A dict that is written out is shown as the value; its expression would say it again.
        let isNamed = !(origin.expression?.hasPrefix("{") ?? true)
        var sources = [
            ExplainedSource(
                place: .block, state: .used, option: name,
                text: isNamed ? "\(name) = \(origin.expression ?? "")" : "\(name) is written out here",
                location: origin.location, steps: origin.steps)
        ]
        for part in origins.parts(of: name) {
            sources.append(
                ExplainedSource(
                    place: .block, state: .used, option: part.path,
                    text: "\(part.path) = \(part.origin.expression ?? "")",
                    location: part.origin.location, steps: part.origin.steps))
        }
        var field = field(name, sent, sources)
        if sent == nil { field.note = "an empty \(name) is not sent" }
        if name == "ostree", let ref = sent?["ref"]?.string, ref.contains("$arch") {
            field.note = "the builder replaces $arch in the ref"
        }
        return field
    }

    private func step(_ kind: String, _ text: String) -> ExplainedStep {
        ExplainedStep(kind: kind, text: text, location: nil, depth: 0)
    }
}
