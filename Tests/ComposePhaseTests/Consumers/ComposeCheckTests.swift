import Foundation
import ProductMD
import Testing

@testable import ComposePhase

/// A compose that all consumers take, and each thing that one of them would trip over.
@Suite("What consumers trip over")
struct ComposeCheckTests {
    private static let id = "Fedora-IoT-44-20260102.0"

    private static func record(_ arch: String, _ type: String, _ name: String) -> ImageRecord {
        let isISO = type != "raw-xz"
        return ImageRecord(
            path: "IoT/\(arch)/\(isISO ? "iso" : "images")/\(name).\(arch).\(isISO ? "iso" : "raw.xz")",
            mtime: 1_700_000_000,
            size: 100, volumeID: nil, type: type, format: isISO ? "iso" : "raw.xz", arch: arch, discNumber: 1,
            discCount: 1, checksums: ["sha256": "aa"], implantMD5: nil, bootable: isISO, subvariant: "IoT")
    }

    /// A production compose of IoT, with everything that is expected of it.
    static func good() -> ReadCompose {
        var manifest = ImagesManifest(compose: .init(id: id, date: "20260102", type: "production", respin: 0))
        var compose = ReadCompose()
        var directories: Set<String> = ["metadata"]
        for arch in ["x86_64", "aarch64"] {
            for (type, name) in [("raw-xz", "raw"), ("dvd-ostree", "ostree")] {
                manifest.add(record(arch, type, name), variant: "IoT", arch: arch)
            }
            var provisioner = record(arch, "dvd", "provisioner")
            provisioner.subvariant = "IoT_Simplified_Provisioner"
            manifest.add(provisioner, variant: "IoT", arch: arch)
        }
        for (_, _, image) in manifest.all {
            compose.files[image.path] = .init(kind: .file, size: 100, mtime: 1_700_000_000, isPublic: true)
            let parts = image.path.split(separator: "/").map(String.init)
            for count in 1..<parts.count { directories.insert(parts[..<count].joined(separator: "/")) }
            let sum = (parts.dropLast() + ["Fedora-IoT-IoT-44-\(image.arch)-20260102.0-CHECKSUM"]).joined(
                separator: "/")
            compose.files[sum] = .init(kind: .file, size: 1, mtime: 1, isPublic: true)
            var text = ChecksumText(reading: compose.checksumFiles[sum] ?? [])
            text.add(.init(file: parts.last ?? "", size: 100, kind: "sha256", digest: "aa"))
            compose.checksumFiles[sum] = text.bytes
        }
        for directory in directories {
            compose.files[directory] = .init(kind: .directory, size: 1, mtime: 1, isPublic: true)
        }
        compose.images = .read(manifest)
        compose.composeID = .read(id)
        compose.status = .read("FINISHED\n")
        compose.deliverables = .read(.object(["failed": .object([:])]))
        compose.info = .read(
            ComposeInfoDocument(
                compose: .init(
                    id: id, date: "20260102", type: .production, respin: 0, label: nil, isFinal: false),
                release: .init(name: "Fedora-IoT", short: "Fedora-IoT", version: "44", type: "ga"),
                releaseIsInternal: false, baseProduct: nil,
                variants: [
                    .init(
                        id: "IoT", uid: "IoT", name: "IoT", type: "variant", arches: ["aarch64", "x86_64"],
                        paths: ["images": ["x86_64": "IoT/x86_64/images"]], parentUID: nil, release: nil)
                ]))
        return compose
    }

    private static let raw = "IoT/x86_64/images/raw.x86_64.raw.xz"

    struct Damage: Sendable, CustomTestStringConvertible {
        let what: String
        let code: String
        let consumers: [Consumer]
        var severity = CheckFinding.Severity.error
        let change: @Sendable (inout ReadCompose) -> Void
        var testDescription: String { what }
    }

    private static func changing(
        _ compose: inout ReadCompose, _ change: (inout ImageRecord) -> Void, at path: String = raw
    ) {
        guard case .read(var manifest) = compose.images,
            let entry = manifest.all.first(where: { $0.image.path == path })
        else { return }
        manifest.remove(path: path, variant: entry.variant, arch: entry.arch)
        var image = entry.image
        change(&image)
        manifest.add(image, variant: entry.variant, arch: entry.arch)
        compose.images = .read(manifest)
    }

    static let readers: [Consumer] = [.fedfind, .openqa, .productmd, .website]
    static let takers: [Consumer] = [.fedfind, .mirror, .openqa, .website]

