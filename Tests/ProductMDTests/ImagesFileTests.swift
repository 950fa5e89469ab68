import Foundation
import ProductMD
import TestSupport
import Testing

@Suite("images.json while it grows")
struct ImagesFileTests {
    private static func text(_ file: ImagesFile) -> String { String(decoding: file.encoded(), as: UTF8.self) }

    private static func file(_ text: String) throws -> ImagesFile {
        try ImagesFile.decode(Array(text.utf8), name: "images.json")
    }

    /// A file of another phase with one record, changed as wanted.
    private static func theirs(_ change: [String: JSONValue], version: String = "1.2") throws -> String {
        var manifest = ImagesManifest(compose: ImagesTests.compose)
        manifest.add(
            ImagesTests.record("Server/x86_64/images/s.raw.xz", subvariant: "Server"), variant: "Server", arch: "x86_64"
        )
        let text = String(decoding: try manifest.encoded(), as: UTF8.self)
        var document = try #require(try JSONReader.read(Array(text.utf8), name: "t").object)
        let payload = try #require(document["payload"]?.object)
        let record = try #require(payload["images"]?["Server"]?["x86_64"]?.array?.first?.object)
        document["header"] = .object(["type": "productmd.images", "version": .string(version)])
        let list = JSONValue.array([.object(record.merging(change) { $1 })])
        let images = JSONValue.object(["Server": .object(["x86_64": list])])
        document["payload"] = .object(payload.merging(["images": images]) { $1 })
        return String(decoding: JSONWriter.pretty(.object(document)), as: UTF8.self)
    }

    @Test("image by image it is what a manifest of all of them is (seeded)")
    func grows() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let manifest = ImagesTests.random(&generator)
            var file = try ImagesFile(compose: ImagesTests.compose)
            var made = ImagesManifest(compose: ImagesTests.compose)
            for (variant, arch, image) in manifest.all.shuffled(using: &generator) {
                try file.apply(.init(added: [.init(image, variant: variant, arch: arch)]))
                made.add(image, variant: variant, arch: arch)
                #expect(Self.text(file) == String(decoding: try made.encoded(), as: UTF8.self), "seed \(seed)")
            }
            for (variant, arch, image) in manifest.all.shuffled(using: &generator) {
                if Bool.random(using: &generator) { file = try Self.file(Self.text(file)) }
                try file.apply(.init(added: [], removed: [(image.path, variant, arch)]))
                made.remove(path: image.path, variant: variant, arch: arch)
                #expect(Self.text(file) == String(decoding: try made.encoded(), as: UTF8.self), "seed \(seed)")
            }
        }
    }

    /// What another phase may have written, and what is said of it.
    static let strange: [(change: [String: JSONValue], says: String?)] = [
        (["colour": "red"], nil), (["mtime": .double(1.5)], nil), (["size": "51"], nil),
        (["type": "hologram"], "no type 'hologram'"), (["size": 0], "size is 0"),
        (["checksums": .object([:])], "no checksum"), (["path": "../x"], "leaves the compose"),
        (["path": 7], "path"), (["arch": .null], "arch"),
    ]

    @Test("a record of another phase stays as it stands, strange or not, and is told of", arguments: strange)
    func untouched(_ test: (change: [String: JSONValue], says: String?)) throws {
        let before = try Self.theirs(test.change)
        var file = try Self.file(before)
        #expect(Self.text(file) == before)
        #expect(file.warnings.isEmpty == (test.says == nil))
        if let says = test.says { #expect(file.warnings.contains { $0.contains(says) }, "\(file.warnings)") }
        try file.apply(.init(added: [.init(ImagesTests.record(), variant: "IoT", arch: "x86_64")]))
        try file.apply(.init(added: [], removed: [(ImagesTests.record().path, "IoT", "x86_64")]))
        #expect(Self.text(file) == before)
    }

    @Test("what is ours is held against what is there")
    func ours() throws {
        var file = try Self.file(try Self.theirs([:]))
        let before = Self.text(file)
        var same = ImagesTests.record("IoT/x86_64/images/other.raw.xz", subvariant: "Server")
        #expect(throws: MetadataFailure.self) {
            try file.apply(.init(added: [.init(same, variant: "IoT", arch: "x86_64")]))
        }
        same.subvariant = "IoT"
        same.path = "Server/x86_64/images/s.raw.xz"
        #expect(throws: MetadataFailure.self) {
            try file.apply(.init(added: [.init(same, variant: "IoT", arch: "x86_64")]))
        }
        var wrong = ImagesTests.record()
        wrong.size = 0
        #expect(throws: MetadataFailure.self) {
            try file.apply(.init(added: [.init(wrong, variant: "IoT", arch: "x86_64")]))
        }
        #expect(throws: MetadataFailure.self) {
            try file.apply(.init(added: [.init(ImagesTests.record(), variant: "IoT", arch: "src")]))
        }
        #expect(Self.text(file) == before)
    }

    @Test(
        "what is no images.json is refused", arguments: ["{", "[]", "{\"header\": {}}"])
    func refused(text: String) throws {
        #expect(throws: MetadataFailure.self) { try Self.file(text) }
    }

    @Test(
        "every document that the real productmd loads is written as it writes it", .needsShared, .needsPeers,
        arguments: ImagesTests.realDocuments)
    func real(path: String) throws {
        let bytes = [UInt8](try Checkout.sharedData("metadata/\(path)"))
        let answer = try ProductMDPeer.ask([("images", String(decoding: bytes, as: UTF8.self))])[0]
        let file = try ImagesFile.decode(bytes, name: path)
        if answer.isOK {
            #expect(Self.text(file) == answer.text)
        } else {
            #expect(!file.warnings.isEmpty)
            let field = try #require(answer.error).split(separator: "'").dropFirst().first.map(String.init) ?? ""
            #expect(file.warnings.contains { $0.contains(field) }, "productmd: \(answer.error ?? "")")
        }
    }

    @Test(
        "what the real productmd loads of generated files of 1.0, 1.1 and 1.2 it writes as we do (seeded)", .needsPeers)
    func versions() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        var texts: [String] = []
        for _ in 0..<600 {
            var manifest = ImagesTests.random(&generator)
            if let first = manifest.all.randomElement(using: &generator) {
                var copy = first.image
                copy.subvariant += "x"
                manifest.add(copy, variant: first.variant, arch: first.arch)
            }
            let text = String(decoding: try manifest.encoded(), as: UTF8.self)
            let version = ["1.0", "1.1", "1.2"].randomElement(using: &generator) ?? "1.2"
            texts.append(text.replacingOccurrences(of: "\"version\": \"1.2\"", with: "\"version\": \"\(version)\""))
        }
        var loaded = 0
        for (text, answer) in zip(texts, try ProductMDPeer.ask(texts.map { ("images", $0) })) {
            guard answer.isOK else { continue }
            loaded += 1
            #expect(Self.text(try Self.file(text)) == answer.text, "seed \(seed)")
        }
        #expect(loaded > 400)
    }
}
