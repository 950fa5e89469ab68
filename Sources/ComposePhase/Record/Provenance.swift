import Koji
package import ProductMD

/// `imagebuilder-provenance.json`: which task and build each image came from.
package struct Provenance: Sendable {
    private let compose: ComposeIdentity
    private let hub: String
    private let isRehearsal: Bool
    private var images: [CollectedImage] = []

    package init(compose: ComposeIdentity, hub: String, isRehearsal: Bool) {
        self.compose = compose
        self.hub = hub
        self.isRehearsal = isRehearsal
    }

    package mutating func add(_ new: [CollectedImage]) { images += new }

    package var json: JSONValue {
        .object([
            "header": .object(["type": "phase-runner.imagebuilder-provenance", "version": "1.0"]),
            "payload": .object([
                "compose": .object([
                    "id": .string(compose.id), "date": .string(compose.date), "type": .string(compose.type.rawValue),
                    "respin": .int(compose.respin),
                ]),
                "hub": .string(hub),
                "rehearsal": .bool(isRehearsal),
                "images": .object(
                    Dictionary(images.map { ($0.path, entry($0)) }, uniquingKeysWith: { first, _ in first })),
            ]),
        ])
    }

    private func entry(_ image: CollectedImage) -> JSONValue {
        .object([
            "task": .int(image.hubTask.number), "arch_task": .int(image.archTask.number), "nvr": .string(image.nvr),
            "build": image.buildID.map { .int($0) } ?? .null, "source": .string(image.source),
            "plan_task": .string(image.task.text), "size": .int(image.size),
            "checksums": .object(image.checksums.mapValues { .string($0) }),
        ])
    }
}
