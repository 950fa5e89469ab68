import Foundation
import Koji
import TestSupport
import Testing

@testable import RehearsalHub

@Suite("Contents of generated files")
struct ContentTests {
    private func content(_ kind: OutputKind, seed: UInt64 = 1, size: Int = 50_000, arch: String = "x86_64")
        -> OutputContent
    {
        OutputContent(
            kind: kind, name: "Fedora-IoT-ostree", version: "43", release: "1", arch: arch, type: "iot-installer",
            seed: seed, imageBytes: size)
    }

    private static let kinds: [OutputKind] = [
        .rootLog, .mockLog, .buildLog, .failedLog("no"), .image, .iso, .manifest, .buildrootSBOM, .imageSBOM,
    ]

    @Test("pieces of a file are the same as the whole", arguments: [UInt64(1), 2, 3])
    func pieces(seed: UInt64) {
        var numbers = SeededGenerator(seed: seed)
        for kind in Self.kinds {
            let content = content(kind, seed: seed)
            let whole = content.bytes(in: 0..<content.size)
            #expect(whole.count == content.size)
            for _ in 0..<20 {
                let start = Int.random(in: 0...content.size, using: &numbers)
                let end = Int.random(in: start...content.size, using: &numbers)
                #expect(
                    content.bytes(in: start..<end) == Array(whole[start..<end]),
                    "seed \(seed), \(kind) \(start)..<\(end)")
            }
            #expect(content.bytes(in: content.size..<content.size + 10).isEmpty)
        }
    }

    @Test("every file says that nothing was built")
    func notice() {
        for kind in Self.kinds {
            let bytes = content(kind).bytes(in: 0..<content(kind).size)
            #expect(String(decoding: bytes, as: UTF8.self).contains("nothing was built"), "\(kind)")
        }
    }

    @Test("a manifest names the commit of the request's ref as its source, any text in the URL, and is JSON")
    func manifest() throws {
        var content = content(.manifest)
        func sources() throws -> [String: Any] {
            let bytes = content.bytes(in: 0..<content.size)
            let json = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
            #expect(json["version"] as? String == "2" && (json["pipelines"] as? [Any])?.count == 3)
            return try #require(json["sources"] as? [String: Any])
        }
        #expect(try sources().isEmpty)
        content.commit = RehearsedCommit(url: #"https://o/"\repo"#, ref: "fedora/44/x86_64/iot")
        let ostree = try #require(try sources()["org.osbuild.ostree"] as? [String: [String: Any]])
        let (commit, item) = try #require(ostree["items"]?.first)
        #expect(commit.utf8.count == 64 && commit.allSatisfy(\.isHexDigit))
        #expect((item as? [String: [String: String]])?["remote"]?["url"] == #"https://o/"\repo"#)
        #expect(commit != RehearsedCommit(url: #"https://o/"\repo"#, ref: "fedora/44/aarch64/iot").checksum)
    }

    @Test("lists of packages are JSON", arguments: [OutputKind.buildrootSBOM, .imageSBOM])
    func sboms(kind: OutputKind) throws {
        let content = content(kind)
        let bytes = content.bytes(in: 0..<content.size)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(json["spdxVersion"] as? String == "SPDX-2.3" && (json["packages"] as? [Any])?.isEmpty == false)
    }

    @Test("different arches and seeds give different images, the same ones the same checksum")
    func checksums() {
        let sums = [
            content(.image), content(.image), content(.image, seed: 2), content(.image, arch: "aarch64"),
        ].map(\.sha256)
        #expect(sums[0] == sums[1])
        #expect(Set(sums).count == 3)
        #expect(content(.mockLog).sha256 == "9f321303c16fb529acc12306d09aff95bc742e8a2e4e612931ebac80a641b7b1")
    }

    @Test("an ISO image has a volume descriptor with a volume id, and is never smaller than that")
    func iso() {
        let content = content(.iso, size: 10)
        let bytes = content.bytes(in: 0..<content.size)
        #expect(content.size == 21 * 2048)
        let descriptor = Array(bytes[16 * 2048..<17 * 2048])
        #expect(descriptor[0] == 1 && String(decoding: descriptor[1..<6], as: UTF8.self) == "CD001")
        #expect(String(decoding: descriptor[40..<72], as: UTF8.self) == "Fedora-IoT-ostree-x86_64-43     ")
        #expect(Array(descriptor[80..<88]) == [21, 0, 0, 0, 0, 0, 0, 21])
        #expect(Array(descriptor[128..<132]) == [0, 8, 8, 0])
        #expect(Array(descriptor[158..<166]) == [20, 0, 0, 0, 0, 0, 0, 20])
        #expect(bytes[17 * 2048] == 255)
        // What Pungi's test phase wants of an ISO for x86_64.
        #expect(Array(bytes[510..<512]) == [0x55, 0xAA])
    }

    @Test("every known type gives an extension, and all but raw.zst, vhd.xz can be imported")
    func types() {
        let suffixes = ImageTypeOutputs.known.compactMap { ImageTypeOutputs.suffix(of: $0) }
        let refused = suffixes.filter { ArchiveType.of("n-1-1.x86_64.\($0)") == nil }
        #expect(Set(refused) == ["raw.zst", "vhd.xz"])
        #expect(ArchiveType.of("Fedora-43-1.6.x86_64.raw.xz")?.name == "raw-xz")
        #expect(ArchiveType.of("a.osbuild-manifest.json")?.name == "json")
        #expect(ArchiveType.of("nothing") == nil)
    }

    @Test(
        "failure rules match names with stars",
        arguments: [
            ("*", "Fedora-IoT", true), ("Fedora-IoT", "Fedora-IoT", true), ("Fedora", "Fedora-IoT", false),
            ("Fedora*", "Fedora-IoT", true), ("*IoT", "Fedora-IoT", true), ("*o*o*", "Fedora-IoT", true),
            ("Fe*a-*T", "Fedora-IoT", true), ("*x*", "Fedora-IoT", false), ("Fedora-IoT*IoT", "Fedora-IoT", false),
        ] as [(String, String, Bool)])
    func patterns(_ pattern: String, _ name: String, _ matches: Bool) {
        #expect(FailureRule(name: pattern).concerns(.arch, name: name, arch: "x86_64") == matches)
        #expect(!FailureRule(name: pattern, arch: "s390x").concerns(.arch, name: name, arch: "x86_64"))
        #expect(!FailureRule(stage: .tag, name: pattern).concerns(.arch, name: name, arch: nil))
    }

    @Test("steps come in order of time, and of entry within one moment")
    func agenda() {
        var numbers = SeededGenerator(seed: 5)
        var agenda = Agenda()
        for index in 0..<500 {
            let time = HubTime(microseconds: Int64.random(in: 0..<40, using: &numbers))
            agenda.add(.open, TaskID(index), at: time)
        }
        var taken: [(HubTime, Int)] = []
        while let entry = agenda.take(dueAt: HubTime(microseconds: 39)) {
            taken.append((entry.time, entry.task.number))
        }
        #expect(taken.count == 500)
        #expect(zip(taken, taken.dropFirst()).allSatisfy { $0 < $1 })
        #expect(agenda.nextTime == nil)
    }
}
