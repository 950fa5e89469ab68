import ComposePhase
import Foundation
import ProductMD
import PungiConfig
import TestSupport
import Testing

/// The calls that the real Pungi makes, case by case.
@Suite("Plans agree with Pungi")
struct PungiCasesTests {
    /// One run of one case: its options and Pungi's answer.
    struct Run: CustomTestStringConvertible, Sendable {
        let name: String
        let config: String
        let options: [String]
        let expected: URL
        let status: Int

        var testDescription: String { "\(name) \(options.joined(separator: " "))" }

        var folder: URL { Checkout.shared.appendingPathComponent("pungi-cases/\(name)") }

        func option(_ name: String) -> String? {
            options.firstIndex(of: name).flatMap { $0 + 1 < options.count ? options[$0 + 1] : nil }
        }
    }

    static let runs = runs(of: "plan ")

    /// The runs of one command, e.g. `plan `, of the cases of this phase.
    static func runs(of command: String) -> [Run] {
        let wanted = command
        let cases = Checkout.shared.appendingPathComponent("pungi-cases")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: cases.path)) ?? []
        return names.sorted().flatMap { name -> [Run] in
            guard !name.hasPrefix("osbuild-"), !name.hasPrefix("kiwibuild-"), !name.hasPrefix("lit-"),
                let data = try? Data(contentsOf: cases.appendingPathComponent("\(name)/case.json")),
                let document = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
                let runs = document["runs"] as? [String: [String: Any]]
            else { return [] }
            return runs.sorted { $0.key < $1.key }.compactMap { file, run in
                guard let command = run["command"] as? String, command.hasPrefix(wanted),
                    let status = run["rc"] as? Int
                else { return nil }
                let words = command.split(separator: " ").map(String.init)
                return Run(
                    name: name, config: words[1], options: Array(words[2...]),
                    expected: cases.appendingPathComponent("\(name)/\(file)"), status: status)
            }
        }
    }

    /// Where Pungi's behaviour is a defect: the rows of docs/differences.md, by case.
    static let differences: [String: String] = [
        "nested-variants": "repos of earlier variants leak into later ones",
        "bad-distro": "distro is dropped",
        "arches-none": "no arch left crashes", "arches-foreign": "no arch left crashes",
        "failable-star-no-arches": "KeyError", "bad-tuple-blocks": "AttributeError",
        "bad-block-key": "preview and bootc are refused",
    ]

    /// What phase-runner makes of a case: a plan, or the complaints.
    static func plan(_ run: Run, composeDirectory: String) throws -> PhasePlan {
        let config = run.folder.appendingPathComponent(run.config).path
        let document = try ConfigDocument.load(path: config)
        return try planner(run, document, composeDirectory: composeDirectory).plan()
    }

    /// The planner of a case, for a document that was read already.
    static func planner(_ run: Run, _ document: ConfigDocument, composeDirectory: String) throws -> PhasePlanner {
        let (settings, _) = try SettingsReader.read(document)
        let variants = try VariantsInput.load(
            for: settings, besideConfig: run.folder.appendingPathComponent(run.config).path)
        let compose = try ComposeIdentity(
            settings: settings,
            request: ComposeRequest(
                type: run.option("--type").flatMap { ComposeType(rawValue: $0) }, label: run.option("--label"),
                hasNoLabel: run.options.contains("--no-label"), isSupported: false, date: "20260102",
                respin: run.option("--respin").flatMap { Int($0) } ?? 0))
        return PhasePlanner(
            settings: settings, variants: variants, compose: compose, composeDirectory: composeDirectory,
            namesHub: false)
    }

    @Test("params agree with the calls of the real Pungi", .needsShared, arguments: runs)
    func agree(run: Run) throws {
        // Options of pungi-koji's that choose phases are not ours.
        guard !run.options.contains("--just-phase"), !run.options.contains("--skip-phase") else { return }
        let answer = try JSONSerialization.jsonObject(with: Data(contentsOf: run.expected)) as? [String: Any]
        let composeDirectory = "/compose/dir"
        if run.status != 0 {
            guard Self.differences[run.name] == nil else {
                // What was meant, instead of a crash: a plan that can be run.
                let plan = try Self.plan(run, composeDirectory: composeDirectory)
                let matchesNothing = plan.diagnostics.contains { $0.code == "plan.pattern-unused" }
                #expect(plan.tasks.count + plan.skipped.count > 0 || matchesNothing)
                // A case may lack what only the hub would have asked for.
                #expect(plan.diagnostics.allSatisfy { $0.severity != .error || $0.code == "plan.no-target" })
                return
            }
            let plan = try? Self.plan(run, composeDirectory: composeDirectory)
            #expect(
                plan?.isRunnable != true, "Pungi refuses this: \(answer?["errors"] ?? "") \(answer?["error"] ?? "")")
            return
        }
        let plan = try Self.plan(run, composeDirectory: composeDirectory)
        let calls = try #require(answer?["calls"] as? [[String: Any]])
        let expected = try calls.map { try Self.params(of: $0, composeDirectory, Self.confDirectory(run)) }
        let actual = plan.tasks.map { (variant: $0.variant, params: JSONValue.array($0.params)) }
        #expect(actual.map(\.variant) == expected.map(\.variant))
        if Self.differences[run.name] != nil {
            #expect(actual.map(\.params) != expected.map(\.params), "the row in docs/differences.md is out of date")
            return
        }
        for (ours, theirs) in zip(actual, expected) { #expect(ours.params == theirs.params) }
        #expect(plan.compose.id == answer?["compose_id"] as? String)
        try Self.checkVariants(run, answer)
    }

    private static func confDirectory(_ run: Run) -> String { run.folder.path }

    /// `args` and `kwargs` of a recorded call as our six positional parameters.
    private static func params(
        of call: [String: Any], _ composeDirectory: String, _ confDirectory: String
    ) throws -> (variant: String, params: JSONValue) {
        let args = try #require(call["args"] as? [Any])
        let keywords = try #require(call["kwargs"] as? [String: Any])
        let six = args + ["types", "name", "version", "opts"].map { keywords[$0] ?? NSNull() }
        let data = try JSONSerialization.data(withJSONObject: six)
        let text = String(decoding: data, as: UTF8.self).replacingOccurrences(of: "\\/", with: "/")
            .replacingOccurrences(of: "@COMPOSE@", with: composeDirectory)
            .replacingOccurrences(of: "@CONFDIR@", with: confDirectory)
        return (
            try #require(call["variant"] as? String),
            try JSONReader.read(Array(text.utf8), name: "call")
        )
    }

    private static func checkVariants(_ run: Run, _ answer: [String: Any]?) throws {
        guard let expected = answer?["variants"] as? [[String: Any]] else { return }
        let config = run.folder.appendingPathComponent(run.config).path
        let (settings, _) = try SettingsReader.read(try ConfigDocument.load(path: config))
        let variants = try VariantsInput.load(for: settings, besideConfig: config)
        #expect(variants.all.map(\.uid) == expected.map { $0["uid"] as? String })
        #expect(variants.all.map(\.arches) == expected.map { $0["arches"] as? [String] })
    }

    @Test("there are cases to agree with", .needsShared)
    func notVacuous() { #expect(Self.runs.count > 60) }
}
