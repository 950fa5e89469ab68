import Foundation
import ProductMD
import TestSupport
import Testing

@Suite("images.json: old documents, doubles, merging")
struct ImagesReadingTests {
    private static let valid = ImagesAgreementTests.valid

    private static func decode(_ text: String) throws -> ImagesManifest {
        try ImagesManifest.decode(Array(text.utf8), name: "images.json")
    }

    @Test("a document of 1.0 may lack format and subvariant, and is written as 1.2")
    func oldest() throws {
        var image = Self.valid
        image["format"] = nil
        image["subvariant"] = nil
        image["type"] = "dvd"
        let manifest = try Self.decode(ImagesAgreementTests.document([image], version: "1.0"))
        let record = try #require(manifest.all.first?.image)
        #expect(record.format == "iso")
        #expect(record.subvariant == "")
        let later = ImagesAgreementTests.document([image], version: "1.1")
        let failure = #expect(throws: MetadataFailure.self) { try Self.decode(later) }
        #expect(failure?.description == "images.json: payload.images.IoT.x86_64[0] has no subvariant")
    }

    /// A variant with one image for each arch, and one of its sources filed apart, as up to 1.1.
    private static func withSources(version: String) -> String {
        func image(_ arch: String) -> JSONValue {
            .object(valid.merging(["arch": .string(arch), "path": .string("S/\(arch)/a")]) { $1 })
        }
        return ImagesAgreementTests.text(
            .object([
                "header": .object(["type": "productmd.images", "version": .string(version)]),
                "payload": .object([
                    "compose": .object(["date": "20160602", "id": "DP-1.0-20160602.t.0", "respin": 0, "type": "test"]),
                    "images": .object([
                        "S": .object([
                            "src": .array([image("src")]), "s390x": .array([image("s390x")]),
                            "x86_64": .array([image("x86_64")]),
                        ])
                    ]),
                ]),
            ]))
    }

