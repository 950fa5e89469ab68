import ComposePhase
import Koji
import PungiConfig
import Testing

@Suite("Which files are images")
struct ResultSelectionTests {
    static let arches = ["aarch64", "x86_64"]
    static let variant = Variant(
        id: "IoT", name: "IoT", uid: "IoT", type: .variant, arches: ["aarch64", "x86_64"], isEmpty: true,
        parentUID: nil, release: nil, children: [], location: SourceLocation(file: "v", line: 1, column: 1))

    static func task(failable: Set<String> = [], type: String? = nil) -> ImageTask {
        ImageTask(
            id: ImageTaskID("IoT/a/q"), variant: "IoT", subvariant: "IoT", manifestType: type,
            method: "imageBuilderBuild", params: [], failableArches: failable.sorted(), canFail: false,
            arches: ["aarch64", "x86_64"].map {
                ArchTask(arch: $0, failable: failable.contains($0), repos: [], ostreeRef: nil, command: [])
            })
    }

    static func results(_ files: [String: [String]], states: [String: TaskState] = [:]) -> HubResults {
        HubResults(
            build: .init(id: 1, name: "a", version: "44", release: "1", volume: "DEFAULT"),
            arches: ["aarch64", "x86_64"].enumerated().map { number, arch in
                HubResults.Arch(
                    id: TaskID(10 + number), arch: arch, state: states[arch] ?? .closed,
                    output: files[arch].map { .init(name: "a", version: "44", release: "1", files: $0) },
                    fault: files[arch] == nil ? "boom" : nil)
            }, archives: [:])
    }

    static let good = [
        "aarch64": ["a.aarch64.raw.xz", "a.osbuild-manifest.json", "a.image-os.spdx.json"],
        "x86_64": ["a.x86_64.raw.xz"],
    ]

    @Test("each arch's image is chosen, what lies beside it is not")
    func choose() throws {
        let selection = try ResultSelection.select(
            from: Self.results(Self.good), for: Self.task(), arches: Self.arches, in: Self.variant)
        #expect(selection.files.map(\.name) == ["a.aarch64.raw.xz", "a.x86_64.raw.xz"])
        #expect(selection.files.map(\.directory) == ["compose/IoT/aarch64/images", "compose/IoT/x86_64/images"])
        #expect(selection.files.allSatisfy { $0.type == "raw-xz" && $0.nvr == "a-44-1" })
        #expect(selection.warnings.isEmpty && selection.missing.isEmpty)
    }

    @Test("manifest_type overrides the type and not the format; ISOs have a directory of their own")
    func iso() throws {
        let files = ["aarch64": ["a.aarch64.iso"], "x86_64": ["a.x86_64.iso"]]
        let selection = try ResultSelection.select(
            from: Self.results(files), for: Self.task(type: "dvd-ostree"), arches: Self.arches, in: Self.variant)
        #expect(selection.files.map(\.type) == ["dvd-ostree", "dvd-ostree"])
        #expect(selection.files.map(\.format) == ["iso", "iso"])
        #expect(selection.files.first?.directory == "compose/IoT/aarch64/iso")
    }

