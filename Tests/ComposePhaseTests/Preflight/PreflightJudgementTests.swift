import Koji
import ProductMD
import Testing

@testable import ComposePhase

@Suite("Judging a hub before a run")
struct PreflightJudgementTests {
    typealias World = PreflightWorld

    private static func checks(_ facts: HubFacts, drops: Bool = false) -> [PreflightCheck] {
        PreflightJudgement(questions: World.questions, facts: facts, dropsUnknownOptions: drops).checks()
    }

    @Test("on a good hub every check passes, and each thing is looked at once")
    func good() {
        let checks = Self.checks(World.goodFacts)
        #expect(checks.filter { $0.verdict != .passed } == [])
        #expect(
            checks.map { "\($0.subject) \($0.name)" } == [
                "hub version", "login releng", "permission image", "plugin koji-image-builder",
                "plugin failable_arches", "plugin seed", "channel image", "builders aarch64", "builders x86_64",
                "target f44-image-builder", "package Fedora-IoT", "package Fedora-Minimal",
                "release Fedora-Minimal-44-20261122.n.0", "release Fedora-IoT-44",
            ])
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var drops = false
        let facts: HubFacts
        let check: String
        let verdict: PreflightCheck.Verdict
        /// Parts of finding and remedy.
        let says: [String]
        var unusable = false
        /// Whether it keeps a run from beginning.
        var dooms = true

