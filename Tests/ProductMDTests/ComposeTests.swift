import Foundation
import ProductMD
import TestSupport
import Testing

@Suite("Compose ids, labels, composeinfo.json")
struct ComposeTests {
    static let labels = [
        "RC-1.2", "Beta-1.10", "Update-1.20260102", "SecurityFix-0.0", "EA-1.1", "GA", "GA-1.0", "Beta-1", "RC-1.2.3",
        "rc-1.2", "RC-1.", "RC-.1", "RC--1.2", "RC-1.2 ", "", "RC-a.b", "RC-20261122.0",
    ]

    @Test("labels are checked as productmd checks them", .needsPeers)
    func labelsAgree() throws {
        for (text, answer) in zip(Self.labels, try ProductMDPeer.ask(Self.labels.map { ("label", $0) })) {
            #expect(((try? ComposeLabel(text)) != nil) == answer.isOK, "'\(text)'")
        }
    }

    @Test(
        "what a label says",
        arguments: [
            ("RC-1.10", "1.10", true, "RC-1"), ("Beta-1.2", "1.2", false, "Beta-1"),
            ("Update-3.0", "3.0", true, "Update-3"),
        ])
    func label(text: String, version: String, isSupported: Bool, major: String) throws {
        let label = try ComposeLabel(text)
        #expect(label.version == version)
        #expect(label.isSupported == isSupported)
        #expect(label.majorVersion == major)
        #expect(label.description == text)
    }

    static let ids: [(String, String, String, (String, String, String)?, ComposeType, Int, String)] = [
        ("Fedora", "44", "ga", nil, .nightly, 0, "Fedora-44-20260102.n.0"),
        ("Fedora", "44", "ga", nil, .production, 3, "Fedora-44-20260102.3"),
        ("Fedora", "44", "ga", nil, .test, 0, "Fedora-44-20260102.t.0"),
        ("Fedora", "44", "ga", nil, .ci, 0, "Fedora-44-20260102.ci.0"),
        ("Fedora", "44", "ga", nil, .development, 12, "Fedora-44-20260102.d.12"),
        ("Fedora", "44", "updates", ("Base", "8", "eus"), .nightly, 0, "Fedora-44-updates-Base-8-eus-20260102.n.0"),
    ]

    @Test("ids are made as productmd makes them")
    func makeIDs() throws {
        for (short, version, type, base, kind, respin, expected) in Self.ids {
            let id = ComposeID.make(
                short: short, version: version, releaseType: type,
                baseProduct: base.map { (short: $0.0, version: $0.1, type: $0.2) }, date: "20260102", type: kind,
                respin: respin)
            #expect(id == expected)
        }
    }

    @Test("the real productmd makes the same ids", .needsPeers)
    func realIDs() throws {
        let questions: [(kind: String, value: Any)] = Self.ids.map { short, version, type, base, kind, respin, _ in
            (
                "id",
                [
                    "short": short, "version": version, "release_type": type,
                    "base": base.map { [$0.0, $0.1, $0.2] as Any } ?? NSNull(), "date": "20260102",
                    "type": kind.rawValue, "respin": respin,
                ] as [String: Any]
            )
        }
        for (row, answer) in zip(Self.ids, try ProductMDPeer.ask(questions)) { #expect(answer.text == row.6) }
    }

    @Test("ids are taken apart as productmd does", .needsPeers)
    func parts() throws {
        let ids =
            Self.ids.map(\.6) + ["Fedora-24-20160614.0", "RHEL-7.0-20140507.0", "X-20200101", "X-1-20200101.nightly.4"]
        for (id, answer) in zip(ids, try ProductMDPeer.ask(ids.map { ("parts", $0) })) {
            let expected = try #require(answer.value as? [Any])
            let (date, type, respin) = ComposeID.parts(of: id)
            #expect(date == expected[0] as? String)
            #expect(type?.rawValue == expected[1] as? String)
            #expect(respin == expected[2] as? Int)
        }
    }

    @Test("composeinfo.json comes back byte for byte from the real productmd", .needsPeers)
    func composeInfo() throws {
        for (label, base) in [(nil, nil), ("RC-1.0", nil), ("Beta-1.2", "Base")] as [(String?, String?)] {
            let info = Self.info(label: label, base: base)
            let text = String(decoding: info.encoded(), as: UTF8.self)
            let answer = try ProductMDPeer.ask([("composeinfo", text)])[0]
            #expect(answer.text == text, "\(answer.error ?? "")")
        }
    }

    static func info(label: String?, base: String?) -> ComposeInfoDocument {
        ComposeInfoDocument(
            compose: .init(
                id: "Fedora-44-20260102.0", date: "20260102", type: .production, respin: 0, label: label,
                isFinal: label?.hasPrefix("RC") ?? false),
            release: .init(name: "Fedora", short: "Fedora", version: "44", type: "ga"), releaseIsInternal: false,
            baseProduct: base.map { .init(name: $0, short: $0, version: "8", type: "ga") },
            variants: [
                .init(
                    id: "Server", uid: "Server", name: "Server", type: "variant", arches: ["x86_64", "aarch64"],
                    paths: ["images": ["x86_64": "Server/x86_64/images"], "isos": [:]], parentUID: nil, release: nil),
                .init(
                    id: "optional", uid: "Server-optional", name: "optional", type: "optional", arches: ["x86_64"],
                    paths: [:], parentUID: "Server", release: nil),
                .init(
                    id: "LP", uid: "Server-LP", name: "LP", type: "layered-product", arches: ["x86_64"], paths: [:],
                    parentUID: "Server",
                    release: .init(name: "Layered", short: "LP", version: "1.2", type: "ga")),
            ])
    }
}
