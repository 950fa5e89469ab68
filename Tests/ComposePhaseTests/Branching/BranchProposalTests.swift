import ComposePhase
import PungiConfig
import Testing

struct BranchProposalTests {
    private static func propose(
        _ texts: [String], from: String = "rawhide", to: String = "f45", number: Int? = 46, ref: String? = nil
    ) throws -> (proposal: BranchProposal, result: [String]) {
        let request = BranchRequest(
            from: try #require(BranchName(from)), to: try #require(BranchName(to)), rawhideNumber: number, refWord: ref)
        let files = texts.enumerated().map {
            BranchProposal.File(path: "\($0.offset).conf", bytes: Array($0.element.utf8))
        }
        let proposal = try BranchProposal(files: files, request)
        return (proposal, proposal.edited.map { String(decoding: $0.bytes, as: UTF8.self) })
    }

    @Test(
        "an option's text follows the branch as the option does",
        arguments: [
            ("release_version = 'Rawhide'", "release_version = '45'"),
            ("release_version = '46'", "release_version = '45'"),
            ("global_target = 'f46'", "global_target = 'f45'"),
            ("imagebuilder_target = \"rawhide-image-builder\"", "imagebuilder_target = \"f45-image-builder\""),
            ("pkgset_koji_tag = ['f46-updates', 'rawhide']", "pkgset_koji_tag = ['f45-updates', 'f45']"),
            ("runroot_tag = 'f46-build'", "runroot_tag = 'f45-build'"),
            (
                "ostree = {'^I$': {'ostree_ref': 'fedora/46/$arch/iot'}}",
                "ostree = {'^I$': {'ostree_ref': 'fedora/45/$arch/iot'}}"
            ),
            (
                "ostree = {'^I$': {'ostree_ref': 'fedora/rawhide/${basearch}/iot'}}",
                "ostree = {'^I$': {'ostree_ref': 'fedora/devel/${basearch}/iot'}}"
            ),
            ("ostree = {'^I$': {'config_branch': 'main'}}", "ostree = {'^I$': {'config_branch': 'f45'}}"),
            ("comps_file = {'branch': 'f46'}", "comps_file = {'branch': 'f45'}"),
            (
                "kiwibuild_description_scm = 'git+https://x.org/d.git?#rawhide'",
                "kiwibuild_description_scm = 'git+https://x.org/d.git?#f45'"
            ),
            (
                "kiwibuild_description_scm = 'git+https://x.org/d.git?#main'",
                "kiwibuild_description_scm = 'git+https://x.org/d.git?#f45'"
            ),
            (
                "imagebuilder = {'^X$': [{'repos': ['https://x.org/development/rawhide/os', 'https://x.org/compose/46/latest-Fedora-46/os']}]}",
                "imagebuilder = {'^X$': [{'repos': ['https://x.org/development/45/os', 'https://x.org/compose/45/latest-Fedora-45/os']}]}"
            ),
            (
                "lorax_extra_sources = [('^.*$', {'*': ['https://x.org/repos/f46-build/latest']})]",
                "lorax_extra_sources = [('^.*$', {'*': ['https://x.org/repos/f45-build/latest']})]"
            ),
            (
                "ostree_installer = [('^X$', {'x86_64': {'add_template_var': ['ostree_update_ref=fedora/46/x86_64/s']}})]",
                "ostree_installer = [('^X$', {'x86_64': {'add_template_var': ['ostree_update_ref=fedora/45/x86_64/s']}})]"
            ),
            (
                "imagebuilder = {'^X$': [{'target': 'f46', 'version': '46', 'distro': 'fedora-46'}]}",
                "imagebuilder = {'^X$': [{'target': 'f45', 'version': '45', 'distro': 'fedora-45'}]}"
            ),
        ])
    func change(_ old: String, _ new: String) throws {
        let (proposal, result) = try Self.propose([old])
        #expect(result == [new])
        #expect(!proposal.changes.isEmpty && proposal.notes.isEmpty)
    }

    @Test(
        "what does not name the old branch as a whole word stays without a word",
        arguments: [
            "global_target = 'f45-x'", "global_target = 'f461'", "global_target = 'xf46'", "global_release = '46.1'",
            "# rawhide\nlorax_extra_sources = ['https://x.org/rawhides/']",
            "runroot_tag = '%(rawhide)s' % {'rawhide': 'x'}",
            "ostree = {'^I$': {'ostree_ref': 'fedora/stable/x86_64/46x'}}", "koji_profile = 'main'",
            "comps_file = {'branch': 'mainline'}", "imagebuilder_seed = 46", "global_target = 'é46'",
        ])
    func untouched(_ text: String) throws {
        let (proposal, result) = try Self.propose([text])
        #expect(result == [text])
        #expect(proposal.changes.isEmpty && proposal.notes.isEmpty, "\(proposal)")
    }

    @Test(
        "what names the old branch where it is not certain is a note",
        arguments: [
            ("release_name = 'Fedora Rawhide'", "whether this option follows the branch is not known"),
            ("imagebuilder = {'^rawhide$': []}", "keys are not changed"),
            ("b = 'rawhide'", "no option uses this"),
            (
                "b = 'rawhide'\nglobal_target = b\nimagebuilder = {'^X$': [{b: 1}]}",
                "whether this option follows the branch is not known"
            ),
            (
                "b = 'rawhide'\nglobal_target = '%s-x' % b\nostree = {'^X$': {'ostree_ref': 'fedora/%s/x' % b}}",
                "global_target would ask for \"f45\", ostree[\"^X$\"].ostree_ref for \"devel\""
            ),
            (
                "b = 'main'\nglobal_release = b\ncomps_file = {'branch': b}",
                "this option, too, has this text, and does not follow the branch"
            ),
            (
                "ostree = {'^X$': {'ostree_ref': 'fedora-rawhide/x'}}",
                "the branch is only a part of a component of this ref"
            ),
            ("imagebuilder = {'^X$': [{'repos': ['rawhide']}]}", "this is no URL and no path"),
            (
                "imagebuilder = {'^X$': [{'distro': 'fedora-rawhide'}]}",
                "which definitions image-builder has for the new branch is not known here"
            ),
            ("from rawhide-common import *", "the file of the new branch may be called otherwise"),
            (
                "a = 'f46-%s' % b\nb = '%s-f46' % a\nglobal_target = a",
                "whether this option follows the branch is not known"
            ),
        ])
    func note(_ text: String, _ reason: String) throws {
        let (proposal, result) = try Self.propose([text])
        #expect(result == [text])
        #expect(proposal.notes.map(\.reason).contains(reason), "\(proposal.notes)")
    }

    @Test("a variable's text follows all its uses, across files and through formats")
    func variables() throws {
        let (proposal, result) = try Self.propose([
            """
            from base import * # rawhide
            target = '%s-image-builder' % branch
            imagebuilder_target = target
            imagebuilder = {'^X$': [{'repos': ['%s/repos/%s-build/latest/' % (host, branch)]}]}
            comps_file = {'branch': '%(b)s' % {'b': branch}}
            """,
            "branch = 'rawhide'\nhost = 'https://x.org'\n",
        ])
        #expect(result[1] == "branch = 'f45'\nhost = 'https://x.org'\n")
        #expect(
            proposal.changes.map(\.options) == [
                ["comps_file.branch", "imagebuilder[\"^X$\"].repos", "imagebuilder_target"]
            ])
        #expect(proposal.changes.first?.location == SourceLocation(file: "1.conf", line: 1, column: 10))
    }

