import Foundation
import ProductMD
import TestSupport
import Testing

@Suite("composeinfo.json: reading")
struct ComposeInfoReadingTests {
    private static func decode(_ text: String) throws(MetadataFailure) -> ComposeInfoDocument {
        try ComposeInfoDocument.decode(Array(text.utf8), name: "composeinfo.json")
    }

    /// What we write for a document, or what we say of it.
    private static func ours(_ text: String) -> (text: String?, complaint: String?) {
        do throws(MetadataFailure) {
            let info = try decode(text)
            guard info.problems.isEmpty else { return (nil, info.problems.joined(separator: "; ")) }
            return (String(decoding: info.encoded(), as: UTF8.self), nil)
        } catch {
            return (nil, error.description)
        }
    }

    static let product: JSONValue = .object(["name": "Fedora", "short": "Fedora", "version": "44", "type": "ga"])

    static func variant(_ id: String, uid: String? = nil, change: [String: JSONValue] = [:]) -> JSONValue {
        .object(
            [
                "id": .string(id), "uid": .string(uid ?? id), "name": .string(id), "type": "variant",
                "arches": .array(["x86_64", "aarch64"]),
                "paths": .object(["images": .object(["x86_64": .string("\(id)/x86_64/images"), "s390x": "gone"])]),
            ].merging(change) { $1 })
    }

    static func document(
        version: String = "1.2", payload changes: [String: JSONValue] = [:], variants: [String: JSONValue]? = nil
    ) -> String {
        var payload: [String: JSONValue] = [
            "compose": .object([
                "id": "Fedora-44-20260102.n.0", "date": "20260102", "type": "nightly", "respin": 0,
            ]),
            version.hasPrefix("0") ? "product" : "release": product,
            "variants": .object(variants ?? ["Server": variant("Server")]),
        ]
        payload.merge(changes) { $1 }
        return String(
            decoding: JSONWriter.pretty(
                .object([
                    "header": .object(["type": "productmd.composeinfo", "version": .string(version)]),
                    "payload": .object(payload),
                ])), as: UTF8.self)
    }

    private static let children: [String: JSONValue] = [
        "Server": variant("Server", change: ["variants": .array(["optional"])]),
        "Server-optional": variant("optional", uid: "Server-optional", change: ["type": "optional"]),
    ]

    /// A document, and the words with which both productmd and we refuse it; nil where both take it.
    static let rows: [(document: String, complaint: String?)] = [
        (document(), nil), (document(version: "1.0"), nil), (document(version: "1.1"), nil),
        (document(version: "0.3"), nil), (document(version: "0.1"), nil),
        (document(variants: children), nil), (document(variants: [:]), nil),
        (
            document(
                version: "0.3",
                variants: [
                    "Server": variant("Server"), "Server-optional": variant("optional", uid: "Server-optional"),
                ]), nil
        ),
        (
            document(payload: [
                "release": .object([
                    "name": "N", "short": "N", "version": "1", "type": "Updates", "is_layered": true, "internal": 1,
                ]), "base_product": .object(["name": "B", "short": "B", "version": "8"]),
            ]), nil
        ),
        (
            document(variants: [
                "L": variant(
                    "L",
                    change: [
                        "type": "layered-product",
                        "release": .object(["name": "N", "short": "N", "version": "1", "internal": true]),
                    ])
            ]), nil
        ),
        (document(payload: ["release": .object(["name": "N", "short": "N"])]), "version"),
        (
            document(payload: ["release": .object(["name": "N", "short": "N", "version": "4-1"])]),
            "release version '4-1'"
        ),
        (
            document(payload: [
                "release": .object(["name": "N", "short": "N", "version": "1", "is_layered": true]),
                "base_product": .object(["name": "B", "short": "B", "version": "8", "type": "GA"]),
            ]), "base product type 'GA'"
        ),
        (
            document(payload: [
                "release": .object(["name": "N", "short": "N", "version": "1", "is_layered": true])
            ]), "base_product"
        ),
        (
            document(payload: [
                "compose": .object(["id": "F-44-20260102.0", "date": "20260102", "type": "weekly", "respin": 0])
            ]), "type 'weekly'"
        ),
        (
            document(payload: [
                "compose": .object(["id": "F-44-20260102.0", "date": "20260102", "type": "test", "respin": "0"])
            ]), "respin is not an integer"
        ),
        (document(variants: ["Server": variant("Ser-ver")]), "id 'Ser-ver'"),
        (document(variants: ["Server": variant("Server", uid: "Other")]), "does not fit the uid"),
        (document(variants: ["Server": variant("Server", change: ["arches": .array([])])]), "no arches"),
        (document(variants: ["Server": variant("Server", change: ["name": ""])]), "name is empty"),
        (document(variants: ["Server": variant("Server", change: ["type": "spin"])]), "type 'spin'"),
        (
            document(variants: ["Server": variant("Server", change: ["variants": .array(["optional"])])]),
            "no variant Server-optional"
        ),
        (
            document(variants: ["Server": variant("Server", change: ["type": "layered-product"])]),
            "payload.variants.Server has no release"
        ),
    ]

