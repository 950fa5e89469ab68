import Koji
package import ProductMD

/// `imagebuilder-provenance.json`: which task and build each image came from, with what and from what it was built, and
/// whether the freeze holds. See docs/provenance.md.
package struct Provenance: Sendable {
    private let compose: ComposeIdentity
    private let hub: String
    private let weburl: String?
    private let isRehearsal: Bool
    private let freeze: FreezeFile?
    private var images: [CollectedImage] = []

    /// - Parameters:
    ///   - hub: the URL of the hub's server; without secrets.
    ///   - weburl: of the hub's web pages; nil where it is not known.
    ///   - freeze: what the images are held against; nil where nothing is frozen.
    package init(
        compose: ComposeIdentity, hub: String, weburl: String? = nil, isRehearsal: Bool, freeze: FreezeFile? = nil
    ) {
        self.compose = compose
        self.hub = hub
        self.weburl = weburl
        self.isRehearsal = isRehearsal
        self.freeze = freeze
    }

    package mutating func add(_ new: [CollectedImage]) { images += new }

    package var json: JSONValue {
        .object([
            "header": .object(["type": "phase-runner.imagebuilder-provenance", "version": "1.1"]),
            "payload": .object([
                "compose": .object([
                    "id": .string(compose.id), "date": .string(compose.date), "type": .string(compose.type.rawValue),
                    "respin": .int(compose.respin),
                ]),
                "hub": .string(hub),
                "weburl": weburl.map { .string($0) } ?? .null,
                "rehearsal": .bool(isRehearsal),
                "images": .object(
                    Dictionary(images.map { ($0.path, entry($0)) }, uniquingKeysWith: { first, _ in first })),
                "freeze": freeze.map { FreezeVerdict($0, images).json } ?? .null,
            ]),
        ])
    }

    private func entry(_ image: CollectedImage) -> JSONValue {
        .object([
            "task": .int(image.hubTask.number), "arch_task": .int(image.archTask.number), "nvr": .string(image.nvr),
            "build": image.buildID.map { .int($0) } ?? .null, "archive": image.archiveID.map { .int($0) } ?? .null,
            "source": .string(image.source), "plan_task": .string(image.task.text),
            "variant": .string(image.variant), "subvariant": .string(image.subvariant), "arch": .string(image.arch),
            "type": .string(image.type), "format": .string(image.format), "size": .int(image.size),
            "checksums": .object(image.checksums.mapValues { .string($0) }),
            "side_files": .array(image.sideFiles.map(\.json)), "origin": image.origin?.json ?? .null,
        ])
    }
}

extension FreezeVerdict {
    var json: JSONValue {
        .object([
            "file": .string(file), "holds": .bool(holds),
            "deviations": .array(
                deviations.map {
                    .object([
                        "image": .string($0.image), "package": .string($0.deviation.package),
                        "frozen": .string($0.deviation.frozen),
                        "installed": $0.deviation.installed.map { .string($0) } ?? .null,
                    ])
                }),
        ])
    }
}
