import Foundation
import ProductMD
import TestSupport
import Testing

/// What is kept of other phases, and what is asked of us.
@Suite("images.json: merging into what is there")
struct ImagesMergingTests {
    private static func file(_ text: String) throws -> ImagesFile {
        try ImagesFile.decode(Array(text.utf8), name: "images.json")
    }

    private static func text(_ file: ImagesFile) -> String { String(decoding: file.encoded(), as: UTF8.self) }

    private static let foreign: [String: JSONValue] = [
        "path": "Server/x86_64/iso/b.iso", "type": "nope", "size": "77", "zebra": .array([1, .double(1.0), .null]),
    ]

    @Test("entries of other phases stay as they stand, unknown members and nonsense included")
    func untouched() throws {
        var file = try Self.file(ImagesAgreementTests.document([Self.foreign, [:]], variant: "Server"))
        try file.apply(.init(added: [.init(ImagesTests.record(), variant: "IoT", arch: "x86_64")]))
        let images = try JSONReader.read(file.encoded(), name: "x")["payload"]?["images"]
        #expect(images?["Server"]?["x86_64"] == .array([.object([:]), .object(Self.foreign)]))
        #expect(images?["IoT"]?["x86_64"]?.array?.count == 1)
    }

    @Test("what readers would refuse of them is told with entry and field")
    func warnings() throws {
        let file = try Self.file(
            ImagesAgreementTests.document([Self.foreign, ImagesAgreementTests.valid.merging(["size": 0]) { $1 }]))
        #expect(
            file.warnings.contains { $0.contains("image Server/x86_64/iso/b.iso: ") && $0.contains("checksums") },
            "\(file.warnings)")
        #expect(file.warnings.contains { $0.contains("image IoT/x86_64/images/a.raw.xz: size is 0") })
        #expect(try Self.file(ImagesAgreementTests.document([ImagesAgreementTests.valid])).warnings.isEmpty)
    }

    @Test("an image of ours that looks like another phase's is our failure, and nothing of the change is made")
    func identity() throws {
        var file = try Self.file(ImagesAgreementTests.document([ImagesAgreementTests.valid], variant: "Server"))
        let before = file.encoded()
        let fine = ImagesTests.record("IoT/x86_64/images/0.raw.xz", subvariant: "Fine")
        let failure = #expect(throws: MetadataFailure.self) {
            try file.apply(
                .init(
                    added: [
                        .init(fine, variant: "IoT", arch: "x86_64"),
                        .init(ImagesTests.record("IoT/x86_64/images/z.raw.xz"), variant: "IoT", arch: "x86_64"),
                    ]))
        }
        #expect(
            failure?.problems == [
                "images IoT/x86_64/images/a.raw.xz and IoT/x86_64/images/z.raw.xz cannot be told apart by readers:"
                    + " subvariant IoT, type raw-xz, format raw.xz, arch x86_64, disc 1"
            ])
        #expect(file.encoded() == before)
        // What gives way stands in nobody's way.
        try file.apply(
            .init(
                added: [.init(ImagesTests.record("IoT/x86_64/images/z.raw.xz"), variant: "IoT", arch: "x86_64")],
                removed: [("IoT/x86_64/images/a.raw.xz", "Server", "x86_64")]))
        #expect(!Self.text(file).contains("Server"))
    }

    @Test("a path is one image: the same below two arches, never two", arguments: [51, 52])
    func paths(size: Int) throws {
        var file = try ImagesFile(compose: ImagesTests.compose)
        var record = ImagesTests.record()
        record.arch = "src"
        try file.apply(.init(added: [.init(record, variant: "IoT", arch: "x86_64")]))
        record.size = size
        let change = ImagesFile.Change(added: [.init(record, variant: "IoT", arch: "aarch64")])
        if size == 51 {
            #expect(throws: Never.self) { try file.apply(change) }
        } else {
            let failure = #expect(throws: MetadataFailure.self) { try file.apply(change) }
            #expect(failure?.description.contains("recorded twice") == true)
        }
    }

    @Test("generated documents of every version: the same bytes, or refused by both (seeded)", .needsPeers)
    func generated() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        let documents = (0..<3000).map { _ in Self.generate(&random) }
        var taken = 0
        for (document, answer) in zip(documents, try ProductMDPeer.ask(documents.map { ("images", $0.text) })) {
            let (ours, complaint) = ImagesAgreementTests.ours(document.text)
            if let text = answer.text {
                taken += 1
                #expect(ours == nil || ours == text, "seed \(seed): \(document.text)")
                #expect(ours != nil || document.isStrange, "seed \(seed): \(complaint ?? "")")
                let kept = try Self.text(Self.file(document.text))
                if document.isCanonical { #expect(kept == text, "seed \(seed): \(document.text)") }
            } else {
                #expect(complaint != nil, "seed \(seed): \(answer.error ?? ""): \(document.text)")
                if let file = try? Self.file(document.text) { #expect(!file.warnings.isEmpty, "seed \(seed)") }
            }
        }
        #expect(taken > 1000 && taken < documents.count, "seed \(seed): \(taken)")
    }

    /// - Returns: a document; whether it has what only we refuse; whether productmd keeps each of its members.
    private static func generate(_ random: inout SeededGenerator) -> (text: String, isStrange: Bool, isCanonical: Bool)
    {
        func pick<Item>(_ items: [Item]) -> Item { items[Int.random(in: 0..<items.count, using: &random)] }
        let version = pick(["1.0", "1.1", "1.2"])
        var isStrange = false
        var isCanonical = true
        let pairs = ImageVocabulary.formatsByType.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
        var variants: [String: JSONValue] = [:]
        var number = 0
        for variant in ["IoT", "Server", "Ünï"] where Bool.random(using: &random) {
            var arches: [String: JSONValue] = [:]
            for arch in version == "1.2" ? ["x86_64", "s390x"] : ["x86_64", "s390x", "src"]
            where Bool.random(using: &random) {
                arches[arch] = .array(
                    (0..<Int.random(in: 1...3, using: &random)).map { _ in
                        number += 1
                        let pair = pick(pairs)
                        var image = ImagesAgreementTests.valid.merging([
                            "path": .string("\(variant)/\(arch)/\(pick(["a", "b", "é", "\u{1F600}", "Z"]))\(number)"),
                            "arch": .string(arch), "type": .string(pair.key), "format": .string(pick(pair.value)),
                            "size": .int(Int.random(in: 1...Int.max, using: &random)),
                            "volume_id": pick([.null, "F-\"44\"\u{7F}\u{2028}"]), "subvariant": .string("S\(number)"),
                            "checksums": .object(["sha256": .string("d\(number)"), "md5": "0"]),
                        ]) { $1 }
                        if Bool.random(using: &random), Bool.random(using: &random) {
                            image["unified"] = true
                            image["additional_variants"] = pick([.array([]), .array(["B", "A"])])
                        }
                        guard Int.random(in: 0..<15, using: &random) == 0 else { return .object(image) }
                        switch Int.random(in: 0..<9, using: &random) {
                        case 0: (image["size"], isCanonical) = ("51", false)
                        case 1: (image["bootable"], isCanonical) = (1, false)
                        case 2: (image["zebra"], isCanonical) = ("x", false)
                        case 3: (image["subvariant"], isStrange) = ("", true)
                        case 4: (image["disc_number"], isStrange) = (7, true)
                        case 5: image["type"] = "nope"
                        case 6: image["implant_md5"] = "zz"
                        case 7: image["size"] = 0
                        default: image["checksums"] = .object([:])
                        }
                        return .object(image)
                    })
            }
            if !arches.isEmpty { variants[variant] = .object(arches) }
        }
        let document: JSONValue = .object([
            "header": .object(["type": "productmd.images", "version": .string(version)]),
            "payload": .object([
                "compose": .object([
                    "date": "20260102", "id": "Fedora-44-20260102.n.0", "respin": 0, "type": "nightly",
                ]), "images": .object(variants),
            ]),
        ])
        return (ImagesAgreementTests.text(document), isStrange, isCanonical || version != "1.2")
    }
}
