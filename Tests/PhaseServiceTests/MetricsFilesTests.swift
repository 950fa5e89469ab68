import Foundation
import TestSupport
import Testing

extension Trait where Self == ConditionTrait {
    /// For tests that ask Prometheus' own tool.
    fileprivate static var needsPrometheus: Self {
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: MetricsFilesTests.promtool.path)
                || PythonPeer.isRequired, "skipped: no promtool")
    }
}

/// The rules and the dashboard of `contrib`, held to the metrics of docs/metrics.md and to Prometheus itself.
@Suite("Rules and dashboard")
struct MetricsFilesTests {
    static let promtool = URL(fileURLWithPath: "/usr/bin/promtool")
    static let rules = Checkout.root.appendingPathComponent("contrib/prometheus/phase-runner.rules.yml")
    static let ruleTests = ["rules", "weeks"].map {
        Checkout.root.appendingPathComponent("contrib/prometheus/phase-runner.\($0).test.yml")
    }
    static let dashboard = Checkout.root.appendingPathComponent("contrib/grafana/phase-runner.json")
    static let page = Checkout.root.appendingPathComponent("docs/metrics.md")

    // MARK: What is documented

    /// A row of the table of metrics.
    struct Metric {
        let name: String
        let type: String
        let labels: [String]
        /// Words that values of labels are among, where the page names them.
        let words: Set<String>
    }

    static func text(_ file: URL) throws -> String { try String(contentsOf: file, encoding: .utf8) }

