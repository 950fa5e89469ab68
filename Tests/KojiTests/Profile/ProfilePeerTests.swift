import Foundation
import Koji
import TestSupport
import Testing

@Suite("Profiles as the koji library reads them", .needsPeers)
struct ProfilePeerTests {
    /// What the library makes of a tree.
    private struct Answer: Decodable {
        struct Value: Decodable, Equatable {
            /// Python's `str`, with nil and empty as one: the library makes no difference between them.
            let text: String?
            let number: Decimal?

            init(from decoder: any Decoder) throws {
                let box = try decoder.singleValueContainer()
                let flag = try? box.decode(Bool.self)
                number = flag.map { $0 ? 1 : 0 } ?? (try? box.decode(Decimal.self))
                text = (try? box.decode(String.self)).flatMap { $0.isEmpty ? nil : $0 }
            }
        }

        let values: [String: Value]?
        let login: [String?]?
        let error: String?
    }

    private static let numbers = [
        "max_retries", "retry_interval", "offline_retry_interval", "timeout", "auth_timeout", "poll_interval",
    ]

    @Test("the same values key by key and the same login, or both refuse")
    func same() throws {
        let seed: UInt64 = 20_261_123
        // Thousands of small files: in memory where the system offers it.
        let memory = "/dev/shm"
        let place =
            FileManager.default.isWritableFile(atPath: memory)
            ? URL(fileURLWithPath: memory) : FileManager.default.temporaryDirectory
        let base = place.appendingPathComponent("koji-trees-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: base) }
        var random = SeededGenerator(seed: seed)
        var trees: [ProfileTree] = []
        var input = Data()
        for number in 0..<2_500 {
            let tree = ProfileTree(root: base.appendingPathComponent("\(number)"), using: &random)
            try tree.write()
            trees.append(tree)
            let request: [String: String?] = [
                "root": tree.root.path, "profile": tree.profile,
                "config": tree.config.map { "\(tree.root.path)/\($0)" },
                "user": tree.hasUser ? "me" : nil,
            ]
            input += try JSONEncoder().encode(request) + Data("\n".utf8)
        }
        let lines = try PythonPeer.run("koji_profile_peer.py", input: input).split(separator: UInt8(ascii: "\n"))
        try #require(lines.count == trees.count)
        var taken = 0
        var stricter = 0
        for (number, (tree, line)) in zip(trees, lines).enumerated() {
            let answer = try JSONDecoder().decode(Answer.self, from: line)
            let comment: Comment = "seed \(seed), tree \(number)"
            let places = KojiProfile.Places(
                file: tree.config.map { "\(tree.root.path)/\($0)" }, home: "\(tree.root.path)/home",
                etc: "\(tree.root.path)/etc")
            let ours = Result { () throws(KojiFailure) in try KojiProfile.load(tree.profile, from: places) }
            switch (ours, answer.values) {
            case (.success(let profile), let values?):
                taken += 1
                compare(profile, values, comment)
                compareLogin(profile, tree.hasUser, answer.login, comment)
            case (.failure, nil): break
            case (.success, nil): Issue.record("\(comment): only the library refuses: \(answer.error ?? "")")
            case (.failure(let failure), let values?):
                stricter += 1
                #expect(mayRefuse(values), "\(comment): only we refuse: \(failure.message)")
            }
        }
        // So that the comparison is one.
        #expect(
            taken > 1_000 && trees.count - taken - stricter > 200, "\(taken) taken, \(stricter) only by the library")
    }

    /// Where we are stricter on purpose: numbers that make no sense, hubs that no call can be sent to.
    private func mayRefuse(_ values: [String: Answer.Value]) -> Bool {
        let server = values["server"]?.text ?? ""
        let isURL = ["http://", "https://"].contains { server.lowercased().hasPrefix($0) } && !server.contains(" ")
        return !isURL || server.contains("\n") || server.contains("\u{85}")
            || Self.numbers.contains { (values[$0]?.number).map { $0 < 0 || $0 > Decimal(Int32.max) } ?? true }
    }

    private func compare(_ profile: KojiProfile, _ values: [String: Answer.Value], _ comment: Comment) {
        let texts: [(String, String?)] = [
            ("server", profile.server), ("weburl", profile.weburl), ("topurl", profile.topurl),
            ("topdir", profile.topdir), ("authtype", profile.authtype), ("cert", profile.certificate),
            ("serverca", profile.serverAuthorities), ("principal", profile.principal), ("keytab", profile.keytab),
        ]
        for (key, text) in texts {
            #expect(values[key]?.text == text.flatMap { $0.isEmpty ? nil : $0 }, "\(comment): \(key)")
        }
        let numbers: [(String, Int)] = [
            ("max_retries", profile.maxRetries), ("retry_interval", profile.retryInterval),
            ("offline_retry_interval", profile.offlineRetryInterval), ("timeout", profile.timeout),
            ("auth_timeout", profile.authTimeout), ("poll_interval", profile.pollInterval),
            ("anon_retry", profile.anonRetry ? 1 : 0), ("offline_retry", profile.offlineRetry ? 1 : 0),
        ]
        for (key, number) in numbers { #expect(values[key]?.number == Decimal(number), "\(comment): \(key)") }
        let noVerify = values["no_ssl_verify"]
        #expect((noVerify?.text != nil) == profile.noSSLVerify, "\(comment): no_ssl_verify")
    }

    private func compareLogin(_ profile: KojiProfile, _ hasUser: Bool, _ expected: [String?]?, _ comment: Comment) {
        let ours: [String?]
        do {
            switch try profile.loginWay(hasUser: hasUser) {
            case .anonymous: ours = ["anonymous"]
            case .certificate(let path): ours = ["certificate", path]
            case .password: ours = ["password"]
            case .kerberos(let principal, let keytab): ours = ["kerberos", principal, keytab]
            }
        } catch {
            // The library goes on to a login that cannot work: without a certificate, or with a keytab at "~/k".
            let isHopeless =
                profile.authtype == "ssl" || expected?.first == "kerberos" && profile.keytab?.hasPrefix("~") == true
            #expect(expected == ["refused"] || isHopeless, "\(comment): \(error.message)")
            return
        }
        #expect(ours == expected, "\(comment): login")
    }
}