    @Test("an arch that is missing from a good task is a failure, unless it may fail")
    func missing() throws {
        let results = Self.results(["x86_64": ["a.x86_64.raw.xz"]], states: ["aarch64": .failed])
        let failure = #expect(throws: TaskFailure.self) {
            try ResultSelection.select(from: results, for: Self.task(), arches: Self.arches, in: Self.variant)
        }
        #expect(failure?.message.contains("boom") == true)
        let selection = try ResultSelection.select(
            from: results, for: Self.task(failable: ["aarch64"]), arches: Self.arches, in: Self.variant)
        #expect(selection.missing.keys.sorted() == ["aarch64"])
        #expect(selection.files.count == 1)
    }

    @Test("a task that made no image is a failure that names its files")
    func noImage() throws {
        let results = Self.results(["aarch64": ["a.raw.zst"], "x86_64": ["a.x86_64.raw.xz"]])
        let failure = #expect(throws: TaskFailure.self) {
            try ResultSelection.select(from: results, for: Self.task(), arches: Self.arches, in: Self.variant)
        }
        #expect(failure?.message.contains("a.raw.zst") == true)
    }

    @Test("an output that nobody knows is told of")
    func unknown() throws {
        let files = ["aarch64": ["a.raw.xz", "a.mystery"], "x86_64": ["a.x86_64.raw.xz"]]
        let selection = try ResultSelection.select(
            from: Self.results(files), for: Self.task(), arches: Self.arches, in: Self.variant)
        #expect(selection.unknown == ["aarch64": ["a.mystery"]])
    }

    @Test(
        "a name that does not stay where it is put is refused",
        arguments: [
            "../a.raw.xz", "/etc/a.raw.xz", "a/b.raw.xz", "..", "", "a\u{1b}[2J.raw.xz", "a\n.raw.xz", ".a.raw.xz",
            "a\u{0}.raw.xz", "a\u{85}.raw.xz", "a\u{202E}zx.war", "a\u{2028}.raw.xz",
            String(repeating: "a", count: 250) + ".raw.xz",
        ])
    func hostile(name: String) {
        let files = ["aarch64": [name], "x86_64": ["a.x86_64.raw.xz"]]
        let failure = #expect(throws: TaskFailure.self) {
            try ResultSelection.select(
                from: Self.results(files), for: Self.task(), arches: Self.arches, in: Self.variant)
        }
        #expect(failure?.message.contains("not a plain file name") == true)
        #expect(failure?.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202E}" } == true)
        // An arch that may fail goes alone.
        let selection = try? ResultSelection.select(
            from: Self.results(files), for: Self.task(failable: ["aarch64"]), arches: Self.arches, in: Self.variant)
        #expect(selection?.missing.keys.sorted() == ["aarch64"])
        #expect(selection?.files.map(\.name) == ["a.x86_64.raw.xz"])
    }

    static let unbelievable: [(files: [String], says: String)] = [
        ((0..<1_000_000).map { "a\($0).raw.xz" }, "names 1000000 files"),
        (["a.raw.xz", "b.json", "a.raw.xz"], "names the file 'a.raw.xz' twice"),
    ]

    @Test("a list of files that nobody would make is not believed", arguments: unbelievable)
    func list(_ test: (files: [String], says: String)) {
        let results = Self.results(["aarch64": test.files, "x86_64": ["a.x86_64.raw.xz"]])
        let failure = #expect(throws: TaskFailure.self) {
            try ResultSelection.select(from: results, for: Self.task(), arches: Self.arches, in: Self.variant)
        }
        #expect(failure?.message.contains(test.says) == true)
    }

    @Test("a file that the hub recorded for another arch is not taken for one of this")
    func otherArch() {
        var results = Self.results(["aarch64": ["a.raw.xz"], "x86_64": ["a.x86_64.raw.xz"]])
        results.archives["a.raw.xz"] = .init(id: 1, size: 1, digest: nil, arch: "x86_64")
        let failure = #expect(throws: TaskFailure.self) {
            try ResultSelection.select(from: results, for: Self.task(), arches: Self.arches, in: Self.variant)
        }
        #expect(failure?.message.contains("which the hub recorded for 'x86_64'") == true)
    }

    @Test("manifests and SBOMs are chosen to be kept, logs are not; all of them where the hub has them")
    func sides() throws {
        let files = [
            "aarch64": [
                "a.raw.xz", "a.osbuild-manifest.json", "a.image-os.spdx.json", "a.buildroot-build.spdx.json", "a.log",
            ],
            "x86_64": ["a.x86_64.raw.xz"],
        ]
        let selection = try ResultSelection.select(
            from: Self.results(files), for: Self.task(), arches: Self.arches, in: Self.variant)
        #expect(selection.sideFiles.map(\.kind) == [.manifest, .sbom, .sbom])
        #expect(selection.sideFiles.allSatisfy { $0.directory == "compose/metadata/imagebuilder/IoT/aarch64" })
        #expect(selection.sideFiles.first?.wanted.path == "packages/a/44/1/images/a.osbuild-manifest.json")
        #expect(selection.warnings.isEmpty)
    }

    @Test("a scratch build's files lie with their task, on the volume and with the size that the hub tells")
    func scratch() throws {
        var results = Self.results(Self.good)
        results.build = nil
        results.outputs = [TaskID(11): ["a.x86_64.raw.xz": .init(size: 77, volume: "big")]]
        let selection = try ResultSelection.select(
            from: results, for: Self.task(), arches: Self.arches, in: Self.variant)
        #expect(
            selection.files.map(\.wanted.path) == [
                "work/tasks/10/10/a.aarch64.raw.xz", "vol/big/work/tasks/11/11/a.x86_64.raw.xz",
            ])
        #expect(selection.files.map(\.wanted.size) == [nil, 77])
    }

    @Test("an addon's images lie with its parent")
    func addon() throws {
        let addon = Variant(
            id: "HA", name: "HA", uid: "Server-HA", type: .addon, arches: ["x86_64"], isEmpty: false,
            parentUID: "Server", release: nil, children: [], location: Self.variant.location)
        #expect(
            ComposeLayout.imageDirectory(of: addon, arch: "x86_64", format: "raw.xz") == "compose/Server/x86_64/images")
    }
}
