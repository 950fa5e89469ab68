import Foundation
import TestSupport

/// Configuration files in a directory of their own, made at random: good ones mostly, with every oddity now and then.
struct ProfileTree {
    let root: URL
    /// Contents by path below the root.
    var files: [String: [UInt8]] = [:]
    var profile = "koji"
    /// The named file, below the root.
    var config: String?
    var hasUser = false

    func write() throws {
        for (path, bytes) in files {
            let file = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
        }
    }

    init(root: URL, using random: inout SeededGenerator) {
        self.root = root
        var maker = Maker(random: random, isOdd: Int.random(in: 0..<3, using: &random) == 0)
        // Most trees have what the references of the others need.
        if !maker.chance(8) { files["etc/koji.conf.d/0.conf"] = Array(Maker.common.utf8) }
        let places = [
            "etc/koji.conf.d/b.conf", "etc/koji.conf.d/a.conf", "etc/koji.conf.d/.c.conf", "etc/koji.conf.d/É.conf",
            "etc/koji.conf.d/no.txt", "etc/koji.conf", "home/.koji/config.d/u.conf", "home/.koji/config.d/U.conf",
            "home/.koji/config",
        ]
        for place in places where maker.chance(3) { files[place] = maker.file() }
        if maker.chance(30), files["etc/koji.conf"] == nil { files["etc/koji.conf/deep.conf"] = maker.file() }
        if maker.chance(30), files["home/.koji/config"] == nil { files["home/.koji/config/deep.conf"] = maker.file() }
        if maker.chance(3) { files["home/.koji/client.crt"] = [] }
        if maker.chance(3) { files["home/.koji/serverca.crt"] = [] }
        if maker.chance(20) {
            files["home/.koji/client.crt/is-a-directory"] = files["home/.koji/client.crt"] == nil ? [] : nil
        }
        if maker.chance(3) {
            config = maker.one(["my.conf", "my.conf", "my.conf", "my.conf", "my.d", "my.d", "nowhere.conf"])
            files["my.conf"] = maker.file()
            if maker.chance(2) { files["my.d/m.conf"] = maker.file() }
            files["my.d/other"] = maker.file()
        }
        profile = maker.one(Array(repeating: "koji", count: 12) + ["stg", "stg", "DEFAULT", "KOJI"])
        hasUser = maker.chance(4)
        random = maker.random
    }
}

/// Makes the text of one file.
private struct Maker {
    var random: SeededGenerator
    /// Whether mistakes are made.
    let isOdd: Bool

    mutating func chance(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }

