import Foundation
import ProductMD
import TestSupport
import Testing

@Suite("composeinfo.json")
struct ComposeInfoTests {
    typealias Change = @Sendable (inout ComposeInfoDocument) -> Void

    /// Each row breaks one rule of productmd.
    static let broken: [(complaint: String, change: Change)] = [
        ("release type 'beta' is not one of", { $0.release.type = "beta" }),
        ("release version '44-1'", { $0.release.version = "44-1" }),
        ("release version ''", { $0.release.version = "" }),
        ("release version '4.'", { $0.release.version = "4." }),
        ("base product type 'x'", { $0.baseProduct = .init(name: "B", short: "B", version: "8", type: "x") }),
        ("compose date '1'", { $0.compose.date = "1" }), ("compose label 'GA'", { $0.compose.label = "GA" }),
        ("holds no date", { $0.compose.id = "Fedora-44" }),
        ("variant Server: the name is empty", { $0.variants[0].name = "" }),
        ("there are no arches", { $0.variants[0].arches = [] }),
        ("type 'spin' is not one of", { $0.variants[0].type = "spin" }),
        ("id 'Ser ver' is not made of", { $0.variants[0].id = "Ser ver" }),
        ("id 'Other' does not fit the uid", { $0.variants[0].id = "Other" }),
        ("the uid is not Server-optional", { $0.variants[1].uid = "optional" }),
        ("arches s390x are not among its parent's", { $0.variants[1].arches = ["s390x"] }),
        ("its parent Gone is not in the document", { $0.variants[1].parentUID = "Gone" }),
        ("a layered product needs a release", { $0.variants[2].release = nil }),
        ("there are two of this uid", { $0.variants.append($0.variants[0]) }),
    ]

    @Test("what readers would refuse is named", arguments: 0..<broken.count)
    func problems(index: Int) {
        var info = ComposeTests.info(label: nil, base: nil)
        #expect(info.problems.isEmpty)
        Self.broken[index].change(&info)
        #expect(info.problems.contains { $0.contains(Self.broken[index].complaint) }, "\(info.problems)")
    }

    @Test("versions are words, or numbers with dots", .needsPeers)
    func versions() throws {
        let infos = ["44", "4.10.1", "Rawhide", "ELN-1", "44_Beta", "44.", ".4", "4..4", "", "4a", "_", "-1"].map {
            version in
            var info = ComposeTests.info(label: nil, base: nil)
            info.release.version = version
            return info
        }
        let answers = try ProductMDPeer.ask(
            infos.map { ("composeinfo", String(decoding: $0.encoded(), as: UTF8.self)) })
        for (info, answer) in zip(infos, answers) {
            #expect(answer.isOK == info.problems.isEmpty, "'\(info.release.version)'")
        }
    }

    @Test("the words are productmd's", .needsPeers)
    func words() throws {
        let value = try #require(try ProductMDPeer.ask([("vocabulary", 0)]).first?.value as? [String: Any])
        #expect(value["labels"] as? [String] == ComposeLabel.names)
        #expect(Set(value["compose_types"] as? [String] ?? []) == Set(ComposeType.allCases.map(\.rawValue)))
        #expect(value["release_types"] as? [String] == ComposeInfoDocument.releaseTypes)
        #expect(value["variant_types"] as? [String] == ComposeInfoDocument.variantTypes)
    }

    @Test("the names of labels that count as final are productmd's", .needsPeers)
    func supported() throws {
        let labels = ComposeLabel.names.map { "\($0)-1.0" }
        for (text, answer) in zip(labels, try ProductMDPeer.ask(labels.map { ("supported", $0) })) {
            #expect(try ComposeLabel(text).isSupported == answer.value as? Bool, "\(text)")
        }
    }

    @Test("paths of strange kinds and arches, and empty ones, are left out, as productmd does")
    func paths() {
        var info = ComposeTests.info(label: nil, base: nil)
        info.variants[0].paths = [
            "images": ["x86_64": "Server/x86_64/images", "s390x": "x"], "odd": ["x86_64": "y"], "isos": ["x86_64": ""],
        ]
        let value = try? JSONReader.read(info.encoded(), name: "x")
        let paths = value?["payload"]?["variants"]?["Server"]?["paths"]
        #expect(paths == .object(["images": .object(["x86_64": "Server/x86_64/images"])]))
    }

    @Test("the uid of a top-level variant may have dashes that its id has not", .needsPeers)
    func dashes() throws {
        var info = ComposeTests.info(label: nil, base: nil)
        info.variants = [
            .init(
                id: "COSMICAtomic", uid: "COSMIC-Atomic", name: "COSMIC-Atomic", type: "variant", arches: ["x86_64"],
                paths: [:], parentUID: nil, release: nil)
        ]
        #expect(info.problems.isEmpty)
        let text = String(decoding: info.encoded(), as: UTF8.self)
        #expect(text.contains("\"id\": \"COSMICAtomic\""))
        #expect(try ProductMDPeer.ask([("composeinfo", text)])[0].text == text)
        info.variants[0].id = "COSMIC-Atomic"
        #expect(info.problems.contains { $0.contains("id 'COSMIC-Atomic' is not made of letters") })
    }

