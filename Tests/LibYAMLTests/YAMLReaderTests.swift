import LibYAML
import Testing

@Suite("Reading YAML")
struct YAMLReaderTests {
    private func read(_ text: String, limits: YAMLLimits = .standard) throws(YAMLFailure) -> YAMLValue {
        try YAMLReader.read(Array(text.utf8), name: "plan.yaml", limits: limits).resolved(in: "plan.yaml")
    }

    @Test(
        "plain texts mean what YAML 1.1 says",
        arguments: [
            ("", .null), ("~", .null), ("null", .null), ("Null", .null), ("nULL", .string("nULL")),
            ("yes", .bool(true)), ("Off", .bool(false)), ("TRUE", .bool(true)), ("y", .string("y")),
            ("0", .int(0)), ("-12", .int(-12)), ("+1_000", .int(1000)), ("0x1f", .int(31)), ("-0b101", .int(-5)),
            ("017", .int(15)), ("08", .string("08")), ("1:30", .int(90)), ("-1:30:15", .int(-5415)),
            ("1:60", .string("1:60")), ("0o17", .string("0o17")), ("9223372036854775807", .int(.max)),
            ("1.5", .double(1.5)), ("1.", .double(1)), (".5", .double(0.5)), ("-.5", .string("-.5")),
            ("1e5", .string("1e5")), ("1.0e5", .string("1.0e5")), ("1.0e+5", .double(100_000)),
            (".5e-1", .double(0.05)), ("1:30.5", .double(90.5)), (".inf", .double(.infinity)),
            ("-.INF", .double(-.infinity)), ("2026-01-02", .string("2026-01-02")), ("44_Beta", .string("44_Beta")),
            ("1.10.2", .string("1.10.2")), ("=", .string("=")), ("-", .string("-")), ("x86_64", .string("x86_64")),
        ] as [(String, YAMLValue)])
    func plain(text: String, expected: YAMLValue) throws {
        #expect(
            try YAMLNode.scalar(text, isPlain: true, YAMLLocation(line: 1, column: 1)).resolved(in: "x") == expected)
        let quoted = YAMLNode.scalar(text, isPlain: false, YAMLLocation(line: 1, column: 1))
        #expect(try quoted.resolved(in: "x") == .string(text))
    }

    @Test("a document is read with its places")
    func places() throws {
        let node = try YAMLReader.read(Array("a: [x, 'é y', z]\nb:\n  c: 1\n".utf8), name: "f")
        #expect(node["b"]?["c"] == .scalar("1", isPlain: true, YAMLLocation(line: 3, column: 6)))
        guard case .sequence(let items, let location) = node["a"] else {
            Issue.record("no list: \(node)")
            return
        }
        #expect(location == YAMLLocation(line: 1, column: 4))
        // Columns count characters, not bytes.
        #expect(items.map(\.location.column) == [5, 8, 15])
        #expect(items.map(\.location.line) == [1, 1, 1])
    }

    @Test(
        "quotes, block texts and the str tag make texts",
        arguments: ["'44'", "\"44\"", "!!str 44", "! 44", ">-\n  44", "|-\n  44"])
    func texts(text: String) throws {
        #expect(try read(text) == .string("44"))
    }

    @Test("an empty file is null, and comments are no values")
    func empty() throws {
        #expect(try read("") == .null)
        #expect(try read("# nothing\n") == .null)
        #expect(try read("--- # nothing\n...\n") == .null)
    }

    @Test("JSON is YAML")
    func json() throws {
        #expect(
            try read(#"{"a": [1, null, true, "x\u00e9"], "b": {}}"#)
                == .mapping([
                    .init("a", .list([.int(1), .null, .bool(true), .string("xé")])), .init("b", .mapping([])),
                ]))
    }

    @Test(
        "what is unsafe or wrong is refused with its place",
        arguments: [
            ("a: &x 1\nb: 2\n", "plan.yaml:1:4: anchors (&x) are not supported; remove it"),
            ("a: 1\nb: *x\n", "plan.yaml:2:4: aliases (*x) are not supported; write the value out"),
            ("a: 1\nb: 2\na: 3\n", "plan.yaml:3:1: the key a stands here again; it was given first at 1:1"),
            ("--- 1\n--- 2\n", "plan.yaml:2:1: a second document begins here; a file may hold only one"),
            ("a: !!python/object:os.system x", "the tag tag:yaml.org,2002:python/object:os.system is not supported"),
            ("a: !!int 3", "the tag tag:yaml.org,2002:int is not supported"),
            ("? [1, 2]\n: 3\n", "plan.yaml:1:3: a key must be a text, not a list or a mapping"),
            ("<<: {a: 1}\n", "plan.yaml:1:1: the merge key << is not supported; write the entries out"),
            ("a: 9223372036854775808", "plan.yaml:1:4: the number 9223372036854775808 does not fit 64 bits"),
            ("a: [1, 2\nb: 3\n", "plan.yaml:2:"),
            ("a: b: c\n", "plan.yaml:1:5: mapping values are not allowed in this context"),
            ("\tx: 1\n", "plan.yaml:1:1: found character that cannot start any token"),
            ("a: 'x\n", "plan.yaml:2:1: found unexpected end of stream"),
        ])
    func refused(text: String, message: String) throws {
        let failure = #expect(throws: YAMLFailure.self) { try read(text) }
        #expect(failure?.description.contains(message) == true, "\(failure?.description ?? "")")
    }

    @Test("bytes that are not UTF-8 are refused")
    func encoding() throws {
        let failure = #expect(throws: YAMLFailure.self) { try YAMLReader.read([0x61, 0x3A, 0x20, 0xFF], name: "f") }
        #expect(failure?.message.contains("UTF-8") == true)
    }

    @Test("limits hold: bytes, depth, values")
    func limits() throws {
        var limits = YAMLLimits()
        limits.bytes = 10
        #expect(throws: YAMLFailure.self) { try read("aaaaaaaaaaa", limits: limits) }
        #expect(try read("aaaaaaaaaa", limits: limits) == .string("aaaaaaaaaa"))
        limits = YAMLLimits()
        limits.depth = 3
        #expect(try read("[[1]]", limits: limits) == .list([.list([.int(1)])]))
        #expect(throws: YAMLFailure.self) { try read("[[[1]]]", limits: limits) }
        limits = YAMLLimits()
        limits.nodes = 3
        #expect(throws: YAMLFailure.self) { try read("[1, 2, 3]", limits: limits) }
        #expect(try read("[1, 2]", limits: limits) == .list([.int(1), .int(2)]))
    }

    @Test("a file of open brackets ends quickly")
    func brackets() throws {
        #expect(throws: YAMLFailure.self) { try read(String(repeating: "[", count: 1 << 20)) }
        #expect(throws: YAMLFailure.self) { try read(String(repeating: "- ", count: 1 << 18)) }
        #expect(throws: YAMLFailure.self) { try read(String(repeating: "{a: ", count: 1 << 18)) }
    }
}
