import ComposePhase
import Foundation
import ProductMD
import PungiConfig
import TestSupport
import Testing

/// Reading what Pungi's phase hands over.
@Suite("A handoff")
struct HandoffTests {
    /// A document with one variant, as JSON that tests change.
    static func document() -> [String: Any] {
        func places(_ kind: String) -> [String: Any] {
            ["x86_64": ["directory": "/c/compose/Minimal/x86_64/\(kind)", "path": "Minimal/x86_64/\(kind)"]]
        }
        return [
            "header": ["type": "phase-runner.handoff", "version": "1.0"],
            "payload": [
                "compose": [
                    "id": "Fedora-44-20261122.n.0", "date": "20261122", "type": "nightly", "respin": 0,
                    "label": NSNull(), "supported": false, "directory": "/c", "image_version": "44",
                    "image_release": "20261122.n.0",
                ],
                "config": [
                    "release_name": "Fedora", "release_short": "Fedora", "release_version": "44",
                    "koji_profile": "koji", "imagebuilder_target": "f44",
                    "translate_paths": [["/c", "http://composes.invalid"]],
                    "imagebuilder": ["^Minimal$": [["name": "Fedora-Minimal", "types": ["minimal-raw-xz"]]]],
                ],
                "variants": [
                    [
                        "uid": "Minimal", "id": "Minimal", "name": "Minimal", "type": "variant", "arches": ["x86_64"],
                        "parent": NSNull(), "is_empty": false, "repository": "/c/compose/Minimal/$arch/os",
                        "images": places("images"), "isos": places("iso"),
                    ] as [String: Any]
                ],
                "paths": ["koji_tasks": "/c/logs/global/koji-tasks", "log": "/c/logs/global"],
                "phases": ["skip": ["osbuild"], "just": []],
            ] as [String: Any],
        ]
    }

    static func read(_ document: Any) throws -> Handoff {
        let bytes = try JSONSerialization.data(withJSONObject: document, options: [.sortedKeys, .prettyPrinted])
        return try Handoff.read(Array(bytes), path: "handoff.json")
    }

    /// The document with another value at a path; nil takes the member out.
    static func changed(_ path: [String], _ value: Any?) -> [String: Any] {
        func change(_ node: Any, _ path: ArraySlice<String>) -> Any? {
            guard let name = path.first else { return value }
            if let index = Int(name), var items = node as? [Any] {
                items[index] = change(items[index], path.dropFirst()) ?? NSNull()
                return items
            }
            var members = node as? [String: Any] ?? [:]
            members[name] = change(members[name] ?? [String: Any](), path.dropFirst())
            return members
        }
        return change(document(), path[...]) as? [String: Any] ?? [:]
    }

    @Test("what Pungi resolved is taken as it is")
    func whole() throws {
        let handoff = try Self.read(Self.document())
        #expect(handoff.compose.id == "Fedora-44-20261122.n.0")
        #expect(handoff.layout == ComposeLayout(top: "/c"))
        let plan = handoff.plan(namesHub: false)
        #expect(plan.isRunnable, "\(plan.diagnostics)")
        #expect(plan.tasks.map(\.id.text) == ["Minimal/Fedora-Minimal/minimal-raw-xz"])
        #expect(plan.tasks.first?.arches.first?.repos == ["http://composes.invalid/compose/Minimal/x86_64/os"])
    }

    @Test("versions and releases of images are Pungi's")
    func names() throws {
        var document = Self.changed(["payload", "compose", "image_version"], "44_Own")
        var payload = document["payload"] as? [String: Any] ?? [:]
        var config = payload["config"] as? [String: Any] ?? [:]
        config["imagebuilder_release"] = "!RELEASE_FROM_LABEL_DATE_TYPE_RESPIN"
        payload["config"] = config
        document["payload"] = payload
        let handoff = try Self.read(document)
        #expect(handoff.compose.imageVersion == "44_Own")
        let params = handoff.plan(namesHub: false).tasks.first?.params ?? []
        #expect(params.dropFirst(4).first == "44_Own")
        #expect(params.last?["release"] == "20261122.n.0")
    }

    @Test("directories that a site has elsewhere are followed, and images.json says what Pungi would")
    func places() throws {
        let own: [String: Any] = ["x86_64": ["directory": "/other/pictures", "path": "x86_64/pictures"]]
        var document = Self.changed(["payload", "variants", "0", "images"], own)
        var payload = document["payload"] as? [String: Any] ?? [:]
        payload["paths"] = ["koji_tasks": "/other/tasks", "log": "/other/logs"]
        document["payload"] = payload
        let layout = try Self.read(document).layout
        #expect(layout.path("compose/x86_64/pictures/a.raw.xz") == "/other/pictures/a.raw.xz")
        #expect(layout.path("\(ComposeLayout.kojiTasks)/12") == "/other/tasks/12")
        #expect(layout.path("logs/global/imageBuilderBuild/x.log") == "/other/logs/imageBuilderBuild/x.log")
        #expect(layout.path(ComposeLayout.events) == "/c/\(ComposeLayout.events)")
        #expect(layout.path("compose/Minimal/x86_64/iso/a.iso") == "/c/compose/Minimal/x86_64/iso/a.iso")
    }

    @Test("children are found again below their parents, in Pungi's order")
    func children() throws {
        var document = Self.document()
        var payload = document["payload"] as? [String: Any] ?? [:]
        var variants = payload["variants"] as? [[String: Any]] ?? []
        var child = variants[0]
        child["uid"] = "Minimal-extras"
        child["id"] = "extras"
        child["type"] = "addon"
        child["parent"] = "Minimal"
        child["isos"] = ["x86_64": NSNull()]
        variants.append(child)
        payload["variants"] = variants
        document["payload"] = payload
        let handoff = try Self.read(document)
        #expect(handoff.variants.all.map(\.uid) == ["Minimal", "Minimal-extras"])
        #expect(handoff.variants["Minimal-extras"]?.parentUID == "Minimal")
        #expect(handoff.variants.topLevel.count == 1)
    }

