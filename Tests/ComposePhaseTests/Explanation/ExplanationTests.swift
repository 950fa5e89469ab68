import ComposePhase
import Foundation
import ProductMD
import PungiConfig
import TestSupport
import Testing

@Suite("Explanations")
struct ExplanationTests {
    /// What a task says of a field: read from the call, and not by the way that the explanation takes.
    private static func value(of field: String, in task: ImageTask) -> JSONValue? {
        func filled(_ value: JSONValue?) -> JSONValue? { value == .null ? nil : value }
        switch field {
        case "target": return filled(task.params[0])
        case "arches": return task.params[1]
        case "types": return task.params[2]
        case "name": return task.params[3]
        case "version": return task.params[4]
        case "subvariant": return .string(task.subvariant)
        case "manifest_type": return task.manifestType.map { .string($0) }
        case "failable":
            return task.failableArches.isEmpty ? nil : .array(task.failableArches.map { .string($0) })
        default: return task.params[5][field]
        }
    }

    /// Every field of every task, explained and planned.
    private static func check(_ explainer: PlanExplainer, _ name: String) throws -> Int {
        let plan = explainer.plan
        for task in plan.tasks {
            let names = PlanExplainer.fieldNames.filter { $0 != "command" }
            let explanation = try #require(explainer.explain(task.id, fields: names), "\(name): \(task.id)")
            #expect(explanation.task == task, "\(name)")
            #expect(explanation.fields.map(\.name) == names, "\(name): \(task.id)")
            for field in explanation.fields {
                let explained = field.name == "failable" && field.value == .array([]) ? nil : field.value
                #expect(explained == value(of: field.name, in: task), "\(name): \(task.id) \(field.name)")
                let fallbacks = field.sources.filter { [.phase, .global].contains($0.place) }
                guard !fallbacks.isEmpty else { continue }
                // The first that is set is used, and all behind it that are set are shadowed.
                let states = field.sources.filter { [.block, .phase, .global].contains($0.place) }.map(\.state)
                let set = states.filter { $0 != .notSet }
                #expect(
                    states.count == 3 && set == (set.isEmpty ? [] : [.used] + set.dropFirst().map { _ in .shadowed }))
                #expect(field.sources.allSatisfy { $0.state == .notSet || $0.place == .compose || $0.location != nil })
            }
            let command = try #require(explainer.explain(task.id)?.command)
            #expect(command.arches.map(\.words) == task.arches.map(\.command))
        }
        return plan.tasks.count
    }

    @Test("explained values are those of the plan, in the cases of the real Pungi", .needsShared)
    func pungiCases() throws {
        var tasks = 0
        for run in PungiCasesTests.runs where run.status == 0 {
            let config = run.folder.appendingPathComponent(run.config).path
            let document = try ConfigDocument.load(path: config, tracing: true)
            guard let planner = try? PungiCasesTests.planner(run, document, composeDirectory: "/c") else { continue }
            tasks += try Self.check(PlanExplainer(planner: planner, document: document), run.testDescription)
        }
        #expect(tasks > 80)
    }

    @Test("explained values are those of the plan, for blocks made at random")
    func random() throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        var random = SeededGenerator(seed: seed)
        var tasks = 0
        for _ in 0..<60 {
            var world = PlanWorld(Self.section(&random))
            world.label = Bool.random(using: &random) ? ["RC-1.2", "Beta-1.1"].randomElement(using: &random) : nil
            let (planner, document) = try world.planner(tracing: Bool.random(using: &random))
            tasks += try Self.check(
                PlanExplainer(planner: planner, document: document), "seed \(seed)\n\(world.config)")
        }
        #expect(tasks > 60)
    }

    /// Blocks and fallbacks, with values that are written out, formatted, or variables.
    private static func section(_ random: inout SeededGenerator) -> String {
        func choose<T>(_ list: [T]) -> T { list[Int.random(in: 0..<list.count, using: &random)] }
        let values = [
            "target": ["\"t\"", "word", "'%s-t' % word"],
            "version": ["\"1\"", "\"\"", "\"!VERSION_FROM_VERSION\"", "word", "\"!RELEASE_FROM_DATE_RESPIN\""],
            "release": ["\"1\"", "\"\"", "\"!RELEASE_FROM_LABEL_DATE_TYPE_RESPIN\"", "word"],
            "seed": ["0", "5", "number"], "scratch": ["True", "False"],
        ]
        let own = [
            "arches": ["[\"x86_64\"]", "[\"x86_64\", \"aarch64\"]", "[\"s390x\", \"x86_64\"]"],
            "repos": ["[\"Everything\"]", "[\"https://e/$arch\", \"/mnt/x\"]", "repositories", "[]"],
            "ostree": ["{\"ref\": word, \"url\": \"https://o\"}", "tree", "{}"],
            "blueprint": ["{\"a\": [word, {\"b\": number}]}", "{}"],
            "failable": ["[\"*\"]", "[\"x86_64\"]", "[\"*\", \"aarch64\"]", "[]"],
            "subvariant": ["word"], "manifest_type": ["\"raw-xz\""], "distro": ["\"fedora-44\"", "\"\""],
            "preview": ["True", "False"], "skip_tag": ["True", "False"],
        ]
        var text = """
            word = "w"
            number = 3
            repositories = ["Server", word_url]
            tree = {"ref": "r/$arch", "url": "https://o", "parent": '%s/p' % word}
            translate_paths = [("/c", "https://c.example")]

            """
        text = "word_url = \"https://w\"\n" + text
        for (key, choices) in values.sorted(by: { $0.key < $1.key }) {
            for prefix in ["imagebuilder_", "global_"] where Bool.random(using: &random) {
                text += "\(prefix)\(key) = \(prefix == "global_" && key == "release" ? "None" : choose(choices))\n"
            }
        }
        let blocks = (0..<3).map { index in
            var block = "{\"name\": \"image\(index)\", \"types\": [\"minimal-raw-xz\"]"
            for (key, choices) in values.merging(own, uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key })
            where Int.random(in: 0..<3, using: &random) == 0 {
                block += ", \"\(key)\": \(choose(choices))"
            }
            return block + "}"
        }
        return text + "some_block = \(blocks[0])\n"
            + "imagebuilder = {\"^(IoT|Server)$\": [some_block, \(blocks[1])], \"^Everything$\": [\(blocks[2])]}\n"
    }

    // MARK: What is said

    @Test("a configuration in JSON is explained by places alone")
    func json() throws {
        let text = """
            {"release_name": "F", "release_short": "F", "release_version": "44", "variants_file": "variants.xml",
            "pkgset_source": "koji", "pkgset_koji_tag": "f44", "gather_method": "nodeps", "koji_profile": "koji",
            "imagebuilder_target": "t", "imagebuilder": {"^IoT$": [{"name": "a", "types": ["q"],
            "ostree": {"ref": "r"}, "repos": ["https://e"]}]}}
            """
        let document = try ConfigDocument.parse(bytes: Array(text.utf8), path: "f.json")
        #expect(document.trace == nil)
        let (settings, _) = try SettingsReader.read(document)
        let explainer = PlanExplainer(planner: try PlanWorld.planner(settings), document: document)
        #expect(try Self.check(explainer, "json") == 1)
        let target = try #require(explainer.explain(ImageTaskID("IoT/a/q"), fields: ["target"])?.fields.first)
        #expect(target.sources[1].text == "imagebuilder_target = \"t\"")
        #expect(target.sources[1].location?.description == "f.json:3:1")
    }

    enum Choice: Sendable {
        case found(String)
        /// How the complaint begins.
        case missed(String)
    }

    static let choices: [(String, Choice)] = [
        ("IoT/a/q", .found("IoT/a/q")), ("a", .found("IoT/a/q")), ("*/b*", .found("Server/bb/q")),
        ("Server", .found("Server/bb/q")),
        ("bb,x", .missed("no image of the plan is called bb,x")),
        (
            "*",
            .missed("* may be any of these images; give the whole id:\n  IoT/a/q\n  Server/bb/q")
        ),
        ("bbb", .missed("no image of the plan is called bbb; did you mean bb?\nthere are:")),
        ("", .missed("no image of the plan is called ")),
        ("left", .missed("no image of the plan is called left; left is skipped for IoT: none of")),
    ]

    @Test("a task is meant by id, name, pattern or part", arguments: 0..<choices.count)
    func choice(index: Int) throws {
        let (text, expected) = Self.choices[index]
        let plan = try PlanWorld(
            """
            imagebuilder_target = "t"
            imagebuilder = {"^IoT$": [{"name": "a", "types": ["q"]}, {"name": "left", "types": ["q"], "arches": ["s390x"]}],
                "^Server$": [{"name": "bb", "types": ["q"]}]}
            """
        ).plan()
        switch expected {
        case .found(let id): #expect(try plan.task(named: text).id.text == id)
        case .missed(let words):
            #expect { try plan.task(named: text) } throws: {
                "\($0)".hasPrefix(words)
            }
        }
    }

    static let words = [
        ("a-b/c.d:e=f", "a-b/c.d:e=f"), ("", "''"), ("$arch", "'$arch'"), ("it's", #"'it'\''s'"#),
        ("a\tb'\\", #"$'a\u0009b\'\\'"#), ("größe", "'größe'"), ("\u{9B}", #"$'\u009b'"#),
    ]

    @Test("words are quoted as a shell takes them", arguments: 0..<words.count)
    func quoting(index: Int) throws {
        let (word, quoted) = Self.words[index]
        #expect(ShellText.quoted(word) == quoted)
        let bash = URL(fileURLWithPath: "/bin/bash")
        let result = try PythonPeer.run(
            program: bash, ["-c", "printf %s \(quoted)"], environment: ["LC_ALL": "C.UTF-8"])
        #expect(String(decoding: result.stdout, as: UTF8.self) == word)
    }
}
