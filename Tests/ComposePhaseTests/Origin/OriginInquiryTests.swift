import Foundation
import Koji
import ProductMD
import Testing

@testable import ComposePhase

@Suite("What an image was built with and from")
struct OriginInquiryTests {
    private let server = OriginWorld.Server([
        "https://r/x86_64/repodata/repomd.xml": OriginWorld.repomd("100"),
        "https://hub/files/repos/f44-build/7/x86_64/repodata/repomd.xml": OriginWorld.repomd("7"),
        "https://o/repo/refs/heads/fedora/44/x86_64/iot": OriginWorld.commit + "\n",
    ])
    private let warnings = OriginWorld.Warnings()
    private let time = OriginWorld.Time()

    private static let root = BuilderRoot(
        id: 3, host: "b1", tag: "f44-build", repo: 7, created: 1000, toolchain: OriginWorld.good)

    private func inquiry(
        _ roots: [TaskID: BuilderRoot], troubles: [String] = [], freeze: FreezeRule? = nil
    ) -> OriginInquiry {
        let files = OriginWorld.files(server)
        return OriginInquiry(
            buildroots: OriginWorld.Roots(roots: roots, troubles: troubles),
            repositories: RepositoryRevisions(files: files, now: { [time] in time.now }), files: files,
            topurl: "https://hub/files", freeze: freeze, warn: { [warnings] in warnings.add($0) })
    }

    private static func task(
        _ options: [String: JSONValue], arches: [String] = ["x86_64"], failable: [String] = [],
        type: String = "iot-raw-xz"
    ) -> ImageTask {
        PreflightWorld.task("IoT/Fedora-IoT/\(type)", arches: arches, failable: failable, options: options)
    }

    private static let ostree: [String: JSONValue] = [
        "ostree": .object(["url": .string("https://o/repo"), "ref": .string("fedora/44/$arch/iot")])
    ]
    private static let repos: [String: JSONValue] = ["repos": .array([.string("https://r/$arch")])]

    @Test("everything that can be told is, without a warning")
    func whole() async throws {
        var options = Self.repos.merging(Self.ostree) { first, _ in first }
        options["seed"] = .int(44)
        let task = Self.task(options)
        let inquiry = inquiry([TaskID(9): Self.root])
        let findings = await inquiry.findings(of: task, archTasks: ["x86_64": TaskID(9)])
        let origin = try #require(await inquiry.origins(findings, of: task, manifests: [:])["x86_64"])
        #expect(origin.host == "b1" && origin.buildroot == 3 && origin.toolchain == OriginWorld.good)
        #expect(origin.repositories.map(\.url) == ["https://r/x86_64"])
        #expect(origin.repositories.map(\.revision) == ["100"])
        #expect(origin.ostree == .init(url: "https://o/repo", ref: "fedora/44/x86_64/iot", commit: OriginWorld.commit))
        #expect(origin.seed == 44)
        #expect(warnings.all.isEmpty)
        #expect(BuildOrigin(json: origin.json) == origin)
    }

