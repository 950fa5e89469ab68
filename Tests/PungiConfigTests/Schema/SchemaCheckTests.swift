import OrderedCollections
import Testing

@testable import PungiConfig

@Suite("Pungi's schema")
struct SchemaCheckTests {
    private static func check(_ text: String, for reader: SchemaCheck.Reader = .pungi) throws -> SchemaCheck.Outcome {
        let document = try ConfigDocument.parse(bytes: Array((SettingsTests.head + text).utf8), path: "compose.conf")
        return SchemaCheck.run(document, for: reader)
    }

    /// A text in line 7, and its complaints: code and option, as Pungi's validator names it.
    static let rows: [(text: String, complaints: [String])] = [
        ("", []),
        // Types: those of Python, strictly.
        ("createrepo_c = 1", ["config.type createrepo_c"]),
        ("koji_event = True", ["config.type koji_event"]),
        ("koji_event = 1.5", []),
        ("imagebuilder_seed = 3.0", ["config.type imagebuilder_seed"]),
        ("imagebuilder_seed = 3", []),
        ("runroot_channel = None", []),
        ("runroot_channel = 1", ["config.type runroot_channel"]),
        ("tree_arches = ('x86_64',)", []),
        ("tree_arches = 'x86_64'", ["config.type tree_arches"]),
        ("tree_arches = ['x86_64', 1]", ["config.type tree_arches.1"]),
        // Words and numbers.
        ("createrepo_checksum = 'md5'", ["config.enum createrepo_checksum"]),
        ("iso_level = 4", []),
        ("iso_level = 5", ["config.type iso_level"]),
        ("iso_level = [('^A$', {'*': 7})]", ["config.type iso_level"]),
        // Rows of a pattern and what it is for.
        ("createiso_skip = [('^A$', {'x86_64': True})]", []),
        ("createiso_skip = [('^A$',)]", ["config.length createiso_skip.0"]),
        ("createiso_skip = [('^A$', {}, 1)]", ["config.length createiso_skip.0"]),
        ("createiso_skip = [('(', {})]", ["config.regex createiso_skip.0.0"]),
        ("createiso_skip = [('^A$', {'x86_64': 1})]", ["config.type createiso_skip.0.1.x86_64"]),
        ("sigkeys = []", ["config.length sigkeys"]),
        ("translate_paths = [('a',)]", []),
        ("translate_paths = [('a', 'b', 'c')]", ["config.length translate_paths.0"]),
        // Several possible shapes: the option that has them is accused, the place is exact.
        ("comps_file = {'scm': 'git', 'repo': 'r', 'branch': None}", []),
        ("comps_file = {'scm': 'svn'}", ["config.enum comps_file"]),
        (
            "comps_file = {'scm': 'git', 'x': 1, 'y': 2}",
            ["config.unknown-key comps_file", "config.unknown-key comps_file"]
        ),
        ("comps_file = 1", ["config.type comps_file"]),
        ("gather_method = {'^A$': {'module': 'deps', 'comps': 'nodeps'}}", []),
        ("gather_method = {'^A$': {'comps': 'all'}}", ["config.enum gather_method"]),
        ("gather_method = {'^A$': 'deps'}", ["config.enum gather_method"]),
        // Sections of other phases.
        ("kiwibuild = {'^A$': [{'kiwi_profile': 'x'}]}", []),
        ("kiwibuild = {'^A$': [{}]}", ["config.required kiwibuild.^A$.0"]),
        (
            "osbuild = {'^A$': [{'name': 'n', 'distro': 'd', 'image_types': ['a', 'b']}]}",
            ["config.length osbuild.^A$.0.image_types"]
        ),
        ("osbuild = {'': 1}", []),
        ("kiwibuild = {'': []}", ["config.pattern kiwibuild"]),
        // Old names.
        ("osbs = {'^A$': {'url': 'u', 'target': 't', 'git_branch': 'b', 'repo_from': 'A'}}", ["config.alias osbs.^A$"]),
        ("bootable = True", ["config.removed bootable"]),
        ("zzz = 1", ["config.unknown-option zzz"]),
        // What hangs together.
        ("lorax_options = [('^A$', {})]", ["config.conflicts lorax_options"]),
        ("lorax_options = [('^A$', {})]\nbuildinstall_method = 'lorax'", []),
        ("pkgset_repos = {'x86_64': 'r'}", ["config.conflicts pkgset_repos"]),
        ("pkgset_source = 'repos'", ["config.requires pkgset_source"]),
        ("base_product_name = 'B'", ["config.requires base_product_short", "config.requires base_product_version"]),
        (
            "base_product_name = ''",
            [
                "config.requires base_product_name", "config.requires base_product_short",
                "config.requires base_product_version",
            ]
        ),
        ("product_id_allow_missing = True", ["config.conflicts product_id_allow_missing"]),
        ("product_id_allow_missing = False", []),
        // 0 is not the kind that is wanted, but in Python it is the default False.
        ("product_id_allow_missing = 0", ["config.type product_id_allow_missing"]),
        (
            "product_id_allow_missing = 1",
            ["config.type product_id_allow_missing", "config.conflicts product_id_allow_missing"]
        ),
    ]

