import Foundation
import Koji
import Testing

@Suite("The language of koji.conf")
struct ProfileLanguageTests {
    private func topurl(_ text: String) throws -> String? {
        try ProfileFixture.load("koji", ["etc/koji.conf": text]).get().topurl
    }

    @Test(
        "values, as Python's configparser reads them",
        arguments: [
            ("[koji]\ntopurl = a ; b # c", "a ; b # c"), ("[koji] tail\ntopurl: a=b:c", "a=b:c"),
            ("[koji]\n topurl = a\n other = b", "a"), ("[koji]\ntopurl = a\n b = c", "a\nb = c"),
            ("[koji]\ntopurl =\n  a", "\na"), ("[koji]\ntopurl = a\n\n  b\n\n\n", "a\n\nb"),
            ("[koji]\ntopurl = a\n# c\n ; c\n  b", "a\nb"), ("[koji]\ntopurl = a\r\rserver = http://x", "a"),
            ("[koji]\nTopURL\u{A0}=\u{2003}a\u{A0}", "a"), ("[koji]\ntopurl = %(x)s/%%\nX = %(y)s\ny = z", "z/%"),
            ("[DEFAULT]\nx = d\n[koji]\ntopurl = %(X)s\n[DEFAULT]\ny = 1", "d"),
            ("[other]\ntopurl = no\n[koji]\ntopurl = a", "a"), ("[koji]\ntopurl = \u{301}a", "\u{301}a"),
        ])
    func values(text: String, value: String) throws {
        #expect(try topurl(text) == value)
    }

    @Test("a reference is looked up where all files are together")
    func references() throws {
        let files = [
            "etc/koji.conf": "[koji]\nbase = http://old\ntopurl = %(base)s/f\n",
            "home/.koji/config": "[koji]\nbase = http://new\n",
        ]
        let profile = try ProfileFixture.load("koji", files).get()
        #expect(profile.topurl == "http://new/f")
        #expect(profile.origin(of: "topurl")?.description.hasSuffix("etc/koji.conf:3") == true)
        #expect(profile.origin(of: "base")?.description.hasSuffix("home/.koji/config:2") == true)
        #expect(profile.origin(of: "server") == nil)
    }

    @Test(
        "what cannot be read is told by file and line, and its text is not shown",
        arguments: [
            ("[koji]\n[x]\n[koji]\n", 3, "[koji] is in this file twice"),
            ("[koji]\na = secret\nb = 1\nA = secret\n", 4, "key a is twice"),
            ("[DEFAULT]\na = secret\n[DEFAULT]\na = secret\n", 4, "key a is twice"),
            ("\u{FEFF}[koji]\n", 1, "byte order mark"), ("a = secret\n", 1, "must come before"),
            ("[koji]\nsecret\n", 2, "neither"), ("[koji]\n= secret\n", 2, "neither"), ("[]\n", 1, "must come before"),
            ("[koji]\nx = 1\n[koji\n", 3, "neither"), ("[koji]\nx = a\0secret\n", 2, "NUL"),
            ("[koji]\nx = 1\npassword = secret%\n", 3, "write %%"), ("[koji]\npassword = %(secret\n", 2, "%(key)s"),
            ("[koji]\npassword = %(secret)\n", 2, "%(key)s"), ("[koji]\npassword = %()s secret\n", 2, "%(key)s"),
            ("[koji]\npassword = a%(secret)s\n", 2, "neither in this section"),
            ("[koji]\nserver = %(nowhere)s\n", 2, "a key nowhere that"),
            ("[koji]\na = %(b)s\nb = %(a)s\n", 2, "ten deep"), ("[DEFAULT]\n\nx = %\n[koji]\n", 3, "write %%"),
        ])
    func malformed(text: String, line: Int, reason: String) throws {
        let failure = try #require(try ProfileFixture.load("koji", ["etc/koji.conf": text]).failure)
        #expect(failure.kind == .profile)
        #expect(failure.message.contains("etc/koji.conf:\(line): "), "\(failure.message)")
        #expect(failure.message.contains(reason), "\(failure.message)")
        #expect(!failure.message.contains("secret"), "\(failure.message)")
    }

    @Test(
        "bytes that are not UTF-8 are told by their line",
        arguments: [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80]])
    func encoding(bytes: [UInt8]) throws {
        let text = Array("[koji]\r\n\rserver = http://x\r".utf8) + bytes
        let failure = try #require(try ProfileFixture.load("koji", bytes: ["etc/koji.conf": text]).failure)
        #expect(failure.message.contains("etc/koji.conf:4: this line is not UTF-8"), "\(failure.message)")
    }

    @Test("references that multiply come to an end", arguments: ["", "x"])
    func multiplying(leaf: String) throws {
        var text = "[koji]\na0 = \(leaf)\n"
        for number in 1...9 {
            text += "a\(number) = " + String(repeating: "%(a\(number - 1))s", count: 100) + "\n"
        }
        let failure = try #require(try ProfileFixture.load("koji", ["etc/koji.conf": text]).failure)
        #expect(failure.message.contains("too long"), "\(failure.message)")
    }

    @Test("a file without an end or a purpose is refused")
    func large() throws {
        let text = "[koji]\n" + String(repeating: "# comment\n", count: 120_000)
        let failure = try #require(try ProfileFixture.load("koji", ["etc/koji.conf": text]).failure)
        #expect(failure.message.contains("larger than a mebibyte"))
    }
}
