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
}
