import Foundation
import TestSupport
import Testing

/// The page of the service as a browser shows it: headless Chromium, by its own driver.
@Suite("The service's page", .timeLimit(.minutes(5)))
struct ServicePageTests {
    /// One thing that the peer looked at.
    struct Check: Decodable {
        let name: String
        let trouble: String?
    }

    static func expect(_ output: Data, atLeast number: Int) throws {
        let checks = try JSONDecoder().decode([Check].self, from: output)
        #expect(checks.count >= number)
        for check in checks { #expect(check.trouble == nil, "\(check.name): \(check.trouble ?? "")") }
    }

    /// What plan and validate really print, and a preflight with each verdict.
    static func documents() throws -> [String: Any] {
        let config = Program.fixture("fedora-iot/fedora-iot.conf")
        let verdicts: [(String, Any)] = [
            ("passed", NSNull()), ("failed", "look at the URL"), ("not_checked", NSNull()),
        ]
        let checks = verdicts.map { verdict, remedy in
            [
                "subject": "repository", "name": "https://repos.example.org/f44", "verdict": verdict, "finding": "404",
                "remedy": remedy, "arch": "x86_64", "tasks": NSNull(),
            ]
        }
        let summary = ["passed": 1, "warnings": 0, "failed": 1, "not_checked": 1]
        var documents: [String: Any] = [
            "preflight": [
                "header": ["type": "phase-runner.preflight", "version": "1.0"],
                "payload": [
                    "compose": "Fedora-IoT-44-20261123.n.0", "hub": "https://koji.example.org/kojihub", "host": "here",
                    "is_rehearsal": false, "summary": summary, "checks": checks,
                ],
            ]
        ]
        for verb in [
            ["plan", "--nightly", "--date", "20261123", "--target-dir", "/srv/composes/iot"], ["validate"],
        ] {
            let result = try Program.run(verb + ["--format", "json", config])
            try #require(result.status == 0, "\(result.stderr)")
            documents[verb[0]] = try JSONSerialization.jsonObject(with: Data(result.stdout.utf8))
        }
        return documents
    }

    @Test(
        "every view and every flow holds, with what no quick run gives: weeks, five hundred images, hostile names, a service that is away",
        .needsPeers,
        .enabled(if: ReportPageTests.hasBrowser || PythonPeer.isRequired, "skipped: no chromium; scripts/prepare tests")
    )
    func views() throws {
        try Program.withDirectory { directory in
            let documents = directory.appendingPathComponent("documents.json")
            try JSONSerialization.data(withJSONObject: Self.documents()).write(to: documents)
            let page = Checkout.root.appendingPathComponent("Sources/PhaseService/Page")
            // The screenshots of docs/page.md are made anew where somebody asks for them.
            let shots = ProcessInfo.processInfo.environment["PHASE_PAGE_SHOTS"].map { [$0] } ?? []
            let output = try PythonPeer.run("service_page_peer.py", [page.path, documents.path] + shots)
            try Self.expect(output, atLeast: 22)
        }
    }

    @Test(
        "of the real service: log in, plan, start, watch, explain, retry, cancel, schedules, and find it again after it was killed",
        .needsPeers,
        .enabled(if: ReportPageTests.hasBrowser || PythonPeer.isRequired, "skipped: no chromium; scripts/prepare tests")
    )
    func live() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("page-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let output = try PythonPeer.run(
            "service_live_peer.py",
            [Program.executable.path, directory.path])
        try Self.expect(output, atLeast: 11)
    }
}
