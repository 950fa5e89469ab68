import ComposePhase
import PungiConfig

/// Settings files as texts, for tests.
enum SettingsText {
    /// What the files say together; they are called `1.yaml`, `2.yaml`, ….
    static func read(_ texts: String...) throws -> RunSettings {
        try RunSettings.read(
            texts.enumerated().map { SettingsFile(path: "\($0 + 1).yaml", bytes: Array($1.utf8)) })
    }

    /// What is wrong with the files; empty when nothing is.
    static func complaints(_ texts: [String]) -> [Diagnostic] {
        do {
            _ = try RunSettings.read(
                texts.enumerated().map { SettingsFile(path: "\($0 + 1).yaml", bytes: Array($1.utf8)) })
            return []
        } catch {
            return error.diagnostics
        }
    }

    /// Settings made from the defaults.
    static func settings(_ change: (inout RunSettings) -> Void) -> RunSettings {
        var settings = RunSettings()
        change(&settings)
        return settings
    }

    /// A rule without a place worth comparing.
    static func rule(_ name: String, _ pattern: String, _ kind: String, _ remedy: String? = nil) -> FailureRuleSetting {
        let place = SourceLocation(file: "test", line: 1, column: 1)
        return FailureRuleSetting(
            name: name, pattern: pattern, kind: kind, remedy: remedy, location: place, patternLocation: place)
    }
}