    @Test("the text around a variable changes with it")
    func around() throws {
        let (_, result) = try Self.propose([
            "global_target = 'f46-%s' % 'f46'",
            "c = 'compose'\nb = 'rawhide'\nlorax_extra_sources = ['https://x.org/%s/%s/' % (c, b)]",
        ])
        #expect(result[0] == "global_target = 'f45-%s' % 'f45'")
        #expect(result[1].contains("b = 'f45'"))
    }

    @Test(
        "--from, --to and --ref say what is old and new",
        arguments: [
            ("rawhide", "f45", "branched", "fedora/rawhide/x", "fedora/branched/x"),
            ("f44", "f45", nil, "fedora/44/x", "fedora/45/x"), ("f44", "f45", nil, "fedora/f44/x", "fedora/f45/x"),
            ("f44", "f45", "next", "fedora/44/x", "fedora/next/x"),
            ("f45", "rawhide", nil, "fedora/45/x", "fedora/rawhide/x"),
            ("f44", "f45", nil, "fedora/rawhide/x", "fedora/rawhide/x"),
        ] as [(String, String, String?, String, String)])
    func names(_ from: String, _ to: String, _ ref: String?, _ old: String, _ new: String) throws {
        let (_, result) = try Self.propose(
            ["ostree = {'^X$': {'ostree_ref': '\(old)'}}"], from: from, to: to, number: nil, ref: ref)
        #expect(result == ["ostree = {'^X$': {'ostree_ref': '\(new)'}}"])
    }

    @Test("rawhide's own number is its name only while it is not the new branch's")
    func number() throws {
        let text = "global_target = 'f45'\nrelease_version = '45'\n"
        #expect(try Self.propose([text], number: 45).proposal.changes.isEmpty)
        #expect(try Self.propose([text], from: "f44", to: "f45", number: nil).proposal.changes.isEmpty)
    }

    @Test("line ends and odd strings are kept; a string over several lines is a note if its lines end otherwise")
    func lineEnds() throws {
        let (proposal, result) = try Self.propose(["global_target = u'f46'\r\nrunroot_tag = '''f46\r\nx'''\r\n"])
        #expect(Array(result[0].utf8) == Array("global_target = u'f45'\r\nrunroot_tag = '''f46\r\nx'''\r\n".utf8))
        #expect(proposal.notes.map(\.reason) == ["the text goes over several lines"])
    }

    @Test("many variables of many uses take no long time")
    func wide() throws {
        var wide = "v0 = 'rawhide'\n"
        for index in 1...60 { wide += "v\(index) = '%s-\(index)-%s' % (v\(index - 1), v\(index - 1))\n" }
        var chain = "v0 = 'rawhide'\n"
        for index in 1...20_000 { chain += "v\(index) = v\(index - 1)\n" }
        for text in [wide + "global_target = v60\n", chain + "global_target = v20000\n"] {
            let (proposal, _) = try Self.propose([text])
            #expect(proposal.changes.isEmpty && proposal.notes.count == 1)
        }
    }

    @Test(
        "branches are rawhide or f and a number",
        arguments: ["", "f", "45", "F45", "f045", "f-1", "f99999", "main", "f4x"])
    func noBranch(_ text: String) {
        #expect(BranchName(text) == nil)
    }
}
