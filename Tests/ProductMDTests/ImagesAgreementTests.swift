import Foundation
import ProductMD
import TestSupport
import Testing

/// One image at a time, changed in one field: what productmd says, what we say, and that we differ only on purpose.
@Suite("images.json: agreement with productmd")
struct ImagesAgreementTests {
    static let valid: [String: JSONValue] = [
        "arch": "x86_64", "bootable": false, "checksums": .object(["sha256": "ab"]), "disc_count": 1, "disc_number": 1,
        "format": "raw.xz", "implant_md5": .null, "mtime": 1_700_000_000, "path": "IoT/x86_64/images/a.raw.xz",
        "size": 51, "subvariant": "IoT", "type": "raw-xz", "volume_id": .null,
    ]

    struct Row: Sendable {
        let change: [String: JSONValue]
        /// What productmd 1.51 does.
        let isTaken: Bool
        /// What we say instead of taking it; nil where we take it.
        let complaint: String?
    }

    static let rows: [Row] = [
        Row(change: [:], isTaken: true, complaint: nil),
        Row(change: ["type": "nope"], isTaken: false, complaint: "no type 'nope'; it has appx, boot,"),
        Row(change: ["format": "raw.zst"], isTaken: false, complaint: "no format 'raw.zst'; it has appx,"),
        Row(
            change: ["format": "iso"], isTaken: true,
            complaint: "'raw-xz' does not go with format 'iso', only with raw.xz"),
        Row(change: ["type": "kvm", "format": "qcow2"], isTaken: true, complaint: nil),
        Row(change: ["arch": "amd64"], isTaken: true, complaint: nil),
        Row(change: ["arch": "src"], isTaken: true, complaint: nil),
        Row(change: ["arch": ""], isTaken: false, complaint: "arch '' is not one"),
        Row(change: ["arch": "vax"], isTaken: true, complaint: "arch 'vax' is not one"),
        Row(change: ["size": 0], isTaken: false, complaint: "size is 0"),
        Row(change: ["size": -1], isTaken: true, complaint: "size is -1"),
        Row(change: ["size": "51"], isTaken: true, complaint: nil),
        Row(change: ["size": .double(51.7)], isTaken: true, complaint: nil),
        Row(change: ["mtime": "x"], isTaken: false, complaint: "images.IoT.x86_64[0].mtime is not an integer"),
        Row(change: ["subvariant": ""], isTaken: true, complaint: "subvariant is empty"),
        Row(change: ["subvariant": 1], isTaken: false, complaint: "subvariant is not a string"),
        Row(change: ["path": "/abs"], isTaken: true, complaint: "absolute"),
        Row(change: ["path": "../a"], isTaken: true, complaint: "leaves the compose"),
        Row(change: ["path": ""], isTaken: false, complaint: "is empty"),
        Row(change: ["volume_id": .string(String(repeating: "v", count: 40))], isTaken: true, complaint: nil),
        Row(change: ["volume_id": ""], isTaken: false, complaint: "volume id is empty"),
        Row(change: ["volume_id": 7], isTaken: false, complaint: "volume_id is neither a string nor null"),
        Row(change: ["disc_number": 2], isTaken: true, complaint: "disc 2 of 1"),
        Row(change: ["disc_number": 0], isTaken: true, complaint: "disc 0 of 1"),
        Row(change: ["checksums": .object([:])], isTaken: false, complaint: "no checksum"),
        Row(change: ["checksums": .object(["sha256": ""])], isTaken: true, complaint: "no checksum"),
        Row(change: ["implant_md5": "zz"], isTaken: false, complaint: "implant_md5 'zz'"),
        Row(change: ["implant_md5": .string(String(repeating: "0a", count: 16))], isTaken: true, complaint: nil),
        Row(change: ["bootable": 1], isTaken: true, complaint: nil),
        Row(change: ["bootable": .array([])], isTaken: true, complaint: "bootable is neither true nor false"),
        Row(change: ["additional_variants": .array(["Server"])], isTaken: false, complaint: "only a unified image"),
        Row(
            change: ["unified": true, "additional_variants": .array(["Server"])], isTaken: true, complaint: nil),
        Row(change: ["unified": true], isTaken: true, complaint: nil),
    ]

    static func document(
        _ images: [[String: JSONValue]], variant: String = "IoT", arch: String = "x86_64", version: String = "1.2",
        compose: [String: JSONValue] = [:]
    ) -> String {
        let standard: [String: JSONValue] = [
            "date": "20260102", "id": "Fedora-44-20260102.n.0", "respin": 0, "type": "nightly",
        ]
        return text(
            .object([
                "header": .object(["type": "productmd.images", "version": .string(version)]),
                "payload": .object([
                    "compose": .object(standard.merging(compose) { $1 }),
                    "images": .object([variant: .object([arch: .array(images.map { .object($0) })])]),
                ]),
            ]))
    }