    @Test("each complaint is about the option that Pungi's validator names", arguments: 0..<rows.count)
    func complaints(index: Int) throws {
        let row = Self.rows[index]
        let found = try Self.check(row.text).diagnostics
        #expect(found.map { "\($0.code) \($0.option ?? "?")" } == row.complaints, "\(found.map(\.message))")
        #expect(found.allSatisfy { ($0.location?.line ?? 0) >= 7 })
    }

    /// A mistake, and what is suggested.
    static let fixes: [(text: String, fix: String?)] = [
        ("release_name = 44", "quote it: \"44\""), ("createrepo_c = 'yes'", "write True"),
        ("createrepo_c = 0", "write False"), ("imagebuilder_seed = '7'", "leave out the quotes: 7"),
        ("tree_arches = 'x86_64'", "put it in brackets: [\"x86_64\"]"),
        ("kiwibuild = {'^A$': {}}", "put it in brackets: [{...}]"), ("link_type = 'hardlnk'", "write 'hardlink'"),
        ("imagebuilder_targt = 't'", "did you mean `imagebuilder_target`?"),
        ("kiwibuild = {'^A$': [{'kiwi_profile': 'x', 'archs': []}]}", "did you mean 'arches'?"),
        ("createrepo_c = None", nil),
    ]

    @Test("the likely fix is said", arguments: 0..<fixes.count)
    func fix(index: Int) throws {
        let row = Self.fixes[index]
        #expect(try Self.check(row.text).diagnostics.map(\.fix) == [row.fix])
    }

    @Test("values that were given under old names stand under the new one")
    func renamed() throws {
        let old = "{'url': 'u', 'target': 't', 'git_branch': 'b', 'repo': 'A', 'repo_from': ['B', 'C']}"
        let osbs = try Self.check("osbs = {'^A$': [\(old)]}").document["osbs"]
        let block = osbs?.dict?["^A$"]?.items?.first?.dict
        #expect(block?["repo"]?.description == "['A', 'B', 'C']" && block?["repo_from"] == nil)
        let tree = "{'treefile': 't', 'config_url': 'u', 'ostree_repo': 'r', 'repo': 'A', 'extra_source_repos': 'B'}"
        let clash = try Self.check("ostree = [('^A$', {'x86_64': \(tree)})]")
        #expect(clash.diagnostics.map(\.code) == ["config.alias-clash"])
    }

    @Test("defaults stand where options are absent, also inside blocks, and nowhere else")
    func defaults() throws {
        let document = try Self.check(
            "extra_isos = {'^A$': [{'include_variants': ['A'], 'skip_src': True}]}\nlink_type = 'copy'"
        )
        .document
        #expect(document["link_type"]?.string == "copy" && document["iso_size"]?.int == 4_700_000_000)
        let block = document["extra_isos"]?.dict?["^A$"]?.items?.first?.dict
        #expect(block?["skip_src"]?.bool == true && block?["inherit_extra_files"]?.bool == false)
        #expect(document["ostree"] == nil && document["iso_level"] == nil)
    }

    @Test("what only the newest plugin takes is an error for Pungi and a warning for us")
    func newerThanPungi() throws {
        let text = "imagebuilder = {'^A$': [{'name': 'a', 'types': ['q'], 'preview': True}]}"
        #expect(try Self.check(text, for: .pungi).diagnostics.map(\.severity) == [.error])
        #expect(try Self.check(text, for: .phaseRunner).diagnostics.map(\.severity) == [.warning])
    }
}
