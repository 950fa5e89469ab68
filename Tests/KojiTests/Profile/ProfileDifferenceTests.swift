import Foundation
import TestSupport
import Testing

@testable import Koji

/// Generated configuration trees, read by the real koji library and by ours.
@Suite("Profiles as the koji library reads them")
struct ProfileDifferenceTests {
    /// What the library gives for keys that the files do not set.
    private static let defaults: [String: ProfileKeys.Value] = [
        "server": .text("http://localhost/kojihub"), "weburl": .text("http://localhost/koji"),
        "topdir": .text("/mnt/koji"), "max_retries": .number(30), "retry_interval": .number(20),
        "anon_retry": .flag(true), "offline_retry": .flag(false), "offline_retry_interval": .number(20),
        "timeout": .number(43200), "auth_timeout": .number(60), "use_fast_upload": .flag(true),
        "upload_blocksize": .number(1_048_576), "poll_interval": .number(6), "no_ssl_verify": .flag(false),
        "debug": .flag(false), "debug_xmlrpc": .flag(false), "force_auth": .flag(false),
    ]

    private struct Tree: Sendable {
        var files: [String: String] = [:]
        var named: String?
    }

    @Test("every tree gives the same values, or both refuse it", .needsPeers)
    func difference() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("profiles-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let count = 2000
        var requests: [[String: Any]] = []
        var ours: [Result<ProfileValues, KojiFailure>] = []
        var trees: [Tree] = []
        for number in 0..<count {
            let tree = Self.tree(&random)
            let place = root.appendingPathComponent("\(number)").path
            for (path, text) in tree.files {
                let file = URL(fileURLWithPath: "\(place)/\(path)")
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            let named = tree.named.map { "\(place)/\($0)" }
            requests.append([
                "home": "\(place)/home", "etc": "\(place)/etc", "profile": "koji", "file": named ?? NSNull() as Any,
            ])
            trees.append(tree)
            let places = KojiProfile.Places(file: named, home: "\(place)/home", etc: "\(place)/etc")
            do {
                ours.append(.success(try ProfileValues.load("koji", from: places)))
            } catch {
                ours.append(.failure(error))
            }
        }
        var input = Data()
        for request in requests { input += try JSONSerialization.data(withJSONObject: request) + Data("\n".utf8) }
        let lines = try PythonPeer.run("koji_profile_peer.py", input: input).split(separator: UInt8(ascii: "\n"))
        try #require(lines.count == count)
        var refused = 0
        for (number, line) in lines.enumerated() {
            let answer = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
            let home = "\(root.path)/\(number)/home"
            let context = "seed \(seed), tree \(number): \(trees[number].files), theirs \(answer)"
            switch ours[number] {
            case .failure(let failure):
                refused += 1
                #expect(answer["error"] != nil, "we refuse: \(failure.message); \(context)")
            case .success(let mine):
                guard let theirs = answer["values"] as? [String: Any] else {
                    Issue.record("we take it: \(mine.values); \(context)")
                    continue
                }
                for key in ProfileKeys.known.keys {
                    let value = mine.values[key] ?? Self.fallback(key, home: home)
                    #expect(Self.text(value) == Self.text(theirs[key]), "\(key); \(context)")
                }
            }
        }
        // A generator that makes only good or only bad files would show nothing.
        #expect(refused > count / 20 && refused < count * 19 / 20, "\(refused) refused, seed \(seed)")
    }

    private static func fallback(_ key: String, home: String) -> ProfileKeys.Value? {
        for (name, file) in [("cert", "client.crt"), ("serverca", "serverca.crt")] where key == name {
            let path = "\(home)/.koji/\(file)"
            return .text(FileManager.default.fileExists(atPath: path) ? path : "")
        }
        return defaults[key]
    }

    private static func text(_ value: ProfileKeys.Value?) -> String {
        switch value {
        case .text(let text)?: "text \(text)"
        case .number(let number)?: "number \(number)"
        case .flag(let flag)?: "flag \(flag)"
        case nil: "none"
        }
    }

    private static func text(_ value: Any?) -> String {
        switch value {
        case nil, is NSNull: "none"
        case let text as String: "text \(text)"
        case let number as NSNumber where CFGetBoolean(number): "flag \(number.boolValue)"
        case let number as NSNumber: "number \(number)"
        default: "?"
        }
    }

    private static func CFGetBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }

    // MARK: Trees

    private static let paths = [
        "etc/koji.conf", "etc/koji.conf.d/a.conf", "etc/koji.conf.d/b.conf", "etc/koji.conf.d/c.txt",
        "home/.koji/config", "home/.koji/config.d/x.conf", "home/.koji/config.d/y.conf",
    ]

    private static func tree(_ random: inout SeededGenerator) -> Tree {
        var tree = Tree()
        for path in paths where random.chance(0.4) { tree.files[path] = file(&random) }
        if random.chance(0.2) { tree.files["home/.koji/client.crt"] = "x" }
        if random.chance(0.2) { tree.files["home/.koji/serverca.crt"] = "x" }
        if random.chance(0.25) {
            switch Int.random(in: 0..<4, using: &random) {
            case 0: tree.named = "not-there.conf"
            case 1:
                tree.named = "dir"
                tree.files["dir/one.conf"] = file(&random)
            case 2:
                tree.named = "dir"
                tree.files["dir/one.txt"] = file(&random)
            default:
                tree.named = "my.conf"
                tree.files["my.conf"] = file(&random)
            }
        }
        return tree
    }

    private static func file(_ random: inout SeededGenerator) -> String {
        var lines: [String] = random.chance(0.97) ? ["[koji]"] : []
        for _ in 0..<Int.random(in: 0..<8, using: &random) { lines.append(line(&random)) }
        let end = ["\n", "\n", "\n", "\r\n", "\r"].randomElement(using: &random) ?? "\n"
        return lines.joined(separator: end) + (random.chance(0.8) ? end : "")
    }

    private static func line(_ random: inout SeededGenerator) -> String {
        if random.chance(0.12) { return odd.randomElement(using: &random) ?? "" }
        let names = ProfileKeys.known.keys.sorted() + ["unknown", "ca", "krbservice", "Server", "TOPURL"]
        let name = names.randomElement(using: &random) ?? ""
        let separator = [" = ", "=", ": ", " :", "\t=\t"].randomElement(using: &random) ?? "="
        return "\(random.chance(0.05) ? " " : "")\(name)\(separator)\(value(name, &random))"
    }

    private static let odd = [
        "", "  ", "# comment", "; comment = 1", "  # indented comment", "  continued", "\tcontinued too", "[other]",
        "[koji]", "[DEFAULT]", "[a]b]", "[x] tail", "[]", "[koji", "nothing", "= value", ": value",
        "key with blanks = 1",
        "server = http://twice", "empty =", "empty2", "weburl = http://w ; not a comment",
        "weburl = http://w # nor this",
        "\u{00A0}nbsp = 1", "umlaut = äöü", "topurl = a = b : c", "   [indented]", "server : = x",
    ]

    private static func value(_ name: String, _ random: inout SeededGenerator) -> String {
        let numbers = [
            "0", "7", " 12 ", "-3", "+4", "1_000", "1__0", "_1", "1.5", "x", "", "０７", "0x10", "99999999999999999999",
        ]
        let flags = ["yes", "No", "TRUE", "off", "1", "0", "maybe", "", "2"]
        let texts = [
            "http://h/kojihub", "", "a%%b", "%(server)s/x", "%(weburl)s", "%(WEBURL)s", "%(missing)s", "50%", "%d",
            "%(", "%()s", "%(server)",
            "plain", "kerberos", "ssl", "[x]", "a b  c", "ä", "%(topurl)s",
        ]
        switch ProfileKeys.known[name.lowercased()] {
        // A number that Swift's Int cannot hold or that has other digits is Python's alone.
        case .number?: return numbers.filter { $0.count < 18 && $0 != "０７" }.randomElement(using: &random) ?? "1"
        case .flag?: return flags.randomElement(using: &random) ?? "1"
        case .path? where ["cert", "serverca"].contains(name):
            return ["~/c.pem", "~", "~root/x", "~nobody-here/x", "/c", "", "a~b"].randomElement(using: &random) ?? ""
        default: return texts.randomElement(using: &random) ?? ""
        }
    }
}

extension SeededGenerator {
    fileprivate mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self) < share }
}
