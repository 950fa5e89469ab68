import Foundation
import ProductMD
import TestSupport
import Testing

@Suite("images.json")
struct ImagesTests {
    static let compose = ImagesManifest.Compose(
        id: "Fedora-44-20260102.n.0", date: "20260102", type: "nightly", respin: 0)

    static func record(_ path: String = "IoT/x86_64/images/a.raw.xz", subvariant: String = "IoT") -> ImageRecord {
        ImageRecord(
            path: path, mtime: 1_700_000_000, size: 51, volumeID: nil, type: "raw-xz", format: "raw.xz", arch: "x86_64",
            discNumber: 1, discCount: 1, checksums: ["sha256": "ab"], implantMD5: nil, bootable: false,
            subvariant: subvariant)
    }

    @Test("a manifest is written as productmd writes it")
    func write() throws {
        var manifest = ImagesManifest(compose: Self.compose)
        manifest.add(Self.record(), variant: "IoT", arch: "x86_64")
        let expected = """
            {
                "header": {
                    "type": "productmd.images",
                    "version": "1.2"
                },
                "payload": {
                    "compose": {
                        "date": "20260102",
                        "id": "Fedora-44-20260102.n.0",
                        "respin": 0,
                        "type": "nightly"
                    },
                    "images": {
                        "IoT": {
                            "x86_64": [
                                {
                                    "arch": "x86_64",
                                    "bootable": false,
                                    "checksums": {
                                        "sha256": "ab"
                                    },
                                    "disc_count": 1,
                                    "disc_number": 1,
                                    "format": "raw.xz",
                                    "implant_md5": null,
                                    "mtime": 1700000000,
                                    "path": "IoT/x86_64/images/a.raw.xz",
                                    "size": 51,
                                    "subvariant": "IoT",
                                    "type": "raw-xz",
                                    "volume_id": null
                                }
                            ]
                        }
                    }
                }
            }
            """
        #expect(String(decoding: try manifest.encoded(), as: UTF8.self) == expected)
        #expect(try ImagesManifest.decode(try manifest.encoded(), name: "x") == manifest)
    }

    @Test("no images at all is a valid manifest")
    func empty() throws {
        let text = String(decoding: try ImagesManifest(compose: Self.compose).encoded(), as: UTF8.self)
        #expect(text.contains("\"images\": {}"))
    }

    /// Each row breaks one rule; the message must name the field's matter.
    static let broken: [(String, String, @Sendable (inout ImageRecord) -> Void)] = [
        ("size", "size is 0", { $0.size = 0 }),
        ("checksums", "no checksum", { $0.checksums = [:] }),
        ("type", "no type 'zzz'", { $0.type = "zzz" }),
        ("format", "no format 'raw.zst'", { $0.format = "raw.zst" }),
        ("pair", "does not go with", { $0.format = "iso" }),
        ("absolute path", "absolute", { $0.path = "/etc/passwd" }),
        ("leaving path", "leaves", { $0.path = "IoT/../../x" }),
        ("disc", "disc 2 of 1", { $0.discNumber = 2 }),
        ("subvariant", "subvariant is empty", { $0.subvariant = "" }),
        ("md5", "implant_md5", { $0.implantMD5 = "ABC" }),
        ("unified", "unified", { $0.additionalVariants = ["Server"] }),
    ]

    @Test("what readers would refuse is refused", arguments: 0..<broken.count)
    func refuse(index: Int) throws {
        let (_, expected, change) = Self.broken[index]
        var record = Self.record()
        change(&record)
        var manifest = ImagesManifest(compose: Self.compose)
        manifest.add(record, variant: "IoT", arch: "x86_64")
        let failure = #expect(throws: MetadataFailure.self) { try manifest.encoded() }
        #expect(failure?.description.contains(expected) == true, "\(failure?.description ?? "")")
    }

    @Test("two images that cannot be told apart are refused, whatever their checksums are")
    func duplicates() throws {
        var manifest = ImagesManifest(compose: Self.compose)
        manifest.add(Self.record("a/b.raw.xz"), variant: "IoT", arch: "x86_64")
        manifest.add(Self.record("a/c.raw.xz"), variant: "Server", arch: "x86_64")
        #expect(throws: MetadataFailure.self) { try manifest.encoded() }
        manifest = ImagesManifest(compose: Self.compose)
        manifest.add(Self.record("a/b.raw.xz"), variant: "IoT", arch: "x86_64")
        manifest.add(Self.record("a/c.raw.xz", subvariant: "Other"), variant: "Server", arch: "x86_64")
        #expect(throws: Never.self) { try manifest.encoded() }
    }

