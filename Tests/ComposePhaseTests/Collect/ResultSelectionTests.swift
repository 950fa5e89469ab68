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
        #expect(selection.warnings.count == 1)
        #expect(selection.warnings.first?.contains("a.mystery") == true)
    }

    @Test(
        "a name that does not stay where it is put is refused",
        arguments: ["../a.raw.xz", "/etc/a.raw.xz", "a/b.raw.xz", "..", "", "a\u{1b}[2J.raw.xz", "a\n.raw.xz"])
    func hostile(name: String) {
        let files = ["aarch64": [name], "x86_64": ["a.x86_64.raw.xz"]]
        let failure = #expect(throws: TaskFailure.self) {
            try ResultSelection.select(
                from: Self.results(files), for: Self.task(), arches: Self.arches, in: Self.variant)
        }
        #expect(failure?.message.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
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
