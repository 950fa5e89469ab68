import Foundation
import Koji
import Testing

@Suite("Profiles of koji.conf")
struct KojiProfileTests {
    /// Loads `name` from files below a directory of their own: `etc/...` and `home/...`.
    private func load(
        _ name: String, _ files: [String: String], config: String? = nil
    ) throws -> Result<KojiProfile, KojiFailure> {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("koji-profile-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let file = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let places = KojiProfile.Places(
            file: config.map { "\(root.path)/\($0)" }, home: "\(root.path)/home", etc: "\(root.path)/etc")
        do {
            return .success(try KojiProfile.load(name, from: places))
        } catch {
            return .failure(error)
        }
    }

    private func section(_ keys: String) -> String { "[koji]\n\(keys)\n" }

    @Test("later files override earlier ones key by key, in koji's order")
    func order() throws {
        let files = [
            "etc/koji.conf.d/b.conf": section(
                "server = http://b\nweburl = http://b\ntopurl = http://b\nauthtype = ssl"),
            "etc/koji.conf.d/a.conf": section("server = http://a\nauthtype = kerberos"),
            "etc/koji.conf.d/z.txt": section("server = http://wrong"),
            "etc/koji.conf": section("weburl = http://etc\ntopurl = http://etc"),
            "home/.koji/config.d/u.conf": section("topurl = http://user"),
            "home/.koji/config": section("topdir = /user"),
        ]
        let profile = try load("koji", files).get()
        #expect(profile.server == "http://b")
        #expect(profile.weburl == "http://etc")
        #expect(profile.topurl == "http://user")
        #expect(profile.topdir == "/user")
        #expect(profile.authtype == "ssl")
    }

    @Test("a named file stands in the place of the user's own")
    func named() throws {
        let files = [
            "etc/koji.conf": section("server = http://etc\ntopurl = http://etc"),
            "home/.koji/config": section("server = http://user"), "my.conf": section("topurl = http://mine"),
        ]
        let profile = try load("koji", files, config: "my.conf").get()
        #expect(profile.server == "http://etc")
        #expect(profile.topurl == "http://mine")
    }

    @Test("what is not said has koji's defaults")
    func defaults() throws {
        let profile = try load("koji", ["etc/koji.conf": "[koji]\n"]).get()
        #expect(profile.server == "http://localhost/kojihub")
        #expect(profile.weburl == "http://localhost/koji")
        #expect(profile.topurl == nil)
        #expect(profile.topdir == "/mnt/koji")
        #expect(profile.authtype == nil)
        #expect(profile.serverAuthorities == nil)
    }

    @Test(
        "the ways to write a key",
        arguments: [
            "server=http://x", "server : http://x", "SERVER = http://x  ", "; c\n# c\nserver = http://x\nunknown = 1",
            "\r\nserver = http://x\r\nother = 1\r",
        ])
    func spelling(text: String) throws {
        #expect(try load("koji", ["etc/koji.conf": section(text)]).get().server == "http://x")
    }

    @Test("doubled percent signs are one, a tilde is the home directory, slashes at the end go")
    func values() throws {
        let text =
            "server = http://x/a%%20b\ntopdir = ~/koji\nserverca = ~/ca.pem\ntopurl = http://files//\nweburl = http://w/"
        let profile = try load("koji", ["etc/koji.conf": section(text)]).get()
        #expect(profile.server == "http://x/a%20b")
        #expect(profile.topdir.hasSuffix("/home/koji"))
        #expect(profile.serverAuthorities?.hasSuffix("/home/ca.pem") == true)
        #expect(profile.address.topurl == "http://files")
        #expect(profile.address.weburl == "http://w")
    }

    @Test("the user's own authorities are taken where they are and nothing else is said")
    func authorities() throws {
        let own = ["etc/koji.conf": section(""), "home/.koji/serverca.crt": "x"]
        #expect(try load("koji", own).get().serverAuthorities?.hasSuffix("/.koji/serverca.crt") == true)
        let none = ["etc/koji.conf": section("serverca ="), "home/.koji/serverca.crt": "x"]
        #expect(try load("koji", none).get().serverAuthorities == nil)
    }

    @Test("keys of the section DEFAULT count where the profile has none")
    func defaultSection() throws {
        let files = [
            "etc/koji.conf": "[DEFAULT]\nauthtype = ssl\nserver = http://d\n[koji]\nserver = http://x\n",
            "home/.koji/config": "[DEFAULT]\ntopdir = /d\n",
        ]
        let profile = try load("koji", files).get()
        #expect(profile.server == "http://x")
        #expect(profile.authtype == "ssl")
        #expect(profile.topdir == "/d")
        #expect(try load("other", files).failure?.message.contains("DEFAULT") == false)
    }

    @Test("a profile that is nowhere names the files and the profiles there are")
    func unknown() throws {
        let failure = try #require(try load("stg", ["etc/koji.conf": "[koji]\n[fedora]\n"]).failure)
        #expect(failure.kind == .profile)
        #expect(failure.isHubUnusable)
        for part in ["'stg'", "etc/koji.conf", "home/.koji/config", "fedora, koji"] {
            #expect(failure.message.contains(part))
        }
    }

    @Test("a named file that is not there is told by its name")
    func missing() throws {
        let failure = try #require(try load("koji", ["etc/koji.conf": "[koji]\n"], config: "my.conf").failure)
        #expect(failure.message.contains("my.conf"))
        #expect(failure.message.contains("No such file"))
    }

