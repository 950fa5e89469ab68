import Foundation
import TestSupport
import Testing

/// Every output of the program in these tests is looked at (``Program``), and so are the files that its runs leave. Here
/// it is shown that the look can find something.
@Suite("Nothing secret is said")
struct SecretsTests {
    @Test(
        "what is secret is found",
        arguments: [
            "session 12-Ab3dEfGhIjKlMnOpQrS is gone", "the password s3cr3t", "Koji-Session-Key: x",
            "-----BEGIN PRIVATE KEY-----",
        ])
    func found(_ text: String) { #expect(Secrets.leaked(in: text) != nil) }

    @Test(
        "what is not is left alone",
        arguments: [
            "Fedora-Minimal-44-20261122.n.0.aarch64.raw.xz", "task 12 of 2026-11-22 21:44:25.407059+00:00",
            "sha256 0-0123456789abcdef012", "f44-image-builder",
        ])
    func harmless(_ text: String) { #expect(Secrets.leaked(in: text) == nil) }

    @Test("a run over a hub that breaks every kind of thing says none of it")
    func wholeRun() throws {
        try Program.withDirectory { directory in
            let rules = [
                "reset@2", "fault=1002@4", "page=502@6", "expired@8", "truncated@10", "reset-after:imageBuilderBuild@1",
            ]
            let result = try Program.run(
                ["run", "--rehearse", "--nightly", "--date", "20261122", "--task-seconds", "0.1"]
                    + rules.flatMap { ["--trouble", $0] }
                    + [
                        "--hub-log", directory.appendingPathComponent("hub.log").path, "--target-dir", directory.path,
                        Program.fixture("fedora-minimal/fedora.conf"),
                    ])
            #expect(result.status == 0, "\(result.stderr)")
            // It met them, and told of each in a line.
            #expect(result.stderr.contains("again"), "\(result.stderr)")
        }
    }
}