    @Test("a document is taken and written, or refused with the field", arguments: 0..<rows.count)
    func own(index: Int) {
        let (document, expected) = Self.rows[index]
        let (text, complaint) = Self.ours(document)
        if let expected {
            #expect(complaint?.contains(expected) == true, "\(complaint ?? "taken")")
        } else {
            #expect(text != nil, "\(complaint ?? "")")
        }
    }

    @Test("the real productmd takes and refuses the same, and writes the same", .needsPeers)
    func real() throws {
        let answers = try ProductMDPeer.ask(Self.rows.map { ("composeinfo", $0.document) })
        for (row, answer) in zip(Self.rows, answers) {
            #expect(answer.isOK == (row.complaint == nil), "\(row.document): \(answer.error ?? "taken")")
            if row.complaint == nil { #expect(Self.ours(row.document).text == answer.text) }
        }
    }

    @Test("the documents of real composes are written as productmd writes them", .needsShared, .needsPeers)
    func shared() throws {
        let files = ["Fedora-Rawhide-20240829.n.1/composeinfo.json", "productmd-images/composeinfo-1.1.json"]
        let texts = try files.map { String(decoding: try Checkout.sharedData("metadata/\($0)"), as: UTF8.self) }
        for (file, (text, answer)) in zip(files, zip(texts, try ProductMDPeer.ask(texts.map { ("composeinfo", $0) }))) {
            let (ours, complaint) = Self.ours(text)
            #expect(ours == answer.text, "\(file): \(complaint ?? "") \(answer.error ?? "")")
            #expect((complaint == nil) == answer.isOK, "\(file): \(complaint ?? "")")
        }
    }

    @Test("documents that nobody wrote by hand are written as productmd writes them", .needsPeers)
    func generated() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        let texts = (0..<1000).map { _ in Self.generate(&random) }
        for (text, answer) in zip(texts, try ProductMDPeer.ask(texts.map { ("composeinfo", $0) })) {
            let (ours, complaint) = Self.ours(text)
            #expect(ours == answer.text, "seed \(seed): \(complaint ?? "taken"), \(answer.error ?? "taken"): \(text)")
        }
    }

    /// Mostly good documents of every version; some with a word that is not productmd's.
    private static func generate(_ random: inout SeededGenerator) -> String {
        func pick<Item>(_ items: [Item]) -> Item { items[Int.random(in: 0..<items.count, using: &random)] }
        func chance() -> Bool { Int.random(in: 0..<12, using: &random) == 0 }
        func product(_ isRelease: Bool) -> JSONValue {
            var members: [String: JSONValue] = [
                "name": .string(pick(["Fedora", "Fédora \u{1F427}", "", "a \"b\" \\"])), "short": "F",
                "version": .string(pick(["44", "4.1.2", "Rawhide", "ELN-1", chance() ? "4." : "7"])),
            ]
            if Bool.random(using: &random) {
                members["type"] = .string(pick(["ga", "updates", "eus", isRelease ? "GA" : "e4s"]))
            }
            return .object(members)
        }
        let version = pick(["0.1", "0.2", "0.3", "1.0", "1.1", "1.2"])
        let ids = ["Server", "IoT", "Cloud", "KDE", "W0"].filter { _ in Bool.random(using: &random) }
        var variants: [String: JSONValue] = [:]
        for id in ids {
            let dashed = chance() ? "\(id.prefix(1))-\(id.dropFirst())" : id
            var change: [String: JSONValue] = ["type": .string(chance() ? pick(["spin", "addon"]) : "variant")]
            if Bool.random(using: &random) {
                if version >= "1.0" { change["variants"] = .array(["optional"]) }
                variants["\(dashed)-optional"] = variant(
                    "optional", uid: "\(dashed)-optional",
                    change: ["type": "optional", "arches": .array([chance() ? "s390x" : "x86_64"])])
            }
            variants[dashed] = variant(id, uid: dashed, change: change)
        }
        var changes: [String: JSONValue] = ["base_product": product(false)]
        if case .object(var members) = product(true) {
            if Bool.random(using: &random) { members["is_layered"] = .bool(Bool.random(using: &random)) }
            if Bool.random(using: &random) { members["internal"] = pick([true, false, 1, 0, .null]) }
            changes[version <= "0.3" ? "product" : "release"] = .object(members)
        }
        var compose: [String: JSONValue] = [
            "id": .string("F-44-2026010\(pick(["1", "2"]))\(pick(["", ".n", ".t", ".ci", ".d"])).\(pick(["0", "12"]))"),
            "date": .string(chance() ? "2026" : "20260102"), "type": .string(pick(["production", "nightly", "ci"])),
            "respin": .int(pick([0, 1, 12])),
        ]
        if Bool.random(using: &random) {
            compose["label"] = pick(["RC-1.2", "Beta-1.10", "", .null, chance() ? "GA" : "Update-1.2"])
            compose["final"] = pick([true, false, 0])
        }
        changes["compose"] = .object(compose)
        return document(version: version, payload: changes, variants: variants)
    }
}