    static let damages: [Damage] = [
        Damage(what: "no images.json", code: "images-missing", consumers: readers) { $0.images = .absent },
        Damage(what: "images.json is half", code: "images-unreadable", consumers: readers) {
            $0.images = .unreadable("no")
        },
        Damage(what: "a type that nobody knows", code: "image-invalid", consumers: readers) {
            changing(&$0) { $0.type = "hologram" }
        },
        Damage(
            what: "type and format do not go together", code: "image-strange", consumers: readers, severity: .warning
        ) {
            changing(&$0) { $0.type = "qcow2" }
        },
        Damage(what: "two of one identity", code: "image-invalid", consumers: readers) {
            changing(&$0, { $0.subvariant = "IoT" }, at: "IoT/x86_64/iso/provisioner.x86_64.iso")
            changing(&$0, { $0.type = "dvd-ostree" }, at: "IoT/x86_64/iso/provisioner.x86_64.iso")
        },
        Damage(what: "no composeinfo.json", code: "composeinfo-missing", consumers: takers + [.productmd]) {
            $0.info = .absent
        },
        Damage(what: "composeinfo.json is half", code: "composeinfo-unreadable", consumers: takers + [.productmd]) {
            $0.info = .unreadable("no")
        },
        Damage(what: "a release of no type", code: "composeinfo-invalid", consumers: readers) {
            guard case .read(var info) = $0.info else { return }
            info.release.type = "party"
            $0.info = .read(info)
        },
        Damage(
            what: "a path that leads nowhere", code: "path-missing", consumers: [.fedfind, .mirror], severity: .warning
        ) {
            guard case .read(var info) = $0.info else { return }
            info.variants[0].paths["isos"] = ["x86_64": "IoT/x86_64/nowhere"]
            $0.info = .read(info)
        },
        Damage(what: "another compose's COMPOSE_ID", code: "id-mismatch", consumers: readers) {
            $0.composeID = .read("Other-1-20260102.0")
        },
        Damage(what: "no COMPOSE_ID", code: "compose-id-missing", consumers: [.fedfind], severity: .warning) {
            $0.composeID = .absent
        },
        Damage(what: "no STATUS", code: "status-missing", consumers: [.fedfind, .openqa]) { $0.status = .absent },
        Damage(what: "doomed", code: "status-not-finished", consumers: [.fedfind, .openqa]) {
            $0.status = .read("DOOMED\n")
        },
        Damage(what: "a word of no meaning", code: "status-unknown", consumers: [.fedfind, .openqa]) {
            $0.status = .read("DONE")
        },
        Damage(what: "a failure that STATUS hides", code: "status-hides-failures", consumers: [.fedfind, .openqa]) {
            $0.deliverables = .read(.object(["failed": .object(["imageBuilderBuild": .array([.null])])]))
        },
        Damage(what: "a rehearsal", code: "rehearsal", consumers: Consumer.allCases) { $0.isRehearsal = true },
        Damage(what: "an image is gone", code: "image-missing", consumers: takers) { $0.files[raw] = nil },
        Damage(what: "an image is a directory", code: "image-no-file", consumers: takers) {
            $0.files[raw]?.kind = .directory
        },
        Damage(what: "an image is another size", code: "size-differs", consumers: takers) { $0.files[raw]?.size = 99 },
        Damage(what: "an image is of another time", code: "mtime-differs", consumers: [.mirror], severity: .warning) {
            $0.files[raw]?.mtime = 5
        },
        Damage(what: "an image is another", code: "digest-differs", consumers: takers) {
            $0.digests = [raw: ["sha256": "bb"]]
        },
        Damage(what: "a link out of the tree", code: "link-leaves-tree", consumers: [.website, .mirror]) {
            $0.files[raw]?.kind = .link(target: "/mnt/koji/x", staysInside: false)
        },
        Damage(what: "nobody may read it", code: "not-public", consumers: [.openqa, .website, .mirror]) {
            $0.files[raw]?.isPublic = false
        },
        Damage(
            what: "an image that is not recorded", code: "image-unrecorded", consumers: [.fedfind, .openqa, .mirror],
            severity: .warning
        ) {
            $0.files["IoT/x86_64/images/more.raw.xz"] = .init(kind: .file, size: 1, mtime: 1, isPublic: true)
        },
        Damage(what: "a hidden file", code: "leftover", consumers: [.mirror]) {
            $0.files["IoT/x86_64/images/.raw.xz.part"] = .init(kind: .file, size: 1, mtime: 1, isPublic: true)
        },
        Damage(what: "a device", code: "no-file", consumers: [.mirror]) {
            $0.files["metadata/null"] = .init(kind: .other, size: 0, mtime: 1, isPublic: true)
        },
        Damage(what: "a name with blanks", code: "name-strange", consumers: [.website, .mirror], severity: .warning) {
            $0.files["metadata/a b.json"] = .init(kind: .file, size: 0, mtime: 1, isPublic: true)
        },
        Damage(what: "names that differ by case", code: "name-case", consumers: [.mirror], severity: .warning) {
            $0.files["Metadata"] = .init(kind: .directory, size: 0, mtime: 1, isPublic: true)
        },
        Damage(what: "too many files", code: "too-many-files", consumers: [.mirror], severity: .warning) {
            $0.isCut = true
        },
        Damage(what: "a checksum file says another digest", code: "checksum-differs", consumers: [.website, .mirror]) {
            for path in $0.checksumFiles.keys where path.contains("x86_64/images") {
                $0.checksumFiles[path] = Array("# raw.x86_64.raw.xz: 100 bytes\nSHA256 (raw.x86_64.raw.xz) = bb\n".utf8)
            }
        },
        Damage(
            what: "a checksum file says another size", code: "checksum-size-differs", consumers: [.website, .mirror]
        ) {
            for path in $0.checksumFiles.keys where path.contains("x86_64/images") {
                $0.checksumFiles[path] = Array("# raw.x86_64.raw.xz: 1 bytes\nSHA256 (raw.x86_64.raw.xz) = aa\n".utf8)
            }
        },
        Damage(
            what: "a checksum file names nothing", code: "checksum-of-nothing", consumers: [.website, .mirror],
            severity: .warning
        ) {
            for path in $0.checksumFiles.keys where path.contains("x86_64/images") {
                $0.checksumFiles[path] = ($0.checksumFiles[path] ?? []) + Array("# x: 1 bytes\nSHA256 (x) = aa\n".utf8)
            }
        },
        Damage(what: "a checksum file lacks an image", code: "checksum-lacks-image", consumers: [.website, .mirror]) {
            for path in $0.checksumFiles.keys where path.contains("x86_64/iso") {
                $0.checksumFiles[path] = Array(
                    "# ostree.x86_64.iso: 100 bytes\nSHA256 (ostree.x86_64.iso) = aa\n".utf8)
            }
        },
        Damage(what: "an installer of type boot", code: "openqa-unmatched", consumers: [.openqa]) {
            changing(&$0, { $0.type = "boot" }, at: "IoT/x86_64/iso/ostree.x86_64.iso")
        },
        Damage(what: "no raw image for an arch", code: "fedfind-expects", consumers: [.fedfind], severity: .warning) {
            changing(&$0) { $0.subvariant = "Other" }
        },
        Damage(what: "a checksum file by another name", code: "website-checksum", consumers: [.website]) {
            for path in $0.files.keys where path.hasSuffix("CHECKSUM") { $0.files[path] = nil }
        },
        Damage(what: "provenance of another file", code: "provenance-differs", consumers: [.productmd]) {
            $0.provenance = .read(
                .object([
                    "payload": .object(["images": .object([raw: .object(["size": 1, "checksums": .object([:])])])])
                ]))
        },
        Damage(what: "provenance is half", code: "provenance-unreadable", consumers: [.productmd], severity: .warning) {
            $0.provenance = .unreadable("no")
        },
        Damage(what: "a side file is gone", code: "side-file-missing", consumers: [.productmd], severity: .warning) {
            let entry: JSONValue = .object([
                "size": 100, "checksums": .object(["sha256": "aa"]),
                "side_files": .array([.object(["path": "metadata/imagebuilder/IoT/x86_64/a.json"])]),
            ])
            $0.provenance = .read(.object(["payload": .object(["images": .object([raw: entry])])]))
        },
    ]

