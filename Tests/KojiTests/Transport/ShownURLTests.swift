import Koji
import Testing

@Suite("URLs as they are shown")
struct ShownURLTests {
    @Test(
        "credentials, query and fragment are cut off",
        arguments: [
            ("https://koji.example.org/kojihub", "https://koji.example.org/kojihub"),
            ("https://u:p@koji.example.org/kojihub?session-key=1#x", "https://koji.example.org/kojihub"),
            ("https://u:p@ss@host:8443", "https://host:8443"), ("http://host/a@b", "http://host/a@b"),
            ("u:p@host/x", "host/x"), ("", ""), ("http://host/a\u{1B}[31m\n", "http://host/a?[31m?"),
            ("https://[::1]:80/x?", "https://[::1]:80/x"), ("https://u:p%40@hôst/ü", "https://hôst/ü"),
        ])
    func shown(url: String, text: String) {
        #expect(ShownURL.text(url) == text)
    }
}
