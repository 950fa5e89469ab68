extension SettingsEntry {
    /// A list of ``filePath(isCommand:)``.
    package func paths(areCommands: Bool = false) -> [String]? {
        list()?.compactMap { $0.filePath(isCommand: areCommands) }
    }

    /// A path, taken from the place of the settings file, so that it says the same wherever a run is started. A command
    /// without a slash is looked for in PATH, as Pungi does with its notification scripts.
    package func filePath(isCommand: Bool = false) -> String? {
        guard let text = text() else { return nil }
        if text.unicodeScalars.contains(where: { $0.value < 32 }) {
            complain("value", "has a control character in it")
            return nil
        }
        if text.hasPrefix("~") {
            complain("value", "begins with '~', which is not replaced", fix: "write the whole path")
            return nil
        }
        if text.hasPrefix("/") || (isCommand && !text.contains("/")) { return text }
        let directory = file.lastIndex(of: "/").map { file[...$0] } ?? ""
        return directory + text
    }
}