    static func text(_ value: JSONValue) -> String { String(decoding: JSONWriter.pretty(value), as: UTF8.self) }

    /// What we write for a document, or what we say of it.
    static func ours(_ document: String) -> (text: String?, complaint: String?) {
        do {
            let manifest = try ImagesManifest.decode(Array(document.utf8), name: "images.json")
            return (String(decoding: try manifest.encoded(), as: UTF8.self), nil)
        } catch {
            return (nil, error.description)
        }
    }

    @Test("a changed field is taken or refused, with its value", arguments: 0..<rows.count)
    func own(index: Int) {
        let row = Self.rows[index]
        let (_, complaint) = Self.ours(Self.document([Self.valid.merging(row.change) { $1 }]))
        if let expected = row.complaint {
            #expect(complaint?.contains(expected) == true, "\(complaint ?? "taken")")
        } else {
            #expect(complaint == nil)
        }
    }

    @Test("the real productmd takes and refuses as the table says, and writes the same", .needsPeers)
    func real() throws {
        let documents = Self.rows.map { Self.document([Self.valid.merging($0.change) { $1 }]) }
        let answers = try ProductMDPeer.ask(documents.map { ("images", $0) })
        for ((row, document), answer) in zip(zip(Self.rows, documents), answers) {
            #expect(answer.isOK == row.isTaken, "\(row.change): \(answer.error ?? "taken")")
            // We never take what productmd refuses.
            if !row.isTaken { #expect(row.complaint != nil, "\(row.change)") }
            if row.complaint == nil { #expect(Self.ours(document).text == answer.text, "\(row.change)") }
        }
    }

    static let composes: [(change: [String: JSONValue], isTaken: Bool, complaint: String?)] = [
        (["label": "RC-1.2", "final": true], true, nil), (["label": "GA"], false, "label 'GA'"),
        (["label": ""], true, nil),
        (["label": .null], true, nil), (["date": "2026-01-02"], false, "date '2026-01-02'"),
        (["type": "weekly"], false, "type 'weekly' is not one of production,"),
        (["id": "Fedora-44"], false, "holds no date"),
        (["id": ""], false, "holds no date"), (["respin": "x"], false, "respin is not an integer"),
        (["type": "development", "id": "Fedora-44-20260102.d.0"], true, nil),
    ]

    @Test("the compose is checked", arguments: 0..<composes.count)
    func compose(index: Int) {
        let (change, _, expected) = Self.composes[index]
        let (_, complaint) = Self.ours(Self.document([Self.valid], compose: change))
        if let expected {
            #expect(complaint?.contains(expected) == true, "\(complaint ?? "taken")")
        } else {
            #expect(complaint == nil)
        }
    }

    @Test("the real productmd checks the compose alike", .needsPeers)
    func realCompose() throws {
        let documents = Self.composes.map { Self.document([Self.valid], compose: $0.change) }
        let answers = try ProductMDPeer.ask(documents.map { ("images", $0) })
        for ((row, document), answer) in zip(zip(Self.composes, documents), answers) {
            #expect(answer.isOK == row.isTaken, "\(row.change): \(answer.error ?? "taken")")
            if row.complaint == nil { #expect(Self.ours(document).text == answer.text) }
        }
    }

    @Test("images are filed under binary arches of RPM only", arguments: ["src", "nosrc", "vax", "source", ""])
    func filing(arch: String) {
        #expect(
            Self.ours(Self.document([Self.valid], arch: arch)).complaint?.contains("arch '\(arch)' of variant IoT")
                == true)
    }

    @Test("the facts that were measured of productmd hold", .needsShared)
    func behaviour() throws {
        let facts = try JSONReader.read(
            [UInt8](try Checkout.sharedData("metadata/productmd-behaviour.json")), name: "b")
        let stricter: [[String: JSONValue]] = [
            ["format": "iso"], ["subvariant": ""], ["path": "/abs"], ["disc_number": 2],
        ]
        for fact in try #require(facts["validate"]?.array) {
            var members = try #require(fact.object)
            let isOK = members.removeValue(forKey: "ok")?.bool
            members.removeValue(forKey: "error")
            if let length = members.removeValue(forKey: "volume_id_length")?.int {
                members["volume_id"] = .string(String(repeating: "v", count: length))
            }
            let complaint = Self.ours(Self.document([Self.valid.merging(members) { $1 }])).complaint
            let isStricter = isOK == true && stricter.contains { $0.allSatisfy { members[$0.key] == $0.value } }
            #expect((complaint == nil) == (isOK == true && !isStricter), "\(members): \(complaint ?? "taken")")
        }
    }
}
