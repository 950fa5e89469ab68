import PungiConfig
import Testing

@Suite("Typed settings")
struct SettingsTests {
    static let head = """
        release_name = "Fedora"
        release_short = "Fedora"
        release_version = "44"
        variants_file = "variants.xml"
        pkgset_source = "koji"
        gather_method = "nodeps"

        """

    static func read(_ text: String) throws -> (settings: ComposeSettings, warnings: [Diagnostic]) {
        try SettingsReader.read(try ConfigDocument.parse(bytes: Array(text.utf8), path: "compose.conf"))
    }

    static func complaints(_ text: String) -> [Diagnostic] {
        do {
            return try read(text).warnings
        } catch let failure as ConfigFailure {
            return failure.diagnostics
        } catch {
            return []
        }
    }

    @Test("defaults are Pungi's")
    func defaults() throws {
        let settings = try Self.read(Self.head).settings
        #expect(settings.releaseType == "ga")
        #expect(settings.linkType == "hardlink-or-copy")
        #expect(settings.mediaChecksums == ["md5", "sha1", "sha256"])
        #expect(!settings.releaseIsInternal && !settings.createsOptionalISOs)
        #expect(settings.imageBuilder.isEmpty && settings.translatePaths.isEmpty)
    }

    /// A wrong text after the head, the code of its complaint, and the line that it points at.
    static let wrong: [(text: String, code: String, line: Int)] = [
        ("link_type = 'move'", "config.enum", 7),
        ("koji_profile = 1", "config.type", 7),
        ("translate_paths = ['a']", "config.type", 7),
        ("skip_phases = ['nope']", "config.enum", 7),
        ("skip_phases = ['gather']", "config.skip-phases", 7),
        ("base_product_name = 'B'", "config.requires", 7),
        ("imagebuilder = []", "config.type", 7),
        ("imagebuilder = {'^A$': {'name': 'a'}}", "config.type", 7),
        ("imagebuilder = {'^A$': [{'name': 'a'}]}", "config.required", 7),
        ("imagebuilder = {'^A$': [{'types': ['q']}]}", "config.required", 7),
        ("imagebuilder = {'': [{'name': 'a', 'types': ['q']}]}", "config.pattern", 7),
        ("imagebuilder = {1: [{'name': 'a', 'types': ['q']}]}", "config.pattern", 7),
        ("imagebuilder = {'^A$': [{'name': 'a', 'types': ['q'], 'targt': 't'}]}", "config.unknown-key", 7),
        ("imagebuilder = {'^A$': [{'name': 'a', 'types': ['q'], 'release': None}]}", "config.type", 7),
        ("imagebuilder = {'^A$': [{'name': 'a', 'types': ['q'], 'seed': True}]}", "config.type", 7),
        ("imagebuilder = {'^A$': [{'name': 'a', 'types': ['q'], 'seed': 3.0}]}", "config.type", 7),
        ("imagebuilder = {'^A$': [{'name': 'a', 'types': ['q'], 'scratch': 1}]}", "config.type", 7),
        ("imagebuilder = {'^A$': [{'name': 'a', 'types': ['q'], 'repos': [{'baseurl': 'x'}]}]}", "config.type", 7),
        ("imagebuilder = {'^A$': [{'name': 'a', 'types': ['q'], 'ostree': {'url': 1}}]}", "config.type", 7),
        ("imagebuilder = {\n'^A$': [{'name': 'a',\n'types': 'q'}]}", "config.type", 9),
        ("imagebuilder_release = 1", "config.type", 7),
        ("imagebuilder_scratch = 1", "config.type", 7),
        ("global_version = 44", "config.type", 7),
        ("compose_type = 'weekly'", "config.enum", 7),
    ]

    @Test("what Pungi's validator refuses is refused, with its place", arguments: 0..<wrong.count)
    func refused(index: Int) {
        let row = Self.wrong[index]
        let errors = Self.complaints(Self.head + row.text).filter { $0.severity == .error }
        #expect(Set(errors.map(\.code)) == [row.code], "\(row.text): \(errors.map(\.message))")
        #expect(errors.first?.location?.line == row.line)
    }

    @Test("all missing options are told at once")
    func required() {
        let errors = Self.complaints("").filter { $0.code == "config.required" }
        #expect(errors.count == 6)
    }

    @Test("options of the newest plugin are taken and told of")
    func plugin() throws {
        let (settings, warnings) = try Self.read(
            Self.head + "imagebuilder = {'^A$': [{'name': 'a', 'types': ['q'], 'preview': False, 'skip_tag': True}]}")
        #expect(settings.imageBuilder.first?.blocks.first?.preview?.value == false)
        #expect(warnings.map(\.code) == ["config.not-in-pungi", "config.not-in-pungi"])
    }

    @Test("a key that is there and None is not a key that is absent")
    func presence() throws {
        #expect(try Self.read(Self.head).settings.globalFallback.release == nil)
        let none = try Self.read(Self.head + "global_release = None").settings.globalFallback.release
        #expect(none != nil && none?.value == nil)
    }

    @Test("the dict form of variants_file names a file beside the config, or a repository")
    func variantsFile() throws {
        let file = try Self.read(
            Self.head + "variants_file = {'scm': 'file', 'repo': '', 'file': 'sub/v.xml', 'branch': None}")
        #expect(file.settings.variantsFile.value == .file("v.xml"))
        let git = try Self.read(Self.head + "variants_file = {'scm': 'git', 'repo': 'https://x', 'file': 'v.xml'}")
        #expect(git.settings.variantsFile.value == .scm("git"))
    }

    @Test(
        "the nearest word is what was meant, or nothing is said",
        arguments: [("targt", "target"), ("naem", nil), ("ostre", "ostree"), ("zzzzzz", nil), ("", nil)]
            as [(String, String?)])
    func nearestWord(word: String, expected: String?) {
        #expect(nearest(to: word, in: ["name", "target", "ostree", "types"]) == expected)
    }
}