    static var wrong: [(path: [String], value: Any?, words: String)] {
        [
            (["header", "type"], "productmd.images", "$.header.type: it is 'productmd.images'"),
            (["header", "version"], "2.0", "$.header.version: this program understands version 1.0"),
            (["header"], nil, "$.header: it is missing"),
            (["payload"], nil, "$.payload: it is missing"),
            (["payload"], [1], "$.payload: it is an array, not an object"),
            (["payload", "compose"], nil, "$.payload.compose: it is missing"),
            (["payload", "compose", "id"], "a/b", "$.payload.compose.id: 'a/b' is no id"),
            (["payload", "compose", "id"], 3, "$.payload.compose.id: it is a number, not a string"),
            (["payload", "compose", "date"], "2026", "$.payload.compose.date: '2026' is not eight digits"),
            (["payload", "compose", "type"], "fast", "$.payload.compose.type: 'fast' is not one of production"),
            (
                ["payload", "compose", "respin"], -1,
                "$.payload.compose.respin: it is a number, not a whole number from 0 up"
            ),
            (["payload", "compose", "label"], "Gamma-1", "$.payload.compose.label: "),
            (
                ["payload", "compose", "label"], false,
                "$.payload.compose.label: it is true or false, not a string or null"
            ),
            (["payload", "compose", "directory"], "c", "$.payload.compose.directory: 'c' is no absolute path"),
            (["payload", "compose", "image_version"], nil, "$.payload.compose.image_version: it is missing"),
            (
                ["payload", "compose", "labell"], "x",
                "$.payload.compose.labell: there is no such member; did you mean 'label'?"
            ),
            (["payload", "config", "release_short"], nil, "release_short"),
            (["payload", "config", "imagebuilder", "^Minimal$"], [["name": 3]], "imagebuilder.^Minimal$.0"),
            (["payload", "variants"], [String: Any](), "$.payload.variants: it is an object, not an array"),
            (["payload", "variants", "0"], "x", "$.payload.variants[0]: it is a string, not an object"),
            (["payload", "variants", "0", "type"], "odd", "$.payload.variants[0].type: 'odd' is not one of"),
            (
                ["payload", "variants", "0", "uid"], "..",
                "$.payload.variants[0].uid: '..' cannot be the name of a directory"
            ),
            (["payload", "variants", "0", "arches"], ["x", 1], "$.payload.variants[0].arches[1]: it is a number"),
            (
                ["payload", "variants", "0", "parent"], "Nobody",
                "$.payload.variants[0].parent: there is no variant Nobody"
            ),
            (
                ["payload", "variants", "0", "repository"], "os",
                "$.payload.variants[0].repository: 'os' is no absolute path"
            ),
            (
                ["payload", "variants", "0", "images", "x86_64", "path"], "../x",
                "$.payload.variants[0].images.x86_64.path: '../x' is no path below compose/"
            ),
            (["payload", "paths", "koji_tasks"], "x", "$.payload.paths.koji_tasks: 'x' is no absolute path"),
            (["payload", "paths"], nil, "$.payload.paths: it is missing"),
            (["payload", "phases", "skip"], ["imagebuilder"], "$.payload.phases: imagebuilder is skipped"),
            (["payload", "phases", "just"], ["osbuild"], "$.payload.phases: imagebuilder is skipped"),
        ]
    }

    @Test("what is wrong is told with its place", arguments: wrong.indices)
    func refused(_ index: Int) throws {
        let (path, value, words) = Self.wrong[index]
        let failure = #expect(throws: ConfigFailure.self) { try Self.read(Self.changed(path, value)) }
        let said = failure?.description ?? ""
        #expect(said.contains(words), "\(path): \(said)")
        #expect(failure?.diagnostics.allSatisfy { $0.location != nil } == true, "\(said)")
    }

    @Test("all that is wrong is told in one go")
    func together() throws {
        var document = Self.changed(["payload", "compose", "date"], "x")
        var payload = document["payload"] as? [String: Any] ?? [:]
        payload["paths"] = ["log": 3]
        document["payload"] = payload
        let failure = #expect(throws: ConfigFailure.self) { try Self.read(document) }
        #expect(failure?.diagnostics.count == 3, "\(String(describing: failure))")
    }

    @Test("a later version of the same kind may have members that are not known yet")
    func later() throws {
        var document = Self.changed(["payload", "compose", "mood"], "good")
        document["header"] = ["type": "phase-runner.handoff", "version": "1.1"]
        #expect(throws: Never.self) { try Self.read(document) }
    }

    @Test(
        "what is no JSON is refused with its line", arguments: ["", "{", "[]", "{\"a\": }", "null", "{\"header\": {}}"])
    func noJSON(_ text: String) throws {
        let failure = #expect(throws: ConfigFailure.self) { try Handoff.read(Array(text.utf8), path: "h.json") }
        #expect(failure?.description.contains("h.json:1") == true, "\(String(describing: failure))")
    }

    @Test("any damage is an error and never a crash")
    func damaged() throws {
        let bytes = Array(try JSONSerialization.data(withJSONObject: Self.document(), options: [.sortedKeys]))
        let seed = UInt64.random(in: 0...UInt64.max)
        print("handoff damage: seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<damaged.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: damaged[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: damaged.remove(at: place)
                default: damaged.insert(contentsOf: Array("[{\"x".utf8).shuffled(using: &generator), at: place)
                }
            }
            _ = try? Handoff.read(damaged, path: "h.json")
        }
    }
}