    mutating func one<T>(_ choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &random)] }

    mutating func file() -> [UInt8] {
        var text = isOdd && chance(40) ? one(["\u{FEFF}", "lonely = 1\n", "\u{FEFF}# c\n"]) : ""
        var sections = ["koji", "stg", "DEFAULT", "other"].shuffled(using: &random).prefix(
            Int.random(in: 1...4, using: &random))
        if isOdd, chance(30) { sections.append(one(["koji", "DEFAULT", "]", " koji ", "KOJI"])) }
        for section in sections {
            if chance(5) { text += one(["# comment\n", "; [koji]\n", "\n", "  # deep\n", " \t\n"]) }
            text +=
                (chance(40) ? one([" ", "\t"]) : "") + "[\(section)]"
                + one(["", "", " ", " ; tail", "tail = 1", "\u{A0}"])
                + "\n"
            text += body()
        }
        if isOdd, chance(40) {
            text += one(["[koji\n", "[]\n", "nothing\n", "= value\n", ": x\n", "[]=x\n", "\u{301}\n"])
        }
        var bytes = Array(text.utf8)
        switch Int.random(in: 0..<12, using: &random) {
        case 0: bytes = Array(text.replacingOccurrences(of: "\n", with: "\r\n").utf8)
        case 1: bytes = Array(text.replacingOccurrences(of: "\n", with: "\r").utf8)
        default: break
        }
        if isOdd, chance(60) { bytes.append(contentsOf: one([[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80]])) }
        return bytes
    }

    private mutating func body() -> String {
        var text = ""
        var names = Array(Self.values.keys).sorted().shuffled(using: &random).prefix(
            Int.random(in: 0...7, using: &random))
        if isOdd, chance(25), let first = names.first { names.append(first) }
        for name in names {
            let spelt = chance(6) ? name.uppercased() : name
            let indent = chance(30) ? one([" ", "\t"]) : ""
            text +=
                indent + spelt + one([" = ", "=", ": ", ":", " \t=\u{A0}", "\u{2003}= "]) + value(of: name)
                + one(["", "", " ", "\u{1F}"]) + "\n"
            if chance(isOdd || !Self.strict.contains(name) ? 12 : 10_000) {
                text += one(["  more\n", "\n  more\n", " # comment\n  more\n", "\n\n", " %(base)s\n", "\u{85}x\n"])
            }
        }
        return text
    }

    private mutating func value(of name: String) -> String {
        if isOdd, chance(25) { return one(Self.oddValues) }
        return one(Self.values[name] ?? [""])
    }

    static let common = """
        [DEFAULT]
        base = http://base
        home = /h
        count = 3
        flag = yes
        web = http://w/%%(x)s
        user = me
        [koji]
        [stg]

        """

    /// Keys that take no second line.
    private static let strict: Set<String> = [
        "server", "max_retries", "retry_interval", "anon_retry", "offline_retry", "offline_retry_interval", "timeout",
        "auth_timeout", "poll_interval", "count", "flag", "base", "home",
    ]

    private static let numbers = ["0", "1", "30", "+7", "007", "1_0", "٣", "%(count)s", "99999999", "\u{2003}5"]
    private static let flags = ["yes", "No", "TRUE", "off", "1", "0", "on", "false", "%(flag)s"]
    private static let paths = [
        "/a/b", "~/x", "~", "~root/x", "~root", "~nobodyhere/x", "~/%(base)s", "", "x~/y", "~//x", " ~/x ",
        "%(home)s/c",
    ]

    /// Keys with values that the library takes, most of them.
    static let values: [String: [String]] = [
        "server": ["http://h/kojihub", "https://h/kojihub", "HTTPS://H/x", "%(base)s/hub", "https://h/%%20#x ;y"],
        "weburl": ["http://w", "%(base)s/web", "", "%%", "a=b:c", "%(WEB)s"], "web": ["http://w/%%(x)s"],
        "topurl": ["http://f", "%(base)s/files", "", "\"quoted\""], "topdir": paths, "cert": paths, "serverca": paths,
        "authtype": ["noauth", "ssl", "password", "kerberos", "kerberos", "gssapi", "", "SSL"],
        "principal": ["me@EXAMPLE.ORG", "", "%(user)s@X"], "keytab": ["/k", "~/k", "", "FILE:/k"],
        "no_ssl_verify": ["1", "0", "false", ""], "max_retries": numbers, "retry_interval": numbers,
        "anon_retry": flags, "offline_retry": flags, "offline_retry_interval": numbers, "timeout": numbers,
        "auth_timeout": numbers, "poll_interval": numbers,
        "user": ["me"], "password": ["p"], "base": ["http://base", "%(home)s"], "home": ["/h"], "count": ["3"],
        "flag": ["yes"], "krbservice": ["host"], "ключ": ["x"], "two words": ["x"], "[odd": ["x"],
    ]

    private static let oddValues = [
        "%", "50%", "%(", "%()s", "%(x", "%(base)", "%(nowhere)s", "%(a)s%%", "-1", "1.5", "12x", "1__0", "_1", "1_",
        "",
        "maybe", "99999999999", "99999999999999999999", "²", "- 1", "%%%", "%s", "%(server)s", "%(weburl)s",
        "%(topurl)s",
        "ftp://h", "http://a b", "%(cert)s", "0x10", "truE ", "\u{FEFF}1", "e\u{301}=\u{301}",
    ]
}
