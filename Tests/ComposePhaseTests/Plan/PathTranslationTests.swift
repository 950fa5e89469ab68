import ComposePhase
import PungiConfig
import Testing

@Suite("Path translation")
struct PathTranslationTests {
    @Test(
        "the first matching prefix is replaced",
        arguments: [
            ("/mnt/koji/compose/X/os", "https://k.example/compose/X/os"),
            ("/mnt/koji/compose//X/./y/../os/", "https://k.example/compose/X/os"),
            ("/mnt/koji/compose", "https://k.example/compose"),
            ("/mnt/kojiX/a", "https://never.example/kojiX/a"),
            ("/mntX/a", "/mntX/a"),
            ("/srv/a/b", "file:/b"),
            ("/other", "/other"),
            ("//two/slashes", "//two/slashes"),
        ])
    func translate(path: String, expected: String) {
        let translate = PathTranslation([
            PathPair(from: "/mnt/koji/", to: "https://k.example///"),
            PathPair(from: "/mnt", to: "https://never.example"),
            PathPair(from: "/srv/a", to: "file:///"),
        ])
        #expect(translate(path) == expected)
    }

    @Test(
        "paths are normalised as Python does",
        arguments: [
            ("", "."), ("/", "/"), ("//", "//"), ("///", "/"), ("a//b/", "a/b"), ("../a", "../a"), ("/../a", "/a"),
            ("a/../..", ".."), ("./a/.", "a"), ("a/..", "."),
        ])
    func normalise(path: String, expected: String) {
        #expect(PathTranslation([])(path) == expected)
    }
}