    @Test("an image of the same path is replaced, others' entries stay")
    func merge() throws {
        var manifest = ImagesManifest(compose: Self.compose)
        manifest.add(Self.record("a/b.raw.xz", subvariant: "Theirs"), variant: "IoT", arch: "x86_64")
        manifest.add(Self.record("a/c.raw.xz"), variant: "IoT", arch: "x86_64")
        var again = Self.record("a/c.raw.xz")
        again.size = 99
        manifest.add(again, variant: "IoT", arch: "x86_64")
        #expect(manifest.all.map(\.image.size) == [51, 99])
    }

    @Test("the words are productmd's", .needsPeers)
    func vocabulary() throws {
        let value = try #require(try ProductMDPeer.ask([("vocabulary", 0)]).first?.value as? [String: Any])
        #expect(Set(value["types"] as? [String] ?? []) == ImageVocabulary.types)
        #expect(Set(value["formats"] as? [String] ?? []) == ImageVocabulary.formats)
        #expect(Set(value["arches"] as? [String] ?? []) == ImageVocabulary.arches)
        let pairs = value["pairs"] as? [String: [String]] ?? [:]
        #expect(pairs.mapValues(Set.init) == ImageVocabulary.formatsByType.mapValues(Set.init))
    }

    @Test("random manifests survive the real productmd byte for byte (seeded)", .needsPeers)
    func differential() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let texts = try (0..<40).map { _ in
            String(decoding: try Self.random(&generator).encoded(), as: UTF8.self)
        }
        for (text, answer) in zip(texts, try ProductMDPeer.ask(texts.map { ("images", $0) })) {
            #expect(answer.text == text, "seed \(seed): \(answer.error ?? "")")
        }
    }

    static func random(_ generator: inout SeededGenerator) -> ImagesManifest {
        var manifest = ImagesManifest(compose: compose)
        for number in 0..<Int.random(in: 0..<20, using: &generator) {
            let pairs = ImageVocabulary.formatsByType.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
            let pair = pairs[Int.random(in: 0..<pairs.count, using: &generator)]
            let arch = ["x86_64", "aarch64", "s390x"].randomElement(using: &generator) ?? "x86_64"
            let variant = ["IoT", "Server", "Ünïcode"].randomElement(using: &generator) ?? "IoT"
            var image = record("\(variant)/\(arch)/\(number).bin", subvariant: "S\(number)")
            image.type = pair.key
            image.format = pair.value.randomElement(using: &generator) ?? pair.value[0]
            image.arch = arch
            image.size = Int.random(in: 1...Int.max, using: &generator)
            image.volumeID = Bool.random(using: &generator) ? "Fedora-\(number)" : nil
            image.implantMD5 = Bool.random(using: &generator) ? String(repeating: "0a", count: 16) : nil
            image.isUnified = Bool.random(using: &generator)
            image.additionalVariants = image.isUnified ? ["A", "B"] : []
            manifest.add(image, variant: variant, arch: arch)
        }
        return manifest
    }

    static let realDocuments: [String] = [
        "Fedora-24-20160614.0/images.json", "Fedora-38-20230413.1/images.json", "Fedora-43-20251023.0/images.json",
        "Fedora-Rawhide-20240829.n.1/images.json", "productmd-images/f20.json", "productmd-images/f23.json",
        "productmd-images/src_move_after.json", "productmd-images/src_move_before.json",
    ]

    @Test("real documents of ten years load", .needsShared, arguments: realDocuments)
    func real(path: String) throws {
        let bytes = [UInt8](try Checkout.sharedData("metadata/\(path)"))
        let manifest = try ImagesManifest.decode(bytes, name: path)
        #expect(!manifest.all.isEmpty)
        guard PythonPeer.isInstalled else { return }
        let answer = try ProductMDPeer.ask([("images", String(decoding: bytes, as: UTF8.self))])[0]
        // One has images of a type that is no more; two old ones have images without a subvariant, which
        // productmd still writes and we do not.
        #expect(answer.isOK == !path.contains("Rawhide"))
        #expect(
            manifest.problems.isEmpty == (answer.isOK && !["f20", "f23"].contains { path.contains($0) }),
            "\(manifest.problems.first ?? "")")
        guard manifest.problems.isEmpty else { return }
        #expect(String(decoding: try manifest.encoded(), as: UTF8.self) == answer.text)
    }

    @Test("a document of another kind or of the future is refused by name")
    func foreign() {
        for text in [
            #"{"header": {"type": "productmd.rpms", "version": "1.2"}, "payload": {}}"#,
            #"{"header": {"type": "productmd.images", "version": "9.0"}, "payload": {}}"#, "[]", "{}",
        ] {
            let failure = #expect(throws: MetadataFailure.self) {
                try ImagesManifest.decode(Array(text.utf8), name: "odd.json")
            }
            #expect(failure?.description.contains("odd.json") == true)
        }
    }
}
