import ComposePhase
import ProductMD
import PungiConfig
import Testing

@Suite("Plans")
struct PlanTests {
    @Test("a block becomes one task with six positional parameters")
    func oneTask() throws {
        let plan = try PlanWorld(
            """
            translate_paths = [("/c", "https://c.example")]
            imagebuilder_target = "t"
            imagebuilder = {"^IoT$": [{"name": "a", "types": ["iot-raw-xz"], "repos": ["Everything"],
                "ostree": {"url": "https://o.example", "ref": "f/$arch/iot"}, "release": "7", "failable": ["aarch64"]}]}
            """
        ).plan()
        let task = try #require(plan.tasks.first)
        #expect(plan.tasks.count == 1)
        #expect(task.id.text == "IoT/a/iot-raw-xz")
        #expect(task.method == "imageBuilderBuild")
        #expect(
            task.params == [
                "t", .array(["aarch64", "x86_64"]), .array(["iot-raw-xz"]), "a", "44",
                .object([
                    "release": "7", "repos": .array(["https://c.example/compose/Everything/$arch/os"]),
                    "ostree": .object(["url": "https://o.example", "ref": "f/$arch/iot"]),
                ]),
            ])
        #expect(task.failableArches == ["aarch64"])
        #expect(!task.canFail)
        #expect(task.subvariant == "IoT")
        let arch = try #require(task.arches.first)
        #expect(arch.arch == "aarch64" && arch.failable)
        #expect(arch.repos == ["https://c.example/compose/Everything/aarch64/os"])
        #expect(arch.ostreeRef == "f/aarch64/iot")
        #expect(
            arch.command == [
                "image-builder", "-v", "build", "--use-librepo=false", "--force-repo",
                "https://c.example/compose/Everything/aarch64/os", "--with-sbom", "--with-manifest", "--ostree-url",
                "https://o.example", "--ostree-ref", "f/aarch64/iot", "--output-dir", "/builddir/output",
                "--output-name", "a-44-7", "iot-raw-xz",
            ])
        #expect(plan.isRunnable, "\(plan.diagnostics)")
    }

    /// Block → phase → global → nothing, as Pungi falls back: a key that is there wins even when it is empty.
    static let fallbacks: [(String, String, JSONValue?)] = [
        ("seed", #"imagebuilder_seed = 3 imagebuilder = {"^IoT$": [{"name": "a", "types": ["q"], "seed": 5}]}"#, 5),
        ("seed", #"imagebuilder_seed = 3 imagebuilder = {"^IoT$": [{"name": "a", "types": ["q"]}]}"#, 3),
        ("seed", #"imagebuilder_seed = 3 imagebuilder = {"^IoT$": [{"name": "a", "types": ["q"], "seed": 0}]}"#, nil),
        ("scratch", #"imagebuilder_scratch = True imagebuilder = {"^IoT$": [{"name": "a", "types": ["q"]}]}"#, true),
        (
            "scratch",
            #"imagebuilder_scratch = True imagebuilder = {"^IoT$": [{"name": "a", "types": ["q"], "scratch": False}]}"#,
            nil
        ),
        ("release", #"global_release = "9" imagebuilder = {"^IoT$": [{"name": "a", "types": ["q"]}]}"#, "9"),
        (
            "release",
            #"global_release = "9" imagebuilder_release = None imagebuilder = {"^IoT$": [{"name": "a", "types": ["q"]}]}"#,
            "20260102.n.0"
        ),
        ("release", #"imagebuilder = {"^IoT$": [{"name": "a", "types": ["q"]}]}"#, nil),
        ("blueprint", #"imagebuilder = {"^IoT$": [{"name": "a", "types": ["q"], "blueprint": {}}]}"#, nil),
        (
            "blueprint",
            #"imagebuilder = {"^IoT$": [{"name": "a", "types": ["q"], "blueprint": {"a": (1, None, 1.5)}}]}"#,
            .object(["a": .array([1, .null, .double(1.5)])])
        ),
        ("distro", #"imagebuilder = {"^IoT$": [{"name": "a", "types": ["q"], "distro": "fedora-44"}]}"#, "fedora-44"),
        ("preview", #"imagebuilder = {"^IoT$": [{"name": "a", "types": ["q"], "preview": False}]}"#, false),
        ("skip_tag", #"imagebuilder = {"^IoT$": [{"name": "a", "types": ["q"], "skip_tag": True}]}"#, true),
        ("repos", #"imagebuilder = {"^IoT$": [{"name": "a", "types": ["q"]}]}"#, .array([])),
        (
            "repos", #"imagebuilder = {"^Server-HA$": [{"name": "a", "types": ["q"]}]}"#,
            .array(["/c/compose/Server/$arch/os/addons/HA"])
        ),
    ]

    @Test("options fall back as Pungi's do", arguments: 0..<fallbacks.count)
    func fallback(index: Int) throws {
        let (option, section, expected) = Self.fallbacks[index]
        let plan = try PlanWorld("global_target = \"t\"\n" + section).plan()
        #expect(try #require(plan.tasks.first).option(option) == expected)
    }

    @Test(
        "generators give what Pungi's give",
        arguments: [
            ("!OSTREE_VERSION_FROM_LABEL_DATE_TYPE_RESPIN", "44.20260102.n.3", "44_Beta.1.10"),
            ("!RELEASE_FROM_LABEL_DATE_TYPE_RESPIN", "20260102.n.3", "1.10"),
            ("!RELEASE_FROM_DATE_RESPIN", "20260102.3", "20260102.3"),
            ("!VERSION_FROM_VERSION_DATE_RESPIN", "44.20260102.3", "44.20260102.3"),
            ("!VERSION_FROM_VERSION", "44", "44"),
            ("plain", "plain", "plain"), ("", "44", "44_Beta"),
        ])
    func generators(text: String, nightly: String, beta: String) throws {
        let section =
            #"global_target = "t" imagebuilder = {"^IoT$": [{"name": "a", "types": ["q"], "version": "\#(text)"}]}"#
        var world = PlanWorld(section)
        world.respin = 3
        #expect(try world.plan().tasks.first?.params[4] == .string(nightly))
        world.type = .production
        world.label = "Beta-1.10"
        #expect(try world.plan().tasks.first?.params[4] == .string(beta))
    }

    @Test("one block that several variants match gives each its own repositories")
    func noLeak() throws {
        let plan = try PlanWorld(
            #"global_target = "t" imagebuilder = {"^(Everything|Server)$": [{"name": "a", "types": ["q"], "repos": ["https://x.example"]}]}"#
        ).plan()
        #expect(
            plan.tasks.map { $0.option("repos") } == [
                .array(["https://x.example", "/c/compose/Everything/$arch/os"]),
                .array(["https://x.example", "/c/compose/Server/$arch/os"]),
            ])
    }

    @Test("a name that comes twice is numbered")
    func numbering() throws {
        let block = #"{"name": "a", "types": ["q"]}"#
        let plan = try PlanWorld(#"global_target = "t" imagebuilder = {"^IoT$": [\#(block), \#(block), \#(block)]}"#)
            .plan()
        #expect(plan.tasks.map(\.id.text) == ["IoT/a/q", "IoT/a/q-2", "IoT/a/q-3"])
    }

    @Test("a block without arches left is skipped and says so")
    func noArches() throws {
        let plan = try PlanWorld(
            #"global_target = "t" imagebuilder = {"^IoT$": [{"name": "a", "types": ["q"], "arches": ["s390x"]}]}"#
        ).plan()
        #expect(plan.tasks.isEmpty)
        #expect(plan.skipped.map(\.block) == ["a"])
        #expect(PlanWorld.codes(plan, .warning) == ["plan.no-arches"])
        #expect(plan.isRunnable)
    }

    @Test("failable of one star means all built arches")
    func star() throws {
        let plan = try PlanWorld(
            #"global_target = "t" imagebuilder = {"^IoT$": [{"name": "a", "types": ["iot-raw-xz"], "failable": ["*"]}]}"#
        ).plan()
        #expect(plan.tasks.first?.failableArches == ["aarch64", "x86_64"])
        #expect(plan.tasks.first?.canFail == true)
        #expect(PlanWorld.codes(plan, .note) == ["plan.plugin-version"])
    }

    /// Mistakes that are known before the first task, each with the code of its complaint.
    static let mistakes: [(String, String)] = [
        ("plan.no-target", #"imagebuilder = {"^IoT$": [{"name": "a", "types": ["iot-raw-xz"]}]}"#),
        (
            "plan.no-target",
            #"global_target = "t" imagebuilder = {"^IoT$": [{"name": "a", "types": ["iot-raw-xz"], "target": ""}]}"#
        ),
        ("plan.types", #"global_target = "t" imagebuilder = {"^IoT$": [{"name": "a", "types": []}]}"#),
        (
            "plan.types",
            #"global_target = "t" imagebuilder = {"^IoT$": [{"name": "a", "types": ["qcow2", "iot-raw-xz"]}]}"#
        ),
        (
            "plan.generator",
            #"global_target = "t" imagebuilder = {"^IoT$": [{"name": "a", "types": ["qcow2"], "version": "!X"}]}"#
        ),
        (
            "plan.repo-variant",
            #"global_target = "t" imagebuilder = {"^IoT$": [{"name": "a", "types": ["qcow2"], "repos": ["Nope"]}]}"#
        ),
        ("plan.pattern", #"global_target = "t" imagebuilder = {"(": [{"name": "a", "types": ["qcow2"]}]}"#),
        (
            "plan.manifest-type",
            #"global_target = "t" imagebuilder = {"^IoT$": [{"name": "a", "types": ["qcow2"], "manifest_type": "zzz"}]}"#
        ),
        (
            "plan.iso-variant",
            #"global_target = "t" imagebuilder = {"^Server-optional$": [{"name": "a", "types": ["iot-installer"]}]}"#
        ),
        (
            "plan.iso-variant",
            #"global_target = "t" imagebuilder = {"^Server-HA$": [{"name": "a", "types": ["iot-installer"]}]}"#
        ),
        (
            "plan.output-format",
            #"global_target = "t" imagebuilder = {"^IoT$": [{"name": "a", "types": ["minimal-raw-zst"]}]}"#
        ),
        (
            "plan.duplicate-image",
            #"global_target = "t" imagebuilder = {"^IoT$": [{"name": "a", "types": ["iot-raw-xz"]}, {"name": "b", "types": ["minimal-raw-xz"]}]}"#
        ),
        (
            "plan.duplicate-nvr",
            #"global_target = "t" global_release = "1" imagebuilder = {"^(IoT|Server)$": [{"name": "a", "types": ["iot-raw-xz"]}]}"#
        ),
        (
            "plan.seed",
            #"global_target = "t" imagebuilder = {"^IoT$": [{"name": "a", "types": ["qcow2"], "seed": 99999999999999999999}]}"#
        ),
        (
            "plan.unsendable",
            #"global_target = "t" imagebuilder = {"^IoT$": [{"name": "a", "types": ["qcow2"], "blueprint": {1: 2}}]}"#
        ),
        ("plan.nvr-text", #"global_target = "t" imagebuilder = {"^IoT$": [{"name": "a/b", "types": ["qcow2"]}]}"#),
    ]

    @Test("mistakes are errors of the plan, with a place", arguments: 0..<mistakes.count)
    func mistake(index: Int) throws {
        let (code, section) = Self.mistakes[index]
        let plan = try PlanWorld(section).plan()
        #expect(PlanWorld.codes(plan, .error) == [code])
        let error = try #require(plan.diagnostics.first { $0.severity == .error })
        #expect(error.location != nil)
        #expect(!plan.isRunnable)
    }

    @Test("without koji_profile a hub must be named")
    func hub() throws {
        let section = #"imagebuilder_target = "t" imagebuilder = {"^IoT$": [{"name": "a", "types": ["iot-raw-xz"]}]}"#
        var world = PlanWorld(section)
        world.config = world.config.replacing("koji_profile = \"koji\"", with: "")
        #expect(PlanWorld.codes(try world.plan(), .error) == ["plan.koji-profile"])
        world.namesHub = true
        #expect(try world.plan().isRunnable)
    }

    @Test("skip_phases skips every block and says so")
    func skipPhases() throws {
        let plan = try PlanWorld(
            #"skip_phases = ["imagebuilder"] global_target = "t" imagebuilder = {"^IoT$": [{"name": "a", "types": ["qcow2"]}]}"#
        ).plan()
        #expect(plan.tasks.isEmpty)
        #expect(plan.skipped.count == 1)
    }

    @Test("the document reads back as the plan that it was")
    func roundTrip() throws {
        let plan = try PlanWorld(
            #"global_target = "t" imagebuilder = {"^IoT": [{"name": "a", "types": ["iot-raw-xz"], "failable": ["*"], "blueprint": {"x": [1.5, None]}}], "^Nothing$": []}"#
        ).plan()
        let document = PlanDocument.encode(plan)
        let read = try PlanDocument.decode(try JSONReader.read(JSONWriter.pretty(document), name: "plan"))
        #expect(read.tasks == plan.tasks)
        #expect(read.compose == plan.compose)
        #expect(PlanDocument.encode(read) == document)
    }

    @Test("a plan with a member that nobody knows is refused and named")
    func strict() throws {
        let plan = try PlanWorld(
            #"global_target = "t" imagebuilder = {"^IoT$": [{"name": "a", "types": ["iot-raw-xz"]}]}"#
        ).plan()
        let text = String(decoding: JSONWriter.pretty(PlanDocument.encode(plan)), as: UTF8.self)
        for (from, to, expected) in [
            ("\"can_fail\"", "\"can_fall\"", "can_fail is missing"),
            ("\"subvariant\": \"IoT\"", "\"subvariant\": \"IoT\", \"extra\": 1", "unknown members: extra"),
            ("\"version\": \"1.0\"", "\"version\": \"9.0\"", "version"),
        ] {
            let changed = try JSONReader.read(Array(text.replacing(from, with: to).utf8), name: "plan")
            let failure = #expect(throws: PlanDocument.Failure.self) { try PlanDocument.decode(changed) }
            #expect(failure?.description.contains(expected) == true, "\(failure?.description ?? "")")
        }
    }

    @Test("a production compose without a label is told the three ways out")
    func label() throws {
        var world = PlanWorld("")
        world.type = .production
        let failure = #expect(throws: ComposeIdentity.Failure.self) { try world.plan() }
        for way in ["--label", "--no-label", "--nightly"] { #expect(failure?.description.contains(way) == true) }
        world.hasNoLabel = true
        #expect(try world.plan().compose.id == "Fedora-44-20260102.0")
    }
}