    static let composes: [(text: String, id: String, type: ComposeType, respin: Int, label: String?, isFinal: Bool)] = [
        (
            #"{"header": {"type": "productmd.composeinfo", "version": "1.2"}, "payload": {"compose": {"id": "F-44-20260102.0", "date": "20260102", "type": "production", "respin": 0, "label": "RC-1.2", "final": true}}}"#,
            "F-44-20260102.0", .production, 0, "RC-1.2", true
        ),
        (
            #"{"header": {"version": "0.3"}, "payload": {"compose": {"id": "M-2.1-R-7-20260102.t.4", "date": "20260102", "type": "test", "respin": 4}}}"#,
            "M-2.1-R-7-20260102.t.4", .test, 4, nil, false
        ),
        (
            #"{"header": {"version": "0.1"}, "payload": {"compose": {"id": "M-2.1-20260102.n.2", "type": "x", "label": ""}}}"#,
            "M-2.1-20260102.n.2", .nightly, 2, nil, false
        ),
    ]

    @Test("the compose of old and new documents is read", arguments: 0..<composes.count)
    func read(index: Int) throws {
        let row = Self.composes[index]
        let compose = try ComposeInfoDocument.readCompose(Array(row.text.utf8), name: "composeinfo.json")
        #expect(compose.id == row.id)
        #expect(compose.date == "20260102")
        #expect(compose.type == row.type)
        #expect(compose.respin == row.respin)
        #expect(compose.label == row.label)
        #expect(compose.isFinal == row.isFinal)
    }

    @Test(
        "what tells no compose is refused by name",
        arguments: [
            #"{"header": {"type": "productmd.images", "version": "1.2"}, "payload": {"compose": {}}}"#,
            #"{"header": {"type": "productmd.composeinfo", "version": "1.2"}, "payload": {"compose": {"id": "x"}}}"#,
            #"{"header": {"version": "0.3"}, "payload": {"compose": {"id": "x", "date": "d", "type": "weekly", "respin": 0}}}"#,
            #"{"header": {"version": "0.1"}, "payload": {"compose": {"id": "x"}}}"#, #"{"header": {"version": "1"}}"#,
            "[]",
        ])
    func refuse(text: String) {
        let failure = #expect(throws: MetadataFailure.self) {
            try ComposeInfoDocument.readCompose(Array(text.utf8), name: "base.json")
        }
        #expect(failure?.description.hasPrefix("base.json") == true)
    }

    @Test(
        "the composes of real documents are read", .needsShared,
        arguments: [
            (
                "metadata/Fedora-Rawhide-20240829.n.1/composeinfo.json", "Fedora-Rawhide-20240829.n.1",
                ComposeType.nightly, 1
            ),
            ("metadata/productmd-images/composeinfo-1.1.json", "MYPRODUCT-2.1-RHEL-7-20161110.t.0", .test, 0),
        ])
    func real(path: String, id: String, type: ComposeType, respin: Int) throws {
        let compose = try ComposeInfoDocument.readCompose([UInt8](try Checkout.sharedData(path)), name: path)
        #expect(compose.id == id)
        #expect(compose.type == type)
        #expect(compose.respin == respin)
        let parts = ComposeID.parts(of: id)
        #expect(parts.date == compose.date)
        #expect(parts.type == type)
        #expect(parts.respin == respin)
    }

    @Test("what Pungi and Fedora recorded is written again value for value", .needsShared)
    func recorded() throws {
        let folder = Checkout.shared.appendingPathComponent("pungi-cases")
        var documents: [(String, JSONValue)] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
            guard let data = try? Data(contentsOf: folder.appendingPathComponent("\(name)/expected-images.json")),
                let document = try JSONReader.read([UInt8](data), name: name)["composeinfo.json"]
            else { continue }
            documents.append((name, document))
        }
        let rawhide = "metadata/Fedora-Rawhide-20240829.n.1/composeinfo.json"
        documents.append((rawhide, try JSONReader.read([UInt8](try Checkout.sharedData(rawhide)), name: rawhide)))
        #expect(documents.count >= 20)
        for (name, document) in documents {
            let info = try Self.parse(document, name)
            #expect(info.problems.isEmpty, "\(name)")
            #expect(try JSONReader.read(info.encoded(), name: name) == document, "\(name)")
        }
    }

    /// The whole document as a value, for tests only: nothing in the program needs more than the compose.
    private static func parse(_ document: JSONValue, _ name: String) throws -> ComposeInfoDocument {
        func product(_ value: JSONValue?) -> ComposeInfoDocument.Product? {
            guard let value, let name = value["name"]?.string, let short = value["short"]?.string else { return nil }
            return .init(
                name: name, short: short, version: value["version"]?.string ?? "", type: value["type"]?.string ?? "ga")
        }
        let payload = try #require(document["payload"])
        let variants = try #require(payload["variants"]?.object)
        var parents: [String: String] = [:]
        for (uid, variant) in variants {
            for child in variant["variants"]?.array ?? [] { parents["\(uid)-\(child.string ?? "")"] = uid }
        }
        return ComposeInfoDocument(
            compose: try ComposeInfoDocument.readCompose(JSONWriter.pretty(document), name: name),
            release: try #require(product(payload["release"])),
            releaseIsInternal: payload["release"]?["internal"]?.bool ?? false,
            baseProduct: product(payload["base_product"]),
            variants: variants.map { uid, variant in
                .init(
                    id: variant["id"]?.string ?? "", uid: uid, name: variant["name"]?.string ?? "",
                    type: variant["type"]?.string ?? "", arches: (variant["arches"]?.array ?? []).compactMap(\.string),
                    paths: (variant["paths"]?.object ?? [:]).mapValues {
                        ($0.object ?? [:]).compactMapValues(\.string)
                    },
                    parentUID: parents[uid], release: product(variant["release"]))
            })
    }
}
