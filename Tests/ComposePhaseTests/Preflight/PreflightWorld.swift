import Koji
import ProductMD

@testable import ComposePhase

/// A small plan and a hub on which nothing is wrong with it.
enum PreflightWorld {
    static let minimal = task(
        "Spins/Fedora-Minimal/minimal-raw-xz", arches: ["aarch64"],
        options: ["release": .string("20261122.n.0"), "seed": .int(7), "repos": .array([.string("https://r/$arch")])])
    static let iot = task(
        "IoT/Fedora-IoT/iot-raw-xz", arches: ["x86_64", "aarch64"], failable: ["aarch64"],
        options: [
            "ostree": .object(["url": .string("https://o/repo"), "ref": .string("fedora/44/$arch/iot")]),
            "repos": .array([.string("/compose/compose/IoT/$arch/os")]),
        ])
    static let scratch = task(
        "IoT/Fedora-Test/iot-commit", arches: ["x86_64"], failable: ["x86_64"],
        options: ["scratch": .bool(true), "ostree": .object(["url": .string("https://o/repo"), "ref": .string("r")])])

    static let tasks = [minimal, iot, scratch]
    static let questions = PreflightQuestions(plan(tasks), ownRepositories: ["/compose/compose/"])

    static func plan(_ tasks: [ImageTask]) -> PhasePlan {
        PhasePlan(
            compose: PlannedCompose(
                id: "F-44-20261122.n.0", date: "20261122", type: "nightly", respin: 0, label: nil, releaseShort: "F",
                releaseVersion: "44"),
            tasks: tasks, skipped: [], diagnostics: [])
    }

    static func task(
        _ id: String, arches: [String], failable: [String] = [], options: [String: JSONValue]
    ) -> ImageTask {
        let parts = id.split(separator: "/").map(String.init)
        func texts(_ key: String) -> [String] {
            guard case .array(let items)? = options[key] else { return [] }
            return items.compactMap { if case .string(let text) = $0 { text } else { nil } }
        }
        var ref: String?
        if case .object(let ostree)? = options["ostree"], case .string(let text)? = ostree["ref"] { ref = text }
        return ImageTask(
            id: ImageTaskID(id), variant: parts[0], subvariant: parts[0], manifestType: nil,
            method: "imageBuilderBuild",
            params: [
                .string("f44-image-builder"), .array(arches.map { .string($0) }), .array([.string(parts[2])]),
                .string(parts[1]), .string("44"), .object(options),
            ], failableArches: failable, canFail: failable.count == arches.count,
            arches: arches.map { arch in
                ArchTask(
                    arch: arch, failable: failable.contains(arch),
                    repos: texts("repos").map { $0.replacing("$arch", with: arch) },
                    ostreeRef: ref?.replacing("$arch", with: arch), command: [])
            })
    }

    static var goodFacts: HubFacts {
        var facts = HubFacts()
        facts.version = .known("1.35.3")
        facts.methods = .known(["imageBuilderBuild", "getTaskInfo"])
        facts.user = .known(KojiUser(id: 3, name: "releng"))
        facts.mayBuild = .known(true)
        facts.unknownOptions = .known([])
        facts.channelIsEnabled = .known(true)
        for arch in ["x86_64", "aarch64"] { facts.builders[arch] = .known(.init(enabled: 3, ready: 2)) }
        facts.targets["f44-image-builder"] = .known(
            HubFacts.Target(
                buildTag: "f44-ib-build", destTag: "f44",
                tag: .known(
                    .init(
                        arches: ["x86_64", "aarch64"], newChroot: false, group: ["image-builder"], hasRepository: true)),
                packages: ["Fedora-Minimal": .known(.listed), "Fedora-IoT": .known(.listed)]))
        facts.releases = [minimal.id: .known(.build(nil)), iot.id: .known(.next("2"))]
        return facts
    }

    /// The same with the target changed.
    static func facts(target change: (inout HubFacts.Target) -> Void) -> HubFacts {
        var facts = goodFacts
        guard case .known(var target?)? = facts.targets["f44-image-builder"] else { return facts }
        change(&target)
        facts.targets["f44-image-builder"] = .known(target)
        return facts
    }

    /// The same with its build tag changed.
    static func facts(tag change: @escaping (inout HubFacts.BuildTag) -> Void) -> HubFacts {
        facts(target: { target in
            guard case .known(var tag) = target.tag else { return }
            change(&tag)
            target.tag = .known(tag)
        })
    }
}