    static func metrics() throws -> [String: Metric] {
        let rows = try text(page).split(separator: "\n").map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }.filter { $0.count == 5 && ($0[0].hasPrefix("`phase_runner_") || $0[0].hasPrefix("`process_")) }
        let metrics = rows.map { row in
            Metric(
                name: quoted(row[0]).first ?? "", type: row[1], labels: quoted(row[2]), words: Set(quoted(row[4])))
        }
        return Dictionary(metrics.map { ($0.name, $0) }) { first, _ in first }
    }

    /// What stands between backticks.
    static func quoted(_ text: String) -> [String] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
            .map { String($0.element) }
    }

    // MARK: What is used

    /// Every expression of the dashboard, with its variables filled in.
    static func dashboardExpressions() throws -> [String] {
        var found: [String] = []
        func collect(_ value: Any) {
            if let list = value as? [Any] { list.forEach(collect) }
            guard let members = value as? [String: Any] else { return }
            if let expression = members["expr"] as? String { found.append(expression) }
            members.values.forEach(collect)
        }
        collect(try JSONSerialization.jsonObject(with: Data(contentsOf: dashboard)))
        return found.map {
            $0.replacing("$__rate_interval", with: "5m").replacing("$schedule", with: ".*")
        }
    }

    /// The text of the rules, folded lines and all, without its comments.
    static func rulesText() throws -> String {
        try text(rules).split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("#") }.joined(separator: "\n")
    }

    static func used() throws -> String { try rulesText() + "\n" + dashboardExpressions().joined(separator: "\n") }

    /// The metric that a series is of.
    static func metric(of series: String, in metrics: [String: Metric]) -> Metric? {
        if let metric = metrics[series], metric.type != "histogram" { return metric }
        for part in ["_bucket", "_sum", "_count"] where series.hasSuffix(part) {
            if let metric = metrics[String(series.dropLast(part.count))], metric.type == "histogram" { return metric }
        }
        return nil
    }

    @Test("every metric that is used is documented, with every label and every value that is asked for")
    func documented() throws {
        let metrics = try Self.metrics()
        #expect(metrics.count == 19)
        let used = try Self.used()
        let series = used.matches(of: /\b((?:phase_runner|process)_[a-z_]+)(\{[^}]*\})?/)
        #expect(series.count > 40)
        for match in series {
            let name = String(match.1)
            guard let metric = Self.metric(of: name, in: metrics) else {
                Issue.record("\(name) is not documented as such a series")
                continue
            }
            for matcher in (match.2 ?? "").matches(of: /([a-z_]+)\s*=~?\s*"([^"]*)"/) {
                let label = String(matcher.1)
                #expect(metric.labels.contains(label) || ["job", "instance"].contains(label), "\(name): \(label)")
                guard ["state", "outcome", "class"].contains(label) || metric.name.contains("_runs_ended") else {
                    continue
                }
                for word in matcher.2.split(separator: "|") {
                    #expect(metric.words.contains(String(word)), "\(name){\(label)=\(word)}")
                }
            }
        }
    }

    @Test("every metric that is documented is of use: a rule or the dashboard shows it")
    func useful() throws {
        let used = try Self.used()
        for name in try Self.metrics().keys { #expect(used.contains(name), "\(name)") }
    }

    @Test("every alert is documented, with its severity, and has a test that it comes and one that it does not")
    func alerts() throws {
        let rules = try Self.rulesText().matches(of: /alert: (\w+)/).map { String($0.1) }
        let severities = try Self.rulesText().matches(of: /severity: (\w+)/).map { String($0.1) }
        #expect(rules.count == severities.count && rules.count > 10)
        let page = try Self.text(Self.page)
        let tests = try Self.ruleTests.map(Self.text).joined()
        for (alert, severity) in zip(rules, severities) {
            #expect(page.contains("| `\(alert)` | \(severity) |"), "\(alert)")
            #expect(tests.contains("{alertname: \(alert), eval_time"), "\(alert) is never expected to be silent")
            #expect(tests.contains("- alertname: \(alert)\n"), "\(alert) is never expected")
        }
        #expect(page.matches(of: /\| `PhaseRunner/).count == rules.count, "the page names no others")
    }

    // MARK: What Prometheus says

    @Test("Prometheus takes the rules, and their tests pass", .needsPrometheus)
    func accepted() throws {
        for arguments in [["check", "rules", Self.rules.path], ["test", "rules"] + Self.ruleTests.map(\.path)] {
            let result = try PythonPeer.run(program: Self.promtool, arguments)
            #expect(result.status == 0, "\(result.stderr) \(String(decoding: result.stdout, as: UTF8.self))")
        }
    }

    @Test("Prometheus can read every expression of the dashboard", .needsPrometheus)
    func expressions() throws {
        let expressions = try Self.dashboardExpressions()
        #expect(expressions.count > 25)
        var text = "groups:\n  - name: dashboard\n    rules:\n"
        for (number, expression) in expressions.enumerated() {
            text += "      - {record: 'panel:\(number)', expr: '\(expression)'}\n"
        }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("rules-\(UUID().uuidString).yml")
        defer { try? FileManager.default.removeItem(at: file) }
        for (body, isGood) in [(text, true), (text + "      - {record: 'x', expr: 'sum by ('}\n", false)] {
            try body.write(to: file, atomically: true, encoding: .utf8)
            let result = try PythonPeer.run(program: promtool, ["check", "rules", file.path])
            #expect((result.status == 0) == isGood, "\(result.stderr)")
        }
    }

    private var promtool: URL { Self.promtool }

    // MARK: The dashboard

    @Test("the panels of the dashboard have numbers and titles of their own, and lie beside each other")
    func panels() throws {
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: Self.dashboard)) as? [String: Any])
        let panels = try #require(document["panels"] as? [[String: Any]])
        #expect(Set(panels.compactMap { $0["id"] as? Int }).count == panels.count)
        #expect(Set(panels.compactMap { $0["title"] as? String }).count == panels.count)
        var taken: Set<[Int]> = []
        for panel in panels {
            let place = try #require(panel["gridPos"] as? [String: Int])
            let (x, y) = (place["x"] ?? 0, place["y"] ?? 0)
            #expect(x + (place["w"] ?? 99) <= 24)
            for column in x..<x + (place["w"] ?? 0) {
                for row in y..<y + (place["h"] ?? 0) {
                    #expect(taken.insert([column, row]).inserted, "\(panel["title"] ?? "") lies over another")
                }
            }
        }
    }
}
