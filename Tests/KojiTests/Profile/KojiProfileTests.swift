import Foundation
import Koji
import Testing

@Suite("Profiles of koji.conf")
struct KojiProfileTests {
    private func load(
        _ name: String, _ files: [String: String], config: String? = nil, prepare: (URL) throws -> Void = { _ in }
    ) throws -> Result<KojiProfile, KojiFailure> {
        try ProfileFixture.load(name, files, config: config, prepare: prepare)
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
            " server = http://x\n other = 1", "\r\nserver = http://x\r\nother = 1\r",
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
        arguments: [("[koji]\nserver http//secret\n", 2), ("secret = 1\n", 1), ("\n\n[koji\n", 3)])
    func malformed(text: String, line: Int) throws {
        let failure = try #require(try load("koji", ["etc/koji.conf": text]).failure)
        #expect(failure.message.contains("etc/koji.conf:\(line):"))
        #expect(!failure.message.contains("secret"))
    }

    @Test("every key is read, typed")
    func all() throws {
        let text = """
            principal = p@R
            keytab = /k
            cert = ~root/c
            no_ssl_verify = false
            max_retries = 1_0
            retry_interval = +1
            anon_retry = No
            offline_retry = ON
            offline_retry_interval = 2
            timeout = 3
            auth_timeout = 4
            poll_interval = 0
            """
        let profile = try load("koji", ["etc/koji.conf": section(text)]).get()
        #expect(profile.principal == "p@R")
        #expect(profile.keytab == "/k")
        #expect(profile.certificate?.hasSuffix("/c") == true && profile.certificate?.hasPrefix("/") == true)
        #expect(profile.maxRetries == 10 && profile.retryInterval == 1)
        #expect(!profile.anonRetry && profile.offlineRetry && profile.offlineRetryInterval == 2)
        #expect(profile.timeout == 3 && profile.authTimeout == 4 && profile.pollInterval == 0)
        // As the library takes it, but not in silence.
        #expect(profile.noSSLVerify)
        #expect(
            profile.notes.count == 1 && profile.notes.allSatisfy { $0.contains("koji.conf:5: no_ssl_verify = false") })
        let standard = try load("koji", ["etc/koji.conf": section("")]).get()
        #expect(standard.maxRetries == 30 && standard.retryInterval == 20 && standard.anonRetry)
        #expect(!standard.offlineRetry && standard.offlineRetryInterval == 20 && standard.timeout == 43200)
        #expect(standard.authTimeout == 60 && standard.pollInterval == 6 && !standard.noSSLVerify)
        #expect(standard.principal == nil && standard.keytab == nil && standard.certificate == nil)
        #expect(standard.notes.isEmpty)
    }

    @Test(
        "a value of the wrong kind is told with file, line, key, value and what is expected",
        arguments: [
            ("timeout = 1.5", "timeout = 1.5: expected a whole number from 0"), ("timeout =", "timeout = : expected"),
            ("max_retries = -1", "max_retries = -1: expected"), ("retry_interval = 2147483648", "to 2147483647"),
            ("poll_interval = 99999999999999999999", "expected a whole number"),
            ("anon_retry = maybe", "anon_retry = maybe: expected yes"),
            ("offline_retry =", "offline_retry = : expected"),
            ("timeout = x\n secret", "timeout = x: expected"),
            ("timeout = %(p)s\np = secret", "timeout = %(p)s: expected"),
            ("server = ftp://u:secret@h", "must be a URL such as https://"), ("server =", "must be a URL"),
            ("server = http://h\n secret", "must be a URL"),
        ])
    func wrong(text: String, expected: String) throws {
        let failure = try #require(try load("koji", ["etc/koji.conf": section(text)]).failure)
        #expect(failure.message.contains("etc/koji.conf:2: "), "\(failure.message)")
        #expect(failure.message.contains(expected), "\(failure.message)")
        #expect(!failure.message.contains("secret"))
    }

    @Test("keys that are old, of other programs or unknown may hold anything")
    func ignored() throws {
        let text =
            "ca = x\nkrb_rdns = maybe\nupload_blocksize = x\npyver = x\ndebug = maybe\nuse_fast_upload = 7\nmine ="
        #expect(try load("koji", ["etc/koji.conf": section(text)]).failure == nil)
    }

    @Test("a near match of the profile is offered, capitals or not")
    func near() throws {
        let files = ["etc/koji.conf": "[fedora]\n[stg]\n[CentOS]\n"]
        for (name, near) in [("fedroa", "fedora"), ("Fedora", "fedora"), ("centos", "CentOS"), ("stgg", "stg")] {
            #expect(try load(name, files).failure?.message.contains("did you mean '\(near)'?") == true)
        }
        let far = try #require(try load("hummingbird", files).failure)
        #expect(!far.message.contains("did you mean"))
        #expect(far.message.contains("CentOS, fedora, stg"))
        let nothing = try #require(try load("koji", [:]).failure)
        #expect(nothing.message.contains("write a section [koji]"))
    }

    @Test("a directory is its files *.conf by name, wherever a file may stand")
    func directories() throws {
        let files = [
            "etc/koji.conf/b.conf": section("topurl = b"), "etc/koji.conf/a.conf": section("topurl = a"),
            "my.d/x.conf": section("topdir = /x"), "my.d/y.txt": "nonsense", "empty/y.txt": "",
        ]
        let profile = try load("koji", files, config: "my.d").get()
        #expect(profile.topurl == "b")
        #expect(profile.topdir == "/x")
        let failure = try #require(try load("koji", files, config: "empty").failure)
        #expect(failure.message.contains("no file *.conf"))
    }

    @Test("a pipe in the place of a file is passed over, and refused where it is named", .timeLimit(.minutes(1)))
    func pipes() throws {
        let files = ["etc/koji.conf": section("topurl = a")]
        let pipe = { (root: URL) in
            try FileManager.default.createDirectory(
                at: root.appendingPathComponent("home/.koji"), withIntermediateDirectories: true)
            #expect(mkfifo(root.appendingPathComponent("home/.koji/config").path, 0o600) == 0)
        }
        #expect(try load("koji", files, prepare: pipe).get().topurl == "a")
        let named = try #require(try load("koji", files, config: "home/.koji/config", prepare: pipe).failure)
        #expect(named.message.contains("not a file"))
        let missing = try #require(try load("stg", files, prepare: pipe).failure)
        #expect(missing.message.contains("cannot be read: ") && missing.message.contains("config (not a file)"))
    }

    @Test("all values that are wrong are told at once, each with its line; a server's is not shown")
    func allProblems() throws {
        let text = "max_retries = many\nanon_retry = perhaps\nserver = ftp://me:s3cr3t@h\ntimeout = -1"
        let failure = try #require(try load("koji", ["etc/koji.conf": section(text)]).failure)
        let lines = failure.message.split(separator: "\n")
        #expect(lines.count == 4, "\(failure.message)")
        for part in [
            "koji.conf:2: max_retries = many", "koji.conf:3: anon_retry = perhaps", "koji.conf:4: server",
            "koji.conf:5: timeout = -1",
        ] {
            #expect(lines.contains { $0.contains(part) }, "\(part): \(failure.message)")
        }
        #expect(!failure.message.contains("s3cr3t"))
    }
}
