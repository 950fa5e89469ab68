import ProductMD
import PungiConfig

/// Version and release: fallbacks, then what the compose has.
extension BlockFields {
    func version() -> FieldExplanation {
        versioned("version", resolution.version, own: planner.compose.imageVersion, ownParts: versionParts)
    }

    func release() -> FieldExplanation {
        var field = versioned(
            "release", resolution.release, own: planner.compose.imageRelease, ownParts: releaseParts)
        if resolution.release.way == .absent { field.note = "no release is sent: the hub takes its next one" }
        return field
    }

    private func versioned(
        _ name: String, _ resolved: ResolvedText, own: String, ownParts: [ExplainedSource]
    ) -> FieldExplanation {
        var sources = fallbacks(name, resolved.options.map { $0.map(text) ?? value(.none) })
        switch resolved.way {
        case .written:
            sources.append(compose(.notAsked, "the compose's \(name), \(own): not asked"))
        case .absent:
            sources.append(compose(.notAsked, "the compose's \(name), \(own): asked only where a release is set"))
        case .compose:
            let reason = resolved.options.place == nil ? "set nowhere" : "an empty value asks for it"
            sources.append(compose(.used, "the compose's \(name) is \(own): \(reason)"))
            sources += ownParts
        case .generated(let generator):
            sources.append(compose(.used, "\(generator.rawValue) is \(meaning(of: generator))"))
            sources += parts(of: generator)
        }
        return field(name, resolved.value.map { .string($0) }, sources)
    }

    /// What a generator stands for, in words and in values.
    private func meaning(of generator: VersionGenerator) -> String {
        switch generator {
        case .ostreeVersion: "the compose's version and release with a dot between them"
        case .release: "the compose's release"
        case .releaseFromDate: "the compose's date and respin"
        case .versionDateRespin: "release_version, the compose's date and respin"
        case .version: "release_version"
        }
    }

    private func parts(of generator: VersionGenerator) -> [ExplainedSource] {
        switch generator {
        case .ostreeVersion: versionParts + releaseParts
        case .release: releaseParts
        case .releaseFromDate: [dateAndRespin]
        case .versionDateRespin: [releaseVersion, dateAndRespin]
        case .version: [releaseVersion]
        }
    }

    // MARK: Parts

    /// The compose's version: the release's, with the milestone of a label before RC.
    private var versionParts: [ExplainedSource] {
        guard let label = planner.compose.label, label.name != "RC" else { return [releaseVersion] }
        return [releaseVersion, compose(.used, "the label \(label) adds its milestone, _\(label.name)")]
    }

    /// The compose's release: the label's version, else date, type and respin.
    private var releaseParts: [ExplainedSource] {
        guard let label = planner.compose.label else { return [dateTypeAndRespin] }
        return [compose(.used, "the label \(label) has the version \(label.version)")]
    }

    private var releaseVersion: ExplainedSource {
        used(
            .config, "release_version", settings.releaseVersion.map(text), origins.option("release_version"))
    }

    private var dateAndRespin: ExplainedSource {
        compose(.used, "date \(planner.compose.date), respin \(planner.compose.respin)")
    }

    private var dateTypeAndRespin: ExplainedSource {
        let compose = planner.compose
        let suffix = compose.type.suffix.isEmpty ? "" : " (\(compose.type.suffix))"
        return self.compose(
            .used, "no label; date \(compose.date), type \(compose.type.rawValue)\(suffix), respin \(compose.respin)")
    }

    private func compose(_ state: ExplainedSource.State, _ text: String) -> ExplainedSource {
        ExplainedSource(place: .compose, state: state, option: "", text: text)
    }
}