    @Test("sources that are filed apart move below every binary arch", arguments: ["1.0", "1.1"])
    func sources(version: String) throws {
        let manifest = try Self.decode(Self.withSources(version: version))
        #expect(
            manifest.all.map { "\($0.arch) \($0.image.path)" } == [
                "s390x S/s390x/a", "s390x S/src/a", "x86_64 S/src/a", "x86_64 S/x86_64/a",
            ])
        #expect(manifest.problems.isEmpty)
        guard PythonPeer.isInstalled else { return }
        let answer = try ProductMDPeer.ask([("images", Self.withSources(version: version))])[0]
        #expect(String(decoding: try manifest.encoded(), as: UTF8.self) == answer.text)
    }

    @Test("in a document of 1.2 they stay where they are, and are refused when it is written")
    func sourcesNow() throws {
        let manifest = try Self.decode(Self.withSources(version: "1.2"))
        #expect(manifest.images["S"]?.keys.sorted() == ["s390x", "src", "x86_64"])
        #expect(manifest.problems.contains { $0.contains("arch 'src' of variant S") })
    }

    @Test("one path with two different images, or twice in one list, is refused")
    func doubles() throws {
        let twice = ImagesAgreementTests.document([Self.valid, Self.valid])
        #expect(try Self.decode(twice).problems.contains { $0.contains("recorded twice") })
        let other = Self.valid.merging(["size": 52, "subvariant": "Other"]) { $1 }
        let different = ImagesAgreementTests.document([Self.valid, other])
        #expect(try Self.decode(different).problems.contains { $0.contains("recorded twice") })
        // Nor may two variants say different things of one file.
        var manifest = ImagesManifest(compose: ImagesTests.compose)
        var record = ImagesTests.record()
        manifest.add(record, variant: "IoT", arch: "x86_64")
        manifest.add(record, variant: "Server", arch: "x86_64")
        #expect(manifest.problems.isEmpty)
        record.size = 52
        manifest.add(record, variant: "Server", arch: "x86_64")
        #expect(manifest.problems.count { $0.contains("recorded twice") } == 1)
    }

    @Test("all problems are told at once")
    func everything() throws {
        let broken = Self.valid.merging(["size": 0, "type": "nope", "subvariant": ""]) { $1 }
        let alike = [Self.valid, Self.valid.merging(["path": "IoT/x86_64/images/b.raw.xz"]) { $1 }, broken]
        let manifest = try Self.decode(
            ImagesAgreementTests.document(
                alike.enumerated().map { number, image in
                    number < 2 ? image : image.merging(["path": "IoT/x86_64/images/c.raw.xz"]) { $1 }
                }, compose: ["date": "x"]))
        let failure = #expect(throws: MetadataFailure.self) { try manifest.encoded() }
        #expect(failure?.problems.count == 5, "\(failure?.problems ?? [])")
    }

    /// The identity of ``ImagesTests/record(_:subvariant:)``, changed in one of the fields that productmd compares.
    @Test("any one of productmd's unique attributes tells two images apart", .needsPeers)
    func identity() throws {
        let base = ImageIdentity(subvariant: "IoT", type: "raw-xz", format: "raw.xz", arch: "x86_64")
        let changes: [String: @Sendable (inout ImageIdentity) -> Void] = [
            "subvariant": { $0.subvariant = "KDE" }, "type": { $0.type = "raw" }, "format": { $0.format = "raw" },
            "arch": { $0.arch = "aarch64" }, "disc_number": { $0.discNumber = 2 }, "unified": { $0.isUnified = true },
            "additional_variants": { $0.additionalVariants = ["Server"] },
        ]
        for change in changes.values {
            var other = base
            change(&other)
            #expect(other != base)
        }
        let vocabulary = try #require(try ProductMDPeer.ask([("vocabulary", 0)]).first?.value as? [String: Any])
        #expect(Set(vocabulary["unique"] as? [String] ?? []) == Set(changes.keys))
    }

    @Test("what productmd would write and then could not read, we refuse to write", .needsPeers)
    func unreadable() throws {
        let other = Self.valid.merging(["path": "b.raw.xz", "checksums": .object(["sha256": "cd"])]) { $1 }
        let document = ImagesAgreementTests.document([Self.valid, other])
        #expect(try ProductMDPeer.ask([("images", document)])[0].error?.contains("UNIQUE_IMAGE_ATTRIBUTES") == true)
        #expect(ImagesAgreementTests.ours(document).complaint?.contains("cannot be told apart") == true)
    }

    @Test("merging keeps others' images and replaces our own of the same path")
    func merging() throws {
        let theirs = ImagesTests.record("Server/x86_64/images/a.raw.xz", subvariant: "Server")
        var manifest = ImagesManifest(compose: ImagesTests.compose)
        manifest.add(theirs, variant: "Server", arch: "x86_64")
        var ours = ImagesTests.record()
        let first = manifest.merging([ours], for: "IoT", arch: "x86_64")
        ours.size = 99
        let second = first.merging([ours], for: "IoT", arch: "x86_64")
        #expect(manifest.all.count == 1)
        #expect(second.all.map(\.image) == [ours, theirs])
    }

    @Test("what Pungi recorded in its cases is written byte for byte", .needsShared, .needsPeers)
    func pungiCases() throws {
        let folder = Checkout.shared.appendingPathComponent("pungi-cases")
        var cases: [(name: String, recorded: String, digest: String)] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
            guard let data = try? Data(contentsOf: folder.appendingPathComponent("\(name)/expected-images.json")) else {
                continue
            }
            let answer = try JSONReader.read([UInt8](data), name: name)
            guard let document = answer["images.json"], let digest = answer["images.json.sha256"]?.string else {
                continue
            }
            cases.append((name, ImagesAgreementTests.text(document), digest))
        }
        let written = try cases.map { entry in
            let manifest = try Self.decode(entry.recorded)
            return manifest.problems.isEmpty ? String(decoding: try manifest.encoded(), as: UTF8.self) : ""
        }
        let loads = try ProductMDPeer.ask(cases.map { ("images", $0.recorded) })
        let digests = try ProductMDPeer.ask(written.map { ("sha256", $0) })
        var compared = 0
        var refused = 0
        for (index, entry) in cases.enumerated() {
            // Some cases have images that Pungi writes and no reader can load.
            guard loads[index].isOK else {
                let problems = try Self.decode(entry.recorded).problems
                #expect(problems.contains { $0.contains("cannot be told apart") }, "\(entry.name)")
                refused += 1
                continue
            }
            #expect(digests[index].text == entry.digest, "\(entry.name)")
            compared += 1
        }
        print("pungi cases: \(compared) byte for byte, \(refused) refused as by productmd")
        #expect(compared >= 10)
        #expect(refused >= 1)
    }
}