    @Test(
        "a line that is nothing is told by its place, and not shown",
        arguments: [
            ("[koji]\nserver http//secret\n", 2), ("secret = 1\n", 1), ("\n\n[koji\n", 3),
            ("[koji]\ntopdir = /a\ntopdir = secret\n", 3), ("[koji]\n[x]\n[koji]\n", 3),
        ])
    func malformed(text: String, line: Int) throws {
        let failure = try #require(try load("koji", ["etc/koji.conf": text]).failure)
        #expect(failure.message.contains("etc/koji.conf:\(line):"))
        #expect(!failure.message.contains("secret"))
    }

    @Test("everything that is wrong with the values is told at once, each with its place")
    func problems() throws {
        let text = "max_retries = many\nanon_retry = perhaps\ntopurl = 50%\nweburl = %(nowhere)s\nserver = %(server)s"
        let failure = try #require(try load("koji", ["etc/koji.conf": section(text)]).failure)
        for part in [
            "koji.conf:2: max_retries is 'many', and must be a whole number", "koji.conf:3: anon_retry", "yes, no, on",
            "koji.conf:4: topurl cannot be read: a '%' stands alone", "koji.conf:5: weburl", "the key 'nowhere'",
            "koji.conf:6: server", "circle",
        ] {
            #expect(failure.message.contains(part), "\(failure.message)")
        }
        #expect(failure.message.split(separator: "\n").count == 5)
    }

    @Test("values refer to other keys, and go on in deeper lines")
    func references() throws {
        let text =
            "host = koji.example.org\nserver = https://%(host)s/kojihub\ntopurl = %(server)s\n  /files\n\nauthtype = ssl"
        let profile = try load("koji", ["etc/koji.conf": section(text)]).get()
        #expect(profile.server == "https://koji.example.org/kojihub")
        #expect(profile.topurl == "https://koji.example.org/kojihub\n/files")
        #expect(profile.authtype == "ssl")
    }

    @Test("a file that is no text is told by its name")
    func binary() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("koji-profile-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        try Data([0x5B, 0xFF, 0xFE]).write(to: root.appendingPathComponent("koji.conf"))
        let failure = #expect(throws: KojiFailure.self) {
            try KojiProfile.load("koji", from: .init(file: nil, home: "/nonexistent", etc: root.path))
        }
        #expect(failure?.message.contains("koji.conf is not text in UTF-8") == true)
    }

    @Test("a name that is nearly right is offered", arguments: [("fedroa", false), ("Fedora", true), ("fedor", true)])
    func near(_ name: String, _ isOffered: Bool) throws {
        let failure = try #require(try load(name, ["etc/koji.conf": "[koji]\n[fedora]\n"]).failure)
        #expect(failure.message.contains("did you mean 'fedora'?") == isOffered)
    }

    @Test("a directory in the place of a file gives its files by name; it must hold one")
    func directory() throws {
        let files = ["many/b.conf": section("topdir = /b"), "many/a.conf": section("topdir = /a\nserver = http://a")]
        let profile = try load("koji", files, config: "many").get()
        #expect(profile.topdir == "/b")
        #expect(profile.server == "http://a")
        let failure = try #require(try load("koji", ["none/readme": ""], config: "none").failure)
        #expect(failure.message.contains("no *.conf in the directory"))
    }

    @Test(
        "a server goes unverified only where the files say so",
        arguments: [
            ("", true), ("no_ssl_verify = false", true), ("no_ssl_verify =", true), ("no_ssl_verify = true", false),
        ])
    func verification(_ text: String, _ verifies: Bool) throws {
        #expect(try load("koji", ["etc/koji.conf": section(text)]).get().verifiesServer == verifies)
    }

    // MARK: How to log in

    static let ways: [(keys: String, hasUser: Bool, way: LoginWay)] = [
        ("", false, .kerberos(principal: nil, keytab: nil)),
        ("", true, .password),
        ("cert = /there.pem", true, .certificate(path: "/there.pem")),
        ("cert = /absent.pem", true, .password),
        ("cert = /absent.pem\nauthtype = ssl", true, .certificate(path: "/absent.pem")),
        ("cert = /there.pem\nauthtype = noauth", true, .anonymous),
        ("cert = /there.pem\nauthtype = kerberos", true, .kerberos(principal: nil, keytab: nil)),
        ("cert = /there.pem\nauthtype = password", false, .password),
        ("keytab = /k", false, .kerberos(principal: nil, keytab: nil)),
        ("keytab = /k\nprincipal = a@E", false, .kerberos(principal: "a@E", keytab: "/k")),
        ("principal = a@E", false, .kerberos(principal: "a@E", keytab: nil)),
    ]

    @Test("the way to log in is chosen as the koji program does", arguments: ways)
    func way(_ test: (keys: String, hasUser: Bool, way: LoginWay)) throws {
        let profile = try load("koji", ["etc/koji.conf": section(test.keys)]).get()
        #expect(try profile.loginWay(hasUser: test.hasUser, exists: { $0 == "/there.pem" }) == test.way)
    }

    @Test(
        "a way that koji does not know is told, with the one that is meant",
        arguments: [
            ("authtype = gssapi", "authtype = kerberos"), ("authtype = x", "noauth, ssl"),
            ("authtype = ssl", "set cert"),
        ])
    func noWay(_ keys: String, _ says: String) throws {
        let profile = try load("koji", ["etc/koji.conf": section(keys)]).get()
        let failure = #expect(throws: KojiFailure.self) { try profile.loginWay(hasUser: false, exists: { _ in false }) }
        #expect(failure?.message.contains(says) == true)
        #expect(failure?.isHubUnusable == true)
    }
}
