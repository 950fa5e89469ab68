import ComposePhase
import Foundation
import Glibc
import PungiConfig
import Testing

@Suite("Settings files that cannot be trusted, and files on disk")
struct SettingsOnDiskTests {
    static let hostile: [(name: String, text: String, code: String)] = [
        ("deep nesting", String(repeating: "[", count: 100_000), "settings.syntax"),
        ("too many values", "history: [" + String(repeating: "a,", count: 60_000) + "]", "settings.syntax"),
        ("too large", "#" + String(repeating: "x", count: 1 << 20), "settings.syntax"),
        ("a character that YAML forbids", "deadline: \u{FFFE}", "settings.syntax"),
        ("a long key", String(repeating: "k", count: 1000) + ": 1", "settings.unknown-key"),
        ("a long text", "deadline: " + String(repeating: "9", count: 500_000), "settings.duration"),
        ("escapes of a terminal", "\"\\e[2J\": 1", "settings.unknown-key"),
        (
            "a long pattern",
            "retry: {rules: [{name: a, class: hub, pattern: \(String(repeating: "(", count: 3999))}]}",
            "settings.pattern"
        ),
        ("a long glob", "images: [{match: '\(String(repeating: "*a", count: 9000))', priority: 1}]", "settings.value"),
    ]

    @Test("a hostile file costs a short message", arguments: 0..<hostile.count)
    func staysCheap(index: Int) throws {
        let row = Self.hostile[index]
        let found = SettingsText.complaints([row.text])
        #expect(found.map(\.code) == [row.code], "\(row.name)")
        #expect(found.allSatisfy { $0.rendered().utf8.count < 600 && !$0.rendered().contains("\u{1B}") }, "\(row.name)")
    }

    @Test("ten thousand problems make a hundred messages and a count")
    func manyProblems() {
        let found = SettingsText.complaints([(0..<10_000).map { "k\($0): 1" }.joined(separator: "\n")])
        #expect(found.count == 101 && found.last?.message == "9900 more problems are not shown")
    }

    // MARK: On disk

    @Test("the machine's file may be missing, the one of --settings may not; neither is read without bound")
    func onDisk() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("settings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = { (name: String) in directory.appendingPathComponent(name).path }
        #expect(try RunSettings.load(site: path("none"), file: nil) == RunSettings())
        #expect(try RunSettings.load(site: nil, file: nil) == RunSettings())
        try Data("limits: {tasks: 2}\non_term: leave".utf8).write(to: URL(fileURLWithPath: path("site")))
        try Data("limits: {tasks: 3}".utf8).write(to: URL(fileURLWithPath: path("own")))
        let both = try RunSettings.load(site: path("site"), file: path("own"))
        #expect(both.policy.limits.tasks == 3 && both.policy.leavesOnTerm)
        try Data(count: (1 << 20) + 1).write(to: URL(fileURLWithPath: path("large")))
        // Nobody will ever write to this pipe: opening it must not wait.
        try #require(mkfifo(path("pipe"), 0o600) == 0)
        let broken = [("none", "No such file"), ("large", "1 MiB"), (".", "regular file"), ("pipe", "regular file")]
        for (name, word) in broken {
            let failure = #expect(throws: ConfigFailure.self) { try RunSettings.load(site: nil, file: path(name)) }
            #expect(failure?.diagnostics.map(\.code) == ["settings.file"])
            #expect(failure?.description.contains(word) == true, "\(name)")
        }
    }
}
