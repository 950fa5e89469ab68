package import ProductMD
package import PungiConfig

/// What the command line says of the compose.
package struct ComposeRequest: Sendable, Hashable {
    package var type: ComposeType?
    package var label: String?
    /// A production compose is wanted without a label.
    package var hasNoLabel: Bool
    package var isSupported: Bool
    /// `YYYYMMDD`, local time.
    package var date: String
    package var respin: Int

    package init(
        type: ComposeType?, label: String?, hasNoLabel: Bool, isSupported: Bool, date: String, respin: Int
    ) {
        self.type = type
        self.label = label
        self.hasNoLabel = hasNoLabel
        self.isSupported = isSupported
        self.date = date
        self.respin = respin
    }
}

/// Which compose this is: id, date, type, respin, label, and what versions and releases are made of.
package struct ComposeIdentity: Sendable, Hashable {
    package let id: String
    package let date: String
    package let type: ComposeType
    package let respin: Int
    package let label: ComposeLabel?
    /// Whether the metadata call it final (a label of RC and later, or `--supported`).
    package let isFinal: Bool
    package let releaseShort: String
    package let releaseVersion: String
    /// What Pungi says that images are called; nil where it is ours to make.
    private var given: GivenNames?

    private struct GivenNames: Sendable, Hashable {
        let version: String
        let release: String
    }

    /// The command line and the config do not make a compose that Pungi would start.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// As pungi-koji: the type is the option's, else `compose_type`, else production; production needs a label.
    package init(settings: ComposeSettings, request: ComposeRequest) throws(Failure) {
        let type = request.type ?? settings.composeType.flatMap { ComposeType(rawValue: $0.value) } ?? .production
        var label: ComposeLabel?
        if let text = request.label {
            do {
                label = try ComposeLabel(text)
            } catch {
                throw Failure(
                    description: "label in unknown format: '\(text)'; it is NAME-N.N, where NAME is one of"
                        + " \(ComposeLabel.names.joined(separator: ", ")), e.g. RC-1.2")
            }
        }
        guard type != .production || label != nil || request.hasNoLabel else {
            throw Failure(
                description: "a production compose must have a label; give --label RC-1.2 (or another),"
                    + " --no-label, or another type such as --nightly")
        }
        self.type = type
        self.label = label
        date = request.date
        respin = request.respin
        isFinal = request.isSupported || (label?.isSupported ?? false)
        releaseShort = settings.releaseShort.value
        releaseVersion = settings.releaseVersion.value
        id = ComposeID.make(
            short: settings.releaseShort.value, version: settings.releaseVersion.value,
            releaseType: settings.releaseType,
            baseProduct: settings.baseProduct.map { (short: $0.short, version: $0.version, type: $0.type) },
            date: request.date, type: type, respin: request.respin)
    }

    /// The compose that Pungi made in a directory: its id, date, type, respin and label are those of its first run,
    /// whatever the command line says (`work/global/composeinfo-base.json`).
    package init(settings: ComposeSettings, adopting compose: ComposeInfoDocument.Compose) throws(Failure) {
        do {
            label = try compose.label.map { text throws(ComposeLabel.Invalid) in try ComposeLabel(text) }
        } catch {
            throw Failure(description: "the compose has a label in unknown format: '\(error.text)'")
        }
        guard let type = compose.type else {
            throw Failure(description: "the compose type \(compose.typeName) is not known")
        }
        self.type = type
        id = compose.id
        date = compose.date
        respin = compose.respin
        isFinal = compose.isFinal
        releaseShort = settings.releaseShort.value
        releaseVersion = settings.releaseVersion.value
    }

    /// The compose that a plan was made for.
    package init(settings: ComposeSettings, planned: PlannedCompose, isFinal: Bool) throws(Failure) {
        guard let type = ComposeType(rawValue: planned.type) else {
            throw Failure(description: "the compose type \(planned.type) is not known")
        }
        try self.init(
            settings: settings,
            adopting: .init(
                id: planned.id, date: planned.date, type: type, respin: planned.respin, label: planned.label,
                isFinal: isFinal))
    }

    /// The version of images that name none: the release's, with the milestone of a label before RC (`44_Beta`).
    package var imageVersion: String {
        if let given { return given.version }
        guard let label, label.name != "RC" else { return releaseVersion }
        return "\(releaseVersion)_\(label.name)"
    }

    /// The release of images that ask for the compose's: the label's version, else date, type and respin.
    package var imageRelease: String {
        if let given { return given.release }
        return label?.version ?? "\(date)\(type.suffix).\(respin)"
    }

    /// The compose, with versions and releases of images that another program made.
    package func calling(imageVersion: String, imageRelease: String) -> ComposeIdentity {
        var named = self
        named.given = GivenNames(version: imageVersion, release: imageRelease)
        return named
    }

    package var planned: PlannedCompose {
        PlannedCompose(
            id: id, date: date, type: type.rawValue, respin: respin, label: label?.description,
            releaseShort: releaseShort, releaseVersion: releaseVersion)
    }
}
