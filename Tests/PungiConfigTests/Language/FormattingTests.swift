import PungiConfig
import TestSupport
import Testing

/// Python's `%`, by a table; with the peers at hand the table is held against the real Python.
struct FormattingTests {
    static let formatted: [(template: String, argument: String, result: String)] = [
        ("%s-%s", "(1, 'x')", "1-x"), ("%s", "[1, 'a']", "[1, 'a']"), ("%s", "((1,),)", "(1,)"), ("%s", "None", "None"),
        ("%(a)s %(a)05d", "{'a': 7}", "7 00007"), ("%(a(b))s", "{'a(b)': 1}", "1"), ("x", "{}", "x"), ("x", "[1]", "x"),
        ("%%", "()", "%"), ("%5s|%-5s|%.2s", "('ab', 'ab', 'abc')", "   ab|ab   |ab"), ("%05s", "'ab'", "   ab"),
        ("%r", "'a'", "'a'"), ("%a", "'é'", "'\\xe9'"), ("%r", "'\u{200b}'", "'\\u200b'"), ("%.2r", "'abc'", "'a"),
        ("%d %i %u", "(1, -2, True)", "1 -2 1"), ("%d", "1.9e3", "1900"), ("%d", "1.0e20", "100000000000000000000"),
        ("%x %X %o", "(255, 255, 8)", "ff FF 10"), ("%#x %#X %#o", "(255, 255, 8)", "0xff 0XFF 0o10"),
        ("%x", "123456789012345678901234567890", "18ee90ff6c373e0ee4e3f0ad2"), ("%x", "-255", "-ff"),
        ("%+d|% d|%05d|%-5d|%+05d", "(3, 3, 3, 3, 3)", "+3| 3|00003|3    |+0003"),
        ("%08.3d|%#.5x", "(42, 10)", "00000042|0x0000a"), ("%#08x", "255", "0x0000ff"),
        ("%f %.2f %.0f %#.0f", "(1.5, 2.675, 0.5, 1.0)", "1.500000 2.67 0 1."),
        ("%e %E", "(1.5, 1.0e100)", "1.500000e+00 1.000000E+100"),
        ("%g %G %.3g %#.3g", "(1.0e300, 1.0e-10, 1.0, 1.0)", "1e+300 1E-10 1 1.00"), ("%010f", "1.0e999", "0000000inf"),
        ("%F", "1.0e999", "INF"), ("%f", "3", "3.000000"), ("%c%c", "(65, 'é')", "Aé"), ("%05c", "'c'", "    c"),
        ("%*d|%-*d|%*d", "(5, 1, 5, 1, -5, 1)", "    1|1    |1    "), ("%.*f", "(-1, 1.5)", "2"),
        ("%ld %hd %Ld", "(1, 2, 3)", "1 2 3"),
    ]

    static let refused: [(template: String, argument: String, message: String)] = [
        ("%s %s", "1", "not enough arguments for format string"), ("%s", "(1, 2)", "not all arguments converted"),
        ("x", "1", "not all arguments converted"), ("%(a)s", "(1,)", "format requires a mapping"),
        ("%(a)s", "[1]", "list indices must be integers"), ("%(a)s", "{}", "the dict has no key 'a'"),
        ("%(a", "{}", "incomplete format key"), ("%", "1", "incomplete format"),
        ("%y", "1", "unsupported format character 'y' (0x79)"),
        ("%lld", "1", "unsupported format character 'l'"), ("%d", "'x'", "a real number is required, not str"),
        ("%x", "1.5", "an integer is required, not float"), ("%f", "'x'", "must be real number, not str"),
        ("%c", "'ab'", "%c requires int or char"), ("%c", "1114112", "not in range"),
        ("%*d", "('x', 1)", "* wants int"),
        ("%d", "1.0e999", "cannot convert float inf"), ("%99999999999999999999d", "1", "width too big"),
        ("%.99999999999d", "1", "precision too big"), ("%5%", "()", "not enough arguments"),
    ]

    private static func text(_ template: String, _ argument: String) -> String { "s = \"\(template)\" % \(argument)" }

    @Test(
        "a string is formatted as by Python", arguments: formatted.map { (text($0.template, $0.argument), $0.result) })
    func formats(_ text: String, _ result: String) throws {
        #expect(try ConfigCase(text).load()["s"]?.string == result)
    }

    @Test(
        "a wrong format is refused in Python's words",
        arguments: refused.map { (text($0.template, $0.argument), $0.message) })
    func refuses(_ text: String, _ message: String) throws {
        let first = try #require(try ConfigCase(text).failure().first)
        #expect(first.code == "config.format")
        #expect(first.message.contains(message), "\(first.message)")
        #expect(first.location == SourceLocation(file: "/conf/main.conf", line: 1, column: 5))
    }

    @Test("the tables above are what the real Python says", .needsPeers)
    func tables() throws {
        let cases =
            (Self.formatted.map { Self.text($0.template, $0.argument) }
            + Self.refused.map { Self.text($0.template, $0.argument) })
            .map { ConfigCase($0) }
        #expect(try KoboPeer.compare(cases) == Self.formatted.count)
    }

    @Test(
        "formatting cannot be used to fill the memory",
        arguments: [
            "s = '%99999999d' % 1", "s = '%.99999999f' % 1.0", "s = '%*s' % (99999999, 1)",
            "a = 'xxxxxxxxxxxxxxxxxxxx'\n" + String(repeating: "a = '%s%s%s%s' % (a, a, a, a)\n", count: 40),
            "a = ['xxxxxxxxxxxxxxxxxxxx']\n" + String(repeating: "a = [a, a, a, a]\n", count: 14) + "s = '%.1r' % (a,)",
        ])
    func memory(_ text: String) throws {
        let codes = try ConfigCase(text).failure().map(\.code)
        #expect(codes == ["config.format"] || codes == ["config.too-large"])
    }
}
