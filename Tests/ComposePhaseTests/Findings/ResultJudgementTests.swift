import Foundation
import Koji
import ProductMD
import Testing

@testable import ComposePhase

/// Nothing vanishes, and nothing grows or shrinks unseen.
@Suite("What is found about results")
struct ResultJudgementTests {
    private static func task(_ type: String = "minimal-raw-xz") -> ImageTask {
        ImageTask(
            id: ImageTaskID("IoT/a/\(type)"), variant: "IoT", subvariant: "IoT", manifestType: nil,
            method: "imageBuilderBuild", params: [.null, .array([]), .array([.string(type)])], failableArches: [],
            canFail: false, arches: [])
    }

    private static func image(_ name: String = "a.raw.xz", size: Int = 1000) -> CollectedImage {
        var image = CollectedImage.named(name, of: ImageTaskID("IoT/a/b"))
        image.size = size
        return image
    }

    private static func previous(_ size: Int) -> PreviousImages {
        var manifest = ImagesManifest(
            compose: .init(id: "Fedora-44-20260101.n.0", date: "20260101", type: "nightly", respin: 0))
        manifest.add(
            ImageRecord(
                path: "IoT/x86_64/images/old.raw.xz", mtime: 1, size: size, volumeID: nil, type: "raw-xz",
                format: "raw.xz", arch: "x86_64", discNumber: 1, discCount: 1, checksums: ["sha256": "00"],
                implantMD5: nil, bootable: false, subvariant: "IoT"), variant: "IoT", arch: "x86_64")
        return PreviousImages(manifest)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let what: String
        var size = 1000
        var before: Int?
        var most: Int?
        var unknown: [String] = []
        var type = "minimal-raw-xz"
        let codes: [ResultFinding.Code]
        var says = ""
        var testDescription: String { what }
    }

    static let rows: [Row] = [
        Row(what: "nothing", codes: []),
        Row(what: "the same size", before: 1000, codes: []),
        Row(what: "a fifth more", size: 1200, before: 1000, codes: []),
        Row(what: "a little more than a fifth", size: 1211, before: 1000, codes: [.sizeDrift], says: "21 % more"),
        // What the change of the builder between Fedora 42 and 43 did to Minimal.
        Row(what: "a third less", size: 720, before: 1080, codes: [.sizeDrift], says: "33 % less than the 1080"),
        Row(what: "beyond all measure", size: .max, before: 1, codes: [.sizeDrift], says: "% more"),
        Row(what: "at the limit", most: 1000, codes: []),
        Row(
            what: "above the limit", size: 1001, most: 1000, codes: [.sizeLimit], says: "limit of the settings is 1000"),
        Row(what: "an unknown file", unknown: ["a.mystery"], codes: [.unknownOutput], says: "a.mystery"),
        Row(what: "another kind of file", type: "cloud-qcow2", codes: [.fewerFiles], says: "*.qcow2"),
        Row(what: "a type that nobody knows", type: "x-y", codes: []),
        Row(
            what: "all at once", size: 5000, before: 1000, most: 100, unknown: ["b"], type: "cloud-qcow2",
            codes: [.unknownOutput, .fewerFiles, .sizeLimit, .sizeDrift]),
    ]

    @Test("each finding has its reason", arguments: rows)
    func found(_ row: Row) {
        var policy = ResultPolicy()
        policy.mostBytes = row.most
        for code in ResultFinding.Code.allCases { policy.answers[code] = .warn }
        let found = ResultJudgement(policy: policy, previous: row.before.map(Self.previous)).findings(
            of: "x86_64", in: Self.task(row.type), unknown: row.unknown, images: [Self.image(size: row.size)])
        #expect(found.warnings.map(\.code) == row.codes)
        #expect(found.failures.isEmpty)
        if !row.says.isEmpty { #expect(found.warnings.first?.message.contains(row.says) == true) }
    }

    @Test("the policy decides what becomes of it", arguments: ResultPolicy.Answer.allCases)
    func policy(answer: ResultPolicy.Answer) {
        var policy = ResultPolicy()
        policy.answers[.sizeDrift] = answer
        let found = ResultJudgement(policy: policy, previous: Self.previous(10)).findings(
            of: "x86_64", in: Self.task(), unknown: [], images: [Self.image()])
        #expect(found.warnings.count == (answer == .warn ? 1 : 0))
        #expect(found.failures.count == (answer == .fail ? 1 : 0))
    }

    @Test("what stood twice in the previous compose is compared with nothing")
    func ambiguous() {
        var manifest = ImagesManifest(
            compose: .init(id: "Fedora-44-20260101.n.0", date: "20260101", type: "nightly", respin: 0))
        for number in 1...2 {
            manifest.add(
                ImageRecord(
                    path: "IoT/x86_64/images/\(number).raw.xz", mtime: 1, size: number, volumeID: nil, type: "raw-xz",
                    format: "raw.xz", arch: "x86_64", discNumber: number, discCount: 2, checksums: ["sha256": "00"],
                    implantMD5: nil, bootable: false, subvariant: "IoT"), variant: "IoT", arch: "x86_64")
        }
        let found = ResultJudgement(previous: PreviousImages(manifest)).findings(
            of: "x86_64", in: Self.task(), unknown: [], images: [Self.image()])
        #expect(found.warnings.isEmpty)
    }

    @Test("the newest compose beside this one that ended well is the previous one")
    func beside() throws {
        let top = FileManager.default.temporaryDirectory.appendingPathComponent("beside-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: top) }
        let composes: [(id: String, status: String?, isRehearsal: Bool)] = [
            ("Fedora-44-20260101.n.0", "FINISHED", false), ("Fedora-44-20260102.n.0", "FINISHED_INCOMPLETE", false),
            ("Fedora-44-20260103.n.0", "DOOMED", false), ("Fedora-44-20260104.n.0", nil, false),
            ("Fedora-44-20260105.n.0", "FINISHED", true), ("Fedora-45-20260106.n.0", "FINISHED", false),
            ("Fedora-44-20260107.t.0", "FINISHED", false), ("Fedora-44-20260108.n.0", "FINISHED", false),
        ]
        for compose in composes {
            let layout = ComposeLayout(top: top.appendingPathComponent(compose.id).path)
            try AtomicFile.makeDirectories(layout.path(ComposeLayout.metadata))
            let parts = ComposeID.parts(of: compose.id)
            let manifest = ImagesManifest(
                compose: .init(
                    id: compose.id, date: parts.date ?? "", type: parts.type?.rawValue ?? "", respin: parts.respin))
            try AtomicFile.write(try manifest.encoded(), to: layout.path(ComposeLayout.images))
            if let status = compose.status {
                try AtomicFile.write(Array("\(status)\n".utf8), to: layout.path(ComposeLayout.status))
            }
            if compose.isRehearsal { try AtomicFile.write([], to: layout.path(ComposeLayout.rehearsal)) }
        }
        let own = PlannedCompose(
            id: "Fedora-44-20260108.n.0", date: "20260108", type: "nightly", respin: 0, label: nil,
            releaseShort: "Fedora", releaseVersion: "44")
        let directory = top.appendingPathComponent(own.id).path
        let found = PreviousImages.find(of: own, beside: directory, isRehearsal: false)
        #expect(found?.composeID == "Fedora-44-20260102.n.0")
        let rehearsed = PreviousImages.find(of: own, beside: directory, isRehearsal: true)
        #expect(rehearsed?.composeID == "Fedora-44-20260105.n.0")
        #expect(throws: (any Error).self) { try PreviousImages.read(top.path) }
    }
}