    @Test("without repos of its own, an image was built from the repo of its build tag")
    func tagRepo() async {
        let findings = await inquiry([TaskID(9): Self.root])
            .findings(of: Self.task([:]), archTasks: ["x86_64": TaskID(9)])
        #expect(
            findings.origins["x86_64"]?.repositories.map(\.url) == ["https://hub/files/repos/f44-build/7/x86_64"])
        #expect(findings.origins["x86_64"]?.repositories.first?.revision == "7")
    }

    @Test("what cannot be told is nil, with one warning for the image")
    func nothing() async {
        var options = Self.ostree
        options["repos"] = .array([.string("https://r/nowhere")])
        let task = Self.task(options, arches: ["x86_64", "aarch64"])
        let inquiry = inquiry([:], troubles: ["https://hub: it sleeps", "https://hub: it sleeps"])
        let findings = await inquiry.findings(of: task, archTasks: ["x86_64": TaskID(9), "aarch64": TaskID(10)])
        let origins = await inquiry.origins(findings, of: task, manifests: [:])
        #expect(origins["aarch64"]?.host == nil && origins["aarch64"]?.toolchain.isEmpty == true)
        #expect(origins["aarch64"]?.ostree?.commit == nil)
        #expect(origins["x86_64"]?.ostree?.commit == OriginWorld.commit)
        #expect(
            warnings.all == [
                "IoT/Fedora-IoT/iot-raw-xz: https://hub: it sleeps;"
                    + " the state of a repository is not known: https://r/nowhere/repodata/repomd.xml answers 404;"
                    + " the commit of fedora/44/aarch64/iot is not known:"
                    + " https://o/repo/refs/heads/fedora/44/aarch64/iot answers 404"
            ])
    }

    @Test("a repository that changed while an image was built is named with both revisions")
    func changed() async {
        let task = Self.task(Self.repos)
        let inquiry = inquiry([TaskID(9): Self.root])
        _ = await inquiry.findings(of: task, archTasks: ["x86_64": TaskID(9)])
        time.pass(600)
        server.put(OriginWorld.repomd("101"), at: "https://r/x86_64/repodata/repomd.xml")
        let findings = await inquiry.findings(of: task, archTasks: ["x86_64": TaskID(9)])
        #expect(findings.origins["x86_64"]?.repositories.first?.revision == "100")
        #expect(
            findings.remarks == [
                "https://r/x86_64 changed meanwhile: it had revision 100, then revision 101;"
                    + " the image may hold packages of either"
            ])
    }

    @Test("no password of a repository's URL is recorded or told")
    func secrets() async {
        var options = Self.repos
        options["repos"] = .array([.string("https://user:hunter2@r/private?token=hunter2")])
        let findings = await inquiry([TaskID(9): Self.root])
            .findings(of: Self.task(options), archTasks: ["x86_64": TaskID(9)])
        #expect(!"\(findings)".contains("hunter2"))
    }

    // MARK: Commits

    @Test("the manifest knows the commit better than the repository")
    func manifest() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("manifest-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let other = String(repeating: "ab", count: 32)
        try Data(Self.manifestText([other: "https://o/repo"]).utf8).write(to: URL(fileURLWithPath: path))
        let task = Self.task(Self.ostree)
        let inquiry = inquiry([TaskID(9): Self.root])
        let findings = await inquiry.findings(of: task, archTasks: ["x86_64": TaskID(9)])
        let asked = server.requests.count
        let origins = await inquiry.origins(findings, of: task, manifests: ["x86_64": path])
        #expect(origins["x86_64"]?.ostree?.commit == other)
        #expect(server.requests.count == asked)
        // One that is not there, or is none, leaves the repository.
        for broken in ["/nonexistent/manifest", "/dev/null"] {
            let origins = await inquiry.origins(findings, of: task, manifests: ["x86_64": broken])
            #expect(origins["x86_64"]?.ostree?.commit == OriginWorld.commit, "\(broken)")
        }
    }

    @Test("an image that is itself a commit has none that a repository could tell")
    func makesCommit() async {
        let task = Self.task(Self.ostree, type: "iot-commit")
        let inquiry = inquiry([TaskID(9): Self.root])
        let findings = await inquiry.findings(of: task, archTasks: ["x86_64": TaskID(9)])
        let asked = server.requests.count
        let origins = await inquiry.origins(findings, of: task, manifests: [:])
        #expect(origins["x86_64"]?.ostree?.commit == nil)
        #expect(server.requests.count == asked && warnings.all.isEmpty)
    }

    private static func manifestText(_ commits: [String: String]) -> String {
        let items = commits.sorted { $0.key < $1.key }.map { #""\#($0.key)": {"remote": {"url": "\#($0.value)"}}"# }
        return #"{"version": "2", "pipelines": [], "sources": {"org.osbuild.ostree": {"items": {"#
            + items.joined(separator: ", ") + "}}}}"
    }

    @Test(
        "commits of manifests",
        arguments: [
            (manifestText([OriginWorld.commit: "u"]), OriginWorld.commit),
            (manifestText([OriginWorld.commit: "u", String(repeating: "c", count: 64): "v"]), OriginWorld.commit),
            (manifestText([OriginWorld.commit: "u", String(repeating: "c", count: 64): "u"]), nil),
            (manifestText([OriginWorld.commit: "v", String(repeating: "c", count: 64): "v"]), nil),
            (manifestText([:]), nil), (manifestText(["short": "u"]), nil), ("{}", nil), ("not JSON", nil),
        ] as [(String, String?)])
    func manifests(text: String, commit: String?) throws {
        #expect(try OSTreeCommits.commit(inManifest: Array(text.utf8), name: "m", url: "u") == commit)
    }

    @Test(
        "commits of refs",
        arguments: [
            (OriginWorld.commit, true), (OriginWorld.commit + "\n", true), (OriginWorld.commit + "0", false),
            (OriginWorld.commit.uppercased(), false), ("", false), ("<html>", false),
        ])
    func refs(text: String, isCommit: Bool) {
        #expect((OSTreeCommits.commit(inRef: Array(text.utf8)) != nil) == isCommit)
    }

    @Test(
        "packages that belong to the toolchain",
        arguments: [
            ("image-builder", true), ("image-builder-cli", true), ("osbuild", true), ("osbuild-depsolve-dnf", true),
            ("python3-osbuild", true), ("koji-image-builder", true), ("image-builderx", false), ("rpm", false),
            ("dnf5", true),
        ])
    func names(name: String, isKept: Bool) {
        #expect(ToolchainNames(frozen: ["dnf5"]).contains(name) == isKept)
    }

    @Test("of the buildroots of a restarted task the last one counts")
    func restarted() throws {
        func answer(_ ids: [Int64]) throws -> [BuildrootInfo] {
            let roots: [XMLRPCValue] = ids.map { id in
                .object([
                    "id": .int(id), "arch": .string("x86_64"), "host_name": .string("b\(id)"),
                    "create_ts": .double(1000.5), "tag_name": .string("t"), "repo_id": .int(7),
                ])
            }
            return try HubQuery.buildroots(of: TaskID(1)).answer(of: .array(roots), url: "https://hub")
        }
        for ids: [Int64] in [[3, 9, 5], [9, 3, 5], [9]] {
            #expect(
                KojiBuildroots.root(try answer(ids))
                    == BuilderRoot(id: 9, host: "b9", tag: "t", repo: 7, created: 1000.5))
        }
        #expect(KojiBuildroots.root([]) == nil)
    }

    // MARK: Freeze

    @Test("a freeze file that holds says nothing")
    func frozen() async {
        for policy in FreezeRule.Policy.allCases {
            let findings = await inquiry([TaskID(9): Self.root], freeze: OriginWorld.freeze(policy))
                .findings(of: Self.task(Self.repos), archTasks: ["x86_64": TaskID(9)])
            #expect(findings.refused.isEmpty && findings.remarks.isEmpty)
        }
    }

    @Test("another build than the frozen one is told, or refused, with both NVRs")
    func deviates() async throws {
        var root = Self.root
        root.toolchain["osbuild"] = "osbuild-165-1.fc44"
        let sentence =
            "x86_64: not as freeze.yaml says: osbuild: frozen to osbuild-164-1.fc44, built with osbuild-165-1.fc44"
        let warned = await inquiry([TaskID(9): root], freeze: OriginWorld.freeze(.warn))
            .findings(of: Self.task(Self.repos), archTasks: ["x86_64": TaskID(9)])
        #expect(warned.refused.isEmpty && warned.remarks == [sentence])
        let refused = await inquiry([TaskID(9): root], freeze: OriginWorld.freeze(.fail))
            .findings(of: Self.task(Self.repos), archTasks: ["x86_64": TaskID(9)])
        let failure = try #require(refused.refused["x86_64"])
        #expect(failure.kind == .notFrozen && failure.message.hasPrefix(sentence))
        #expect(refused.remarks.isEmpty)
        #expect(refused.origins["x86_64"]?.toolchain["osbuild"] == "osbuild-165-1.fc44")
    }

    @Test("arches that deviate alike are told together")
    func together() async {
        var root = Self.root
        root.toolchain["osbuild"] = "osbuild-165-1.fc44"
        let findings = await inquiry(
            [TaskID(9): root, TaskID(10): root, TaskID(11): Self.root], freeze: OriginWorld.freeze(.warn)
        ).findings(
            of: Self.task(["repos": Self.repos["repos"] ?? .null], arches: ["x86_64", "aarch64", "s390x"]),
            archTasks: ["x86_64": TaskID(9), "aarch64": TaskID(10), "s390x": TaskID(11)])
        #expect(
            findings.remarks.filter { $0.contains("freeze") } == [
                "aarch64 and x86_64: not as freeze.yaml says: osbuild: frozen to osbuild-164-1.fc44, built with"
                    + " osbuild-165-1.fc44"
            ])
    }

    @Test("what nobody can tell is a warning under every policy", arguments: FreezeRule.Policy.allCases)
    func untold(policy: FreezeRule.Policy) async {
        var root = Self.root
        root.toolchain["osbuild"] = nil
        let findings = await inquiry([TaskID(9): root], freeze: OriginWorld.freeze(policy))
            .findings(of: Self.task(Self.repos), archTasks: ["x86_64": TaskID(9)])
        #expect(findings.refused.isEmpty)
        #expect(
            findings.remarks == [
                "x86_64: not as freeze.yaml says: osbuild: frozen to osbuild-164-1.fc44, built with nothing that"
                    + " could be told"
            ])
    }
}