    @Test("a good compose is good")
    func good() {
        let found = ComposeCheck.findings(Self.good(), for: Set(Consumer.allCases))
        #expect(found.map(\.code) == ["fedfind-expects", "fedfind-expects"], "\(found.map(\.message))")
        #expect(found.allSatisfy { $0.severity == .warning && $0.message.contains("type dvd ") })
    }

    @Test("each damage is found, and whom it concerns is named", arguments: damages)
    func damaged(_ damage: Damage) throws {
        var compose = Self.good()
        let before = Set(ComposeCheck.findings(compose, for: Set(Consumer.allCases)))
        damage.change(&compose)
        let new = ComposeCheck.findings(compose, for: Set(Consumer.allCases)).filter { !before.contains($0) }
        let finding = try #require(new.first { $0.code == damage.code }, "found \(new.map(\.code))")
        #expect(finding.severity == damage.severity)
        #expect(Set(finding.consumers) == Set(damage.consumers))
        #expect(!finding.remedy.isEmpty && !finding.place.isEmpty)
        for consumer in Consumer.allCases {
            let seen = ComposeCheck.findings(compose, for: [consumer]).contains {
                $0.code == damage.code && !before.contains($0)
            }
            #expect(seen == damage.consumers.contains(consumer), "\(consumer)")
        }
    }

    @Test("every code stands in the manual, and the manual has no other")
    func manual() throws {
        let sources = try Self.sources().joined(separator: "\n")
        let codes = Set(sources.matches(of: /\.(?:error|warning), "([a-z-]+)"/).map { String($0.1) })
        #expect(codes.count > 25)
        let manual = try String(contentsOf: Self.root.appendingPathComponent("docs/check.md"), encoding: .utf8)
        let rows = Set(manual.matches(of: /\n\| `([a-z-]+)` \|/).map { String($0.1) })
        #expect(codes.subtracting(rows).sorted() == [])
        #expect(rows.subtracting(codes).sorted() == [])
        #expect(
            codes.subtracting(Self.damages.map(\.code)).subtracting(["compose-mismatch", "provenance-of-nothing"]) == []
        )
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func sources() throws -> [String] {
        let folder = root.appendingPathComponent("Sources/ComposePhase/Consumers")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).map {
            try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
                .replacing(/\.(error|warning),\s+"/, with: { ".\($0.1), \"" })
        }
    }
}
