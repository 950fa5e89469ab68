import Foundation
import TestSupport
import Testing

@testable import ComposePhase

@Suite("The example and the manual of the settings")
struct SettingsDocumentationTests {
    private static func example() throws -> String {
        try String(contentsOf: Checkout.root.appendingPathComponent("contrib/config.yaml.example"), encoding: .utf8)
    }

    /// The example with everything in it said: `#key: value` counts, and an empty list or mapping gives way to what is
    /// below it. Prose has a blank behind its `#`.
    private static func full() throws -> String {
        let lines = try example().split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let indent = line.prefix { $0 == " " }
            let rest = line.dropFirst(indent.count)
            let isSetting = rest.hasPrefix("#") && !rest.hasPrefix("# ")
            return (text: String(isSetting ? indent + rest.dropFirst() : line), isSetting: isSetting)
        }
        return zip(lines, lines.dropFirst() + [(text: "", isSetting: false)]).map { line, next in
            let gives = next.isSetting && (line.text.hasSuffix(" []") || line.text.hasSuffix(" {}"))
            return gives ? String(line.text.dropLast(3)) : line.text
        }.joined(separator: "\n")
    }

    @Test("the example as it stands says the defaults")
    func exampleIsDefault() throws {
        let file = SettingsFile(path: "/config.yaml", bytes: Array(try Self.example().utf8))
        #expect(try RunSettings.read([file]) == RunSettings())
    }

    @Test("the example with its commented lines is right and shows every key")
    func exampleInFull() throws {
        let text = try Self.full()
        let settings = try RunSettings.read([SettingsFile(path: "/config.yaml", bytes: Array(text.utf8))])
        #expect(settings.policy.limits.tasks == 40 && settings.policy.limits.perArch == ["s390x": 4, "ppc64le": 6])
        #expect(settings.policy.limits.perHub.count == 2 && settings.policy.deadline == 36000)
        #expect(settings.policy.images.count == 2 && settings.policy.images.first?.priority == 10)
        #expect(settings.failureRules.first?.kind == "network" && settings.history.count == 1)
        #expect(settings.freeze.file == "/etc/phase-runner/freeze-44.yaml")
        for (path, keys) in SettingsKeys.ofRuns.byPath {
            for key in keys { #expect(text.contains("\(key):"), "\(path).\(key)") }
        }
    }

    @Test("the manual has a row for every key")
    func manual() throws {
        let text = try String(
            contentsOf: Checkout.root.appendingPathComponent("docs/settings.md"), encoding: .utf8)
        for (path, keys) in SettingsKeys.ofRuns.byPath {
            for key in keys where SettingsKeys.ofRuns.byPath[key] == nil || key == "images" {
                let isOfEntry = path == "images" || path == "retry.rules"
                let name = path.isEmpty || isOfEntry ? key : "\(path).\(key)"
                #expect(text.contains("| `\(name)` |"), "\(name)")
            }
        }
        for word in SettingsKeys.causeClasses { #expect(text.contains("`\(word)`")) }
    }
}