        var testDescription: String { name }
    }

    private static func with(_ change: (inout HubFacts) -> Void) -> HubFacts {
        var facts = World.goodFacts
        change(&facts)
        return facts
    }

    static let cases = [
        Case(
            name: "a hub that does not answer",
            facts: with {
                $0.version = .unknown("no answer")
                $0.methods = .unknown("no answer")
            }, check: "hub reachable", verdict: .failed, says: ["no answer", "maintenance"], unusable: true),
        Case(
            name: "a hub that keeps its version to itself", facts: with { $0.version = .unknown("fault 1000") },
            check: "hub version", verdict: .warning, says: ["fault 1000"], dooms: false),
        Case(
            name: "a refused login", facts: with { $0.user = .unknown("run kinit") }, check: "login refused",
            verdict: .failed, says: ["run kinit"], unusable: true),
        Case(
            name: "an anonymous profile", facts: with { $0.user = .known(nil) }, check: "login anonymous",
            verdict: .failed, says: ["noauth", "authtype = kerberos"], unusable: true),
        Case(
            name: "no permission", facts: with { $0.mayBuild = .known(false) }, check: "permission image",
            verdict: .failed, says: ["releng has neither", "koji grant-permission image releng"], unusable: true),
        Case(
            name: "no plugin", facts: with { $0.methods = .known(["getTaskInfo"]) }, check: "plugin koji-image-builder",
            verdict: .failed, says: ["imageBuilderBuild", "not loaded"], unusable: true),
        Case(
            name: "an option that only failable arches need",
            facts: with { $0.unknownOptions = .known(["failable_arches"]) },
            check: "plugin failable_arches", verdict: .warning, says: ["fails its whole image", "version 11"],
            dooms: false),
        Case(
            name: "an option that the images need", facts: with { $0.unknownOptions = .known(["seed"]) },
            check: "plugin seed", verdict: .failed, says: ["refuse", "version 7", "--unknown-options drop"],
            unusable: true),
        Case(
            name: "an option that may be left out", drops: true, facts: with { $0.unknownOptions = .known(["seed"]) },
            check: "plugin seed", verdict: .warning, says: ["left out"], dooms: false),
        Case(
            name: "options that could not be asked for", facts: with { $0.unknownOptions = .unknown("no permission") },
            check: "plugin options", verdict: .notChecked, says: ["failable_arches, seed"], dooms: false),
        Case(
            name: "a disabled channel", facts: with { $0.channelIsEnabled = .known(false) }, check: "channel image",
            verdict: .failed, says: ["koji enable-channel image"]),
        Case(
            name: "no channel", facts: with { $0.channelIsEnabled = .known(nil) }, check: "channel image",
            verdict: .failed, says: ["no such channel"]),
        Case(
            name: "no builder of an arch that is required",
            facts: with { $0.builders["x86_64"] = .known(.init(enabled: 0, ready: 0)) }, check: "builders x86_64",
            verdict: .failed, says: ["wait for ever", "koji list-hosts --arch x86_64"]),
        Case(
            name: "builders that are all busy",
            facts: with { $0.builders["x86_64"] = .known(.init(enabled: 2, ready: 0)) },
            check: "builders x86_64", verdict: .warning, says: ["none of 2 ready"], dooms: false),
        Case(
            name: "an unknown target", facts: with { $0.targets["f44-image-builder"] = .known(nil) },
            check: "target f44-image-builder", verdict: .failed, says: ["koji list-targets"]),
        Case(
            name: "an arch that the build tag has not", facts: World.facts(tag: { $0.arches = ["x86_64"] }),
            check: "target f44-image-builder", verdict: .failed,
            says: ["has no arch aarch64", "--arches=\"aarch64 x86_64\""]),
        Case(
            name: "no group", facts: World.facts(tag: { $0.group = nil }), check: "target f44-image-builder",
            verdict: .failed, says: ["no group image-builder-build", "koji add-group"]),
        Case(
            name: "a group without the program", facts: World.facts(tag: { $0.group = ["bash"] }),
            check: "target f44-image-builder", verdict: .warning, says: ["(bash)", "add-group-pkg"], dooms: false),
        Case(
            name: "new chroots", facts: World.facts(tag: { $0.newChroot = true }), check: "target f44-image-builder",
            verdict: .failed, says: ["mock.new_chroot=0"]),
        Case(
            name: "chroots that nobody decided on", facts: World.facts(tag: { $0.newChroot = nil }),
            check: "target f44-image-builder", verdict: .warning, says: ["mock.new_chroot=0"], dooms: false),
        Case(
            name: "no repository", facts: World.facts(tag: { $0.hasRepository = false }),
            check: "target f44-image-builder", verdict: .warning, says: ["koji regen-repo f44-ib-build"], dooms: false),
        Case(
            name: "a package that is not listed",
            facts: World.facts(target: { $0.packages["Fedora-IoT"] = .known(.missing) }), check: "package Fedora-IoT",
            verdict: .failed, says: ["koji add-pkg --owner=OWNER f44 Fedora-IoT"]),
        Case(
            name: "a blocked package", facts: World.facts(target: { $0.packages["Fedora-Minimal"] = .known(.blocked) }),
            check: "package Fedora-Minimal", verdict: .failed, says: ["koji unblock-pkg f44 Fedora-Minimal"]),
        Case(
            name: "an NVR that is taken", facts: with { $0.releases[World.minimal.id] = .known(.build(.complete)) },
            check: "release Fedora-Minimal-44-20261122.n.0", verdict: .failed, says: ["built before", "respin"]),
        Case(
            name: "an NVR that was deleted", facts: with { $0.releases[World.minimal.id] = .known(.build(.deleted)) },
            check: "release Fedora-Minimal-44-20261122.n.0", verdict: .failed, says: ["built before"]),
        Case(
            name: "an NVR that is being built",
            facts: with { $0.releases[World.minimal.id] = .known(.build(.building)) },
            check: "release Fedora-Minimal-44-20261122.n.0", verdict: .failed, says: ["koji cancel Fedora-Minimal-44"]),
        Case(
            name: "an NVR that failed before", facts: with { $0.releases[World.minimal.id] = .known(.build(.failed)) },
            check: "release Fedora-Minimal-44-20261122.n.0", verdict: .passed, says: ["built anew"], dooms: false),
        Case(
            name: "a release that cannot be counted on",
            facts: with { $0.releases[World.iot.id] = .known(.none("1-2")) },
            check: "release Fedora-IoT-44", verdict: .failed, says: ["1-2", "imagebuilder_release"]),
    ]

    @Test("each thing that can be wrong is said, with what to do", arguments: cases)
    func wrong(_ test: Case) throws {
        let report = PreflightReport(Self.checks(test.facts, drops: test.drops))
        let check = try #require(
            report.checks.first { "\($0.subject) \($0.name)" == test.check && $0.verdict == test.verdict },
            "\(report.checks)")
        for part in test.says { #expect(check.sentence.contains(part), "\(check.sentence)") }
        // What is wrong with a login is said with its remedy by the session.
        #expect(check.verdict != .failed || check.remedy != nil || check.subject == .login)
        #expect(report.hubIsUnusable == test.unusable)
        #expect(report.doomsRequired(of: World.tasks) == test.dooms)
    }

    @Test("what dooms only images that may fail does not keep a run from beginning")
    func failable() {
        let facts = Self.with { $0.builders["aarch64"] = .known(.init(enabled: 0, ready: 0)) }
        let report = PreflightReport(Self.checks(facts))
        #expect(report.failed.count == 1)
        #expect(report.doomsRequired(of: [World.minimal]))
        #expect(!report.doomsRequired(of: [World.iot, World.scratch]))
    }

    @Test("what was not asked is not checked, and never red")
    func nothingKnown() {
        var facts = HubFacts()
        facts.methods = .known(["imageBuilderBuild"])
        facts.user = .known(KojiUser(id: 1, name: "a"))
        let report = PreflightReport(Self.checks(facts))
        #expect(report.failed == [])
        #expect(report.count(.notChecked) == 8)
    }

    @Test("the report is ordered by subject, and within one by the order of asking")
    func order() {
        let report = PreflightReport([
            PreflightCheck(.repository, "b", .passed, ""), PreflightCheck(.hub, "x", .passed, ""),
            PreflightCheck(.repository, "a", .failed, "", remedy: "r"),
        ])
        #expect(report.checks.map(\.name) == ["x", "b", "a"])
    }

    // MARK: Questions

    @Test("each thing is asked once; scratch builds need no name and no release")
    func questions() {
        let questions = World.questions
        #expect(questions.methods == ["imageBuilderBuild"])
        #expect(Set(questions.newOptions.keys) == ["seed", "failable_arches"])
        #expect(questions.arches.mapValues(\.count) == ["x86_64": 2, "aarch64": 2])
        #expect(questions.targets["f44-image-builder"]?.packages == ["Fedora-Minimal", "Fedora-IoT"])
        #expect(questions.releases.map(\.name) == ["Fedora-Minimal", "Fedora-IoT"])
        #expect(
            questions.repositories.mapValues(\.isOwn) == [
                "https://r/aarch64": false, "/compose/compose/IoT/aarch64/os": true,
                "/compose/compose/IoT/x86_64/os": true,
            ])
        // The commit's own ref is what it makes.
        #expect(questions.ostrees["https://o/repo"]?.refs == ["fedora/44/x86_64/iot", "fedora/44/aarch64/iot"])
    }

    @Test("a parent must be there, unless it is named by its checksum")
    func parents() {
        for (parent, refs) in [("fedora/base", ["fedora/base"]), (String(repeating: "ab", count: 32), [])] {
            let task = World.task(
                "V/N/iot-commit", arches: ["x86_64"],
                options: ["ostree": .object(["url": .string("u"), "ref": .string("r"), "parent": .string(parent)])])
            let questions = PreflightQuestions(World.plan([task]), ownRepositories: [])
            #expect(questions.ostrees["u"]?.refs.sorted() == refs)
        }
    }

    // MARK: What is sent in the end

    @Test("arches that may fail are named, and options that the hub does not know are left out")
    func sendable() {
        let sent = World.tasks.sendable(without: ["seed"]).map { RequestView($0).options }
        #expect(sent[0]["seed"] == nil)
        #expect(sent[0]["failable_arches"] == nil)
        #expect(sent[1]["failable_arches"] == .array([.string("aarch64")]))
        #expect(
            World.tasks.sendable(without: ["failable_arches"]).map { RequestView($0).options["failable_arches"] } == [
                nil, nil, nil,
            ])
    }

    // MARK: Freeze files

    @Test("a freeze file is compared with what each build tag would install")
    func toolchain() throws {
        let freeze = try FreezeFile.parse(
            Array(
                "# frozen\nimage-builder: image-builder-41-1.fc44\nosbuild: osbuild-164-1.fc44\nother: other-1-1\n".utf8
            ),
            path: "freeze.yaml")
        var facts = World.goodFacts
        facts.toolchain["f44-ib-build"] = [
            "image-builder": .known("image-builder-41-1.fc44"), "osbuild": .known("osbuild-165-1.fc44"),
            "other": .known(nil),
        ]
        let checks = ToolchainJudgement(freeze: freeze, questions: World.questions, facts: facts).checks()
        #expect(checks.map(\.verdict) == [.passed, .failed, .warning])
        #expect(checks[1].sentence.contains("osbuild-165-1.fc44, but freeze.yaml says osbuild-164-1.fc44"))
        #expect(checks[1].remedy?.contains("koji untag-build f44-ib-build osbuild-165-1.fc44") == true)
        // A run is told only what is certain, as grave as its policy says.
        for policy in FreezeRule.Policy.allCases {
            let rule = FreezeRule(file: freeze, policy: policy)
            let before = rule.checksBeforeSubmit(World.questions, facts)
            #expect(before.map(\.name) == ["osbuild in f44-ib-build"])
            #expect(before.map(\.verdict) == [policy == .fail ? .failed : .warning])
        }
        let unasked = ToolchainJudgement(freeze: freeze, questions: World.questions, facts: World.goodFacts).checks()
        #expect(Set(unasked.map(\.verdict)) == [.notChecked])
    }

    @Test(
        "a freeze file that is none says where and what is expected",
        arguments: [
            ("- a\n", "is a mapping"), ("osbuild: 164\n", ":1:1: expected"),
            ("a: a-1-1\nosbuild: other-1-1\n", ":2:1:"),
            ("osbuild: osbuild-1\n", "expected"), ("osbuild: osbuild--\n", "expected"), ("{}\n", "names no package"),
            ("a: [b\n", "freeze.yaml"),
            ("a: a-1-1\na: a-1-2\n", "freeze.yaml"),
        ])
    func badFreeze(_ text: String, _ says: String) {
        let failure = #expect(throws: FreezeFile.Failure.self) {
            try FreezeFile.parse(Array(text.utf8), path: "freeze.yaml")
        }
        #expect(failure?.description.contains(says) == true, "\(failure?.description ?? "")")
    }
}
