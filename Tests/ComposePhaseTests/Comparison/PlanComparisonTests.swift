import ProductMD
import PungiConfig
import TestSupport
import Testing

@testable import ComposePhase

@Suite("What changes between two plans")
struct PlanComparisonTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let what: String
        let old: String
        let new: String
        let expected: [String]

        init(_ what: String, _ old: String, _ new: String, _ expected: [String]) {
            self.what = what
            self.old = old
            self.new = new
            self.expected = expected.map { "~ IoT/a/iot-raw-xz: " + $0 }
        }

        var testDescription: String { what }
    }

    /// Members of one block before and after.
    static let fields = [
        Case("nothing", #""distro": "f""#, #""distro": "f""#, []),
        Case("target", #""target": "t""#, #""target": "u""#, [#"target "t" -> "u""#]),
        Case("target taken away", #""target": "u""#, "", [#"target "u" -> "t""#]),
        Case(
            "arches", "", #""arches": ["x86_64"]"#,
            [#"arches -"aarch64""#]),
        Case("version", #""version": "44""#, #""version": "45""#, [#"version "44" -> "45""#]),
        Case("release", "", #""release": "1""#, [#"release nothing -> "1""#]),
        Case("subvariant", "", #""subvariant": "S""#, [#"subvariant "IoT" -> "S""#]),
        Case("manifest type", "", #""manifest_type": "raw-xz""#, [#"manifest_type nothing -> "raw-xz""#]),
        Case("failable", "", #""failable": ["x86_64"]"#, [#"failable +"x86_64""#]),
        Case(
            "failable, all", "", #""failable": ["*"]"#,
            [#"failable +"aarch64" +"x86_64""#, "can_fail false -> true"]),
        Case(
            "a repository more", #""repos": ["http://a/"]"#, #""repos": ["http://a/", "http://b/"]"#,
            [#"repos +"http://b/""#]),
        Case(
            "a repository instead", #""repos": ["http://a/"]"#, #""repos": ["http://b/"]"#,
            [#"repos "http://a/" -> "http://b/""#]),
        Case(
            "repositories in another order", #""repos": ["http://a/", "http://b/"]"#,
            #""repos": ["http://b/", "http://a/"]"#,
            [#"repos reordered ["http://b/", "http://a/"]"#]),
        Case(
            "a repository twice", #""repos": ["http://a/"]"#, #""repos": ["http://a/", "http://a/"]"#,
            [#"repos +"http://a/""#]),
        Case(
            "ostree", #""ostree": {"url": "http://u/", "ref": "r"}"#,
            #""ostree": {"url": "http://u/", "ref": "s", "parent": "p"}"#,
            [#"ostree.parent nothing -> "p""#, #"ostree.ref "r" -> "s""#]),
        Case("ostree taken away", #""ostree": {"url": "http://u/"}"#, "", [#"ostree {"url": "http://u/"} -> nothing"#]),
        Case("scratch", "", #""scratch": True"#, ["scratch nothing -> true"]),
        Case("seed", #""seed": 1"#, #""seed": 2"#, ["seed 1 -> 2"]),
        Case(
            "blueprint in depth", #""blueprint": {"a": {"b": [{"c": 1}, {"c": 2}]}}"#,
            #""blueprint": {"a": {"b": [{"c": 1}, {"c": 3}]}}"#, ["blueprint.a.b[1].c 2 -> 3"]),
        Case(
            "a whole number is no float", #""blueprint": {"a": 1}"#, #""blueprint": {"a": 1.0}"#,
            ["blueprint.a 1 -> 1.0"]),
        Case(
            "null is something", #""blueprint": {"a": None, "b": 1}"#, #""blueprint": {"b": 1}"#,
            ["blueprint.a null -> nothing"]),
        Case(
            "items by their name", #""blueprint": {"user": [{"name": "x", "uid": 1}, {"name": "y", "uid": 2}]}"#,
            #""blueprint": {"user": [{"name": "z"}, {"name": "y", "uid": 3}]}"#,
            [
                #"blueprint.user[z] nothing -> {"name": "z"}"#, "blueprint.user[y].uid 2 -> 3",
                #"blueprint.user[x] {"name": "x", "uid": 1} -> nothing"#,
            ]),
        Case(
            "named items in another order", #""blueprint": {"user": [{"name": "x"}, {"name": "y"}]}"#,
            #""blueprint": {"user": [{"name": "y"}, {"name": "x"}]}"#, [#"blueprint.user reordered ["y", "x"]"#]),
        Case(
            "items without a name of their own", #""blueprint": {"p": [{"name": "x"}, {"name": "x"}]}"#,
            #""blueprint": {"p": [{"name": "x"}]}"#, [#"blueprint.p -{"name": "x"}"#]),
        Case(
            "a member that is no word", #""blueprint": {"a.b c": 1}"#, #""blueprint": {"a.b c": 2}"#,
            [#"blueprint."a.b c" 1 -> 2"#]),
        Case(
            "another kind of value", #""blueprint": {"a": [1]}"#, #""blueprint": {"a": {"b": 1}}"#,
            [#"blueprint.a [1] -> {"b": 1}"#]),
        Case(
            "letters that only look the same", "\"blueprint\": {\"a\": \"\u{e9}\"}",
            "\"blueprint\": {\"a\": \"e\u{301}\"}", [#"blueprint.a "\u00e9" -> "e\u0301""#]),
        Case(
            "secrets are not shown", #""blueprint": {"user": [{"name": "x", "password": "$6$old"}]}"#,
            #""blueprint": {"user": [{"name": "x", "password": "$6$new"}, {"name": "y", "Password": "p"}]}"#,
            [
                #"blueprint.user[x].password "(not shown)" -> "(not shown)""#,
                #"blueprint.user[y] nothing -> {"Password": "(not shown)", "name": "y"}"#,
            ]),
        Case(
            "nor is who takes a repository", #""repos": ["https://u:secret@h/a"]"#,
            #""repos": ["https://u:secret@h/b"]"#,
            [#"repos "https://\u2026@h/a" -> "https://\u2026@h/b""#]),
    ]

    @Test("one block, field by field", arguments: fields)
    func field(_ row: Case) throws {
        let comparison = PlanComparison(
            try PlanWorld.image(row.old).plan(), try PlanWorld.image(row.new).plan())
        #expect(comparison.words == row.expected)
        #expect(comparison.isSame == row.expected.isEmpty)
    }

    private func compare(_ old: String, _ new: String) throws -> PlanComparison {
        func plan(_ blocks: String) throws -> PhasePlan {
            try PlanWorld("global_target = \"t\" imagebuilder = {\"^IoT$\": [\(blocks)]}").plan()
        }
        return PlanComparison(try plan(old), try plan(new))
    }

    private func block(_ name: String, _ type: String, _ subvariant: String = "IoT", _ more: String = "") -> String {
        #"{"name": "\#(name)", "types": ["\#(type)"], "subvariant": "\#(subvariant)", \#(more)},"#
    }

    @Test("tasks come and go")
    func comeAndGo() throws {
        let comparison = try compare(block("a", "x") + block("b", "x", "B"), block("a", "x") + block("c", "y", "C"))
        #expect(comparison.words == ["+ IoT/c/y", "- IoT/b/x"])
        #expect(comparison.unchanged == 1)
    }

    @Test("another image type, and another name, are changes of one image")
    func renamed() throws {
        #expect(try compare(block("a", "x"), block("a", "y")).words == [#"~ IoT/a/y (was IoT/a/x): types "x" -> "y""#])
        #expect(try compare(block("a", "x"), block("b", "x")).words == [#"~ IoT/b/x (was IoT/a/x): name "a" -> "b""#])
        // Of two it cannot be known which.
        let two = try compare(block("a", "x") + block("b", "x"), block("c", "x") + block("d", "x"))
        #expect(two.words == ["+ IoT/c/x", "+ IoT/d/x", "- IoT/a/x", "- IoT/b/x"])
    }

    @Test("blocks of one name and type are told apart by what they say, not by their number")
    func shifted() throws {
        let (one, two) = (block("a", "x", "One"), block("a", "x", "Two"))
        #expect(try compare(one + two, two + one).isSame)
        #expect(try compare(one, two + one).words == ["+ IoT/a/x"])
        #expect(try compare(two + one, one).words == ["- IoT/a/x"])
        #expect(
            try compare(one + two, two + block("a", "x", "Three")).words == [
                #"~ IoT/a/x-2 (was IoT/a/x): subvariant "One" -> "Three""#
            ])
    }

    @Test("repositories and refs are summed up over all images")
    func uses() throws {
        func image(_ name: String, _ branch: String, _ repo: String) -> String {
            block(name, name, name, #""ostree": {"url": "http://u/", "ref": "\#(branch)"}, "repos": ["\#(repo)"]"#)
        }
        let comparison = try compare(
            image("a", "f44", "http://x/") + image("b", "f44", "http://y/"),
            image("a", "f45", "http://x/") + image("b", "f44", "http://z/"))
        #expect(
            comparison.repos
                == UseChange(added: [.init(text: "http://z/", images: 1)], gone: [.init(text: "http://y/", images: 1)]))
        #expect(comparison.refs == UseChange(added: [.init(text: "f45", images: 1)], gone: []))
    }

    @Test("a complaint that moved to another line is none that is new")
    func problems() throws {
        let comparison = try compare(
            block("a", "x", "A", #""failable": ["*", "s390x"]"#),
            "\n\n" + block("a", "x", "A", #""failable": ["*", "s390x"]"#)
                + block("n", "y", "B", #""arches": ["s390x"]"#))
        #expect(comparison.problems.added.map(\.code) == ["plan.no-arches"])
        #expect(comparison.problems.gone.isEmpty)
        #expect(comparison.skipped.added.map(\.block) == ["n"])
        #expect(comparison.isSame)
    }

    @Test("what a plan was changed in by hand shows, also where it is not sent")
    func byHand() throws {
        let old = try PlanWorld.image("").plan()
        var new = old
        new.tasks[0].arches[0].command.append("--extra")
        new.tasks[0].arches[1].failable = true
        #expect(
            PlanComparison(old, new).words == [
                #"~ IoT/a/iot-raw-xz: arches[aarch64].command +"--extra""#,
                "~ IoT/a/iot-raw-xz: arches[x86_64].failable false -> true",
            ])
        new = old
        new.tasks[0].method = "other"
        #expect(PlanComparison(old, new).words.first == #"~ IoT/a/iot-raw-xz: method "imageBuilderBuild" -> "other""#)
    }
}
