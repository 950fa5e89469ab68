import Foundation
import TestSupport
import Testing

/// The page as a browser shows it: headless Chromium, by its own driver.
@Suite("The report's page", .timeLimit(.minutes(5)))
struct ReportPageTests {
    static let hasBrowser = FileManager.default.isExecutableFile(atPath: "/usr/bin/chromedriver")

    /// What the peer found out about one page in one window.
    struct Look: Decodable {
        struct Least: Decodable {
            let ratio: Double
            let text: String
        }

        let page: String
        let window: Int
        let scheme: String
        let width: Int
        let wide: Int
        let texts: Int
        let bars: Int
        let least: Least
        let leastBar: Double
        let background: String
        let scripts: Int
        let handlers: Int
        let schemes: [String]
        let ran: String
        let title: String
        let text: String
        let shot: String
        let bytes: Int
        let console: [String]
        let requests: [String]
        let violations: [String]

        /// Which it is, for messages.
        var name: String { "\(URL(fileURLWithPath: page).lastPathComponent), \(window), \(scheme)" }
    }

    static func look(at pages: [URL], shots: URL) throws -> [Look] {
        let data = try PythonPeer.run("page_peer.py", [shots.path] + pages.map(\.path))
        return try JSONDecoder().decode([Look].self, from: data)
    }

    static func write(_ compose: URL, to page: URL) throws {
        let result = try Program.run(["report", "-o", page.path, compose.path])
        try #require(result.status == 0, "\(result.stderr)")
    }

    static let evil =
        "\"><script>window.ran = 1</script><img src=x onerror='window.ran = 1'>\u{202E}gpj\u{1B}[31m`|--></style>"

    /// Puts markup, quotes, controls and signs that turn the writing around into all that a hub can name.
    static func makeHostile(_ compose: URL) throws {
        let names: Set<String> = [
            "host", "message", "evidence", "remedy", "nvr", "variant", "subvariant", "type", "user", "profile",
            "revision", "reason",
        ]
        func spoilt(_ value: Any, _ key: String) -> Any {
            switch value {
            case let members as [String: Any]:
                if key == "toolchain" {
                    return Dictionary(uniqueKeysWithValues: members.map { ($0 + Self.evil, spoilt($1, "nvr")) })
                }
                return Dictionary(uniqueKeysWithValues: members.map { ($0, spoilt($1, $0)) })
            case let items as [Any]: return items.map { spoilt($0, key) }
            case let text as String:
                if key == "url" || key == "weburl" { return "javascript:window.ran=1//" + text + Self.evil }
                return names.contains(key) ? text + Self.evil : text
            default: return value
            }
        }
        let events = compose.appendingPathComponent("logs/global/phase-runner/events.jsonl")
        let lines = try String(contentsOf: events, encoding: .utf8).split(separator: "\n").map { line in
            let event = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return try JSONSerialization.data(withJSONObject: spoilt(event, ""), options: [.sortedKeys])
        }
        try Data(lines.joined(separator: Data("\n".utf8)) + Data("\n".utf8)).write(to: events)
        try Data((Self.evil + "\n").utf8).write(to: compose.appendingPathComponent("STATUS"))
    }

    /// A run that is still going on: its events as far as the first arch's end.
    static func cut(_ compose: URL) throws {
        let events = compose.appendingPathComponent("logs/global/phase-runner/events.jsonl")
        let lines = try String(contentsOf: events, encoding: .utf8).split(separator: "\n")
        try (lines.prefix(12).joined(separator: "\n") + "\n").write(to: events, atomically: true, encoding: .utf8)
        for place in ["work/phase-runner/result.json", "compose/metadata/imagebuilder-provenance.json"] {
            try FileManager.default.removeItem(at: compose.appendingPathComponent(place))
        }
    }

    @Test(
        "it reads well in light and dark, on a desk and on a telephone, asks for nothing, runs nothing, whoever named what",
        .needsPeers, .enabled(if: hasBrowser || PythonPeer.isRequired, "skipped: no chromium; scripts/prepare tests"))
    func pages() throws {
        try Program.withDirectory { directory in
            let pages = ["whole.html", "hostile.html", "running.html"].map { directory.appendingPathComponent($0) }
            try Self.write(ReportTests.compose, to: pages[0])
            try ReportTests.withCopy { compose in
                try Self.makeHostile(compose)
                try Self.write(compose, to: pages[1])
            }
            try ReportTests.withCopy { compose in
                try Self.cut(compose)
                try Self.write(compose, to: pages[2])
            }
            let looks = try Self.look(at: pages, shots: directory)
            #expect(looks.count == 12)
            for look in looks {
                #expect(look.console.isEmpty, "\(look.name): the console says \(look.console)")
                #expect(look.requests.isEmpty, "\(look.name) asks for \(look.requests)")
                #expect(look.violations.isEmpty, "\(look.name): \(look.violations)")
                #expect(look.width == look.window && look.wide <= look.window, "\(look.name) is \(look.wide) wide")
                // AA of WCAG 2.2: texts 4.5 to 1, what else must be seen 3 to 1.
                #expect(look.least.ratio >= 4.5, "\(look.name): \(look.least.text) has \(look.least.ratio)")
                #expect(look.bars > 0 && look.leastBar >= 3, "\(look.name): bars have \(look.leastBar)")
                #expect(look.scripts == 0 && look.handlers == 0, "\(look.name): something in it could run")
                #expect(look.ran == "undefined", "\(look.name): a script ran")
                #expect(Set(look.schemes).isSubset(of: ["https", "file", "data"]), "\(look.name): \(look.schemes)")
                #expect(look.texts > 80 && look.bytes > 20_000, "\(look.name) is empty")
                #expect(look.text.contains("Fedora-IoT-raw"))
                #expect(!look.text.contains("\u{202E}") && !look.text.contains("\u{1B}"))
            }
            let backgrounds = Set(looks.map { "\($0.scheme) \($0.background)" })
            #expect(backgrounds.count == 2, "light and dark are two: \(backgrounds)")
            let hostile = looks.filter { $0.page.hasSuffix("hostile.html") }
            #expect(hostile.allSatisfy { $0.text.contains("<script>window.ran = 1</script>") }, "it is shown as text")
            #expect(hostile.allSatisfy { $0.text.contains("\\u{202e}") })
        }
    }

    @Test("every file that the page leads to is there, from wherever it lies")
    func links() throws {
        try ReportTests.withCopy { compose in
            let places = ["page.html", "compose/deep/er/page.html"].map { compose.appendingPathComponent($0) }
            for page in places {
                try FileManager.default.createDirectory(
                    at: page.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Self.write(compose, to: page)
                let text = try String(contentsOf: page, encoding: .utf8)
                let links = text.matches(of: #/href="([^"#]+)"/#).map { String($0.output.1) }
                    .filter { !$0.hasPrefix("http") && !$0.hasPrefix("data:") }
                #expect(links.contains { $0.hasSuffix("watch-task.log") })
                #expect(links.contains { $0.hasSuffix("osbuild-manifest.json") })
                for link in links
                where link.hasSuffix(".log") || link.hasSuffix("raw-44-20261122.n.0.x86_64.osbuild-manifest.json") {
                    let file = page.deletingLastPathComponent().appendingPathComponent(link).standardizedFileURL
                    #expect(FileManager.default.fileExists(atPath: file.path), "\(link) leads nowhere")
                }
            }
        }
    }
}
