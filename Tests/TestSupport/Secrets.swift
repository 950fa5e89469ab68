package import Foundation

/// What must never stand in an output, a log or a file that a run leaves.
package enum Secrets {
    /// A hub's session key: the user's number, a hyphen, nineteen letters or digits.
    private static let sessionKey = try? NSRegularExpression(
        pattern: "(?<![0-9A-Za-z])[0-9]+-[0-9A-Za-z]{19}(?![0-9A-Za-z])")

    /// What of a text is secret; nil if nothing is. Passwords of the tests have this word in them.
    package static func leaked(in text: String) -> String? {
        for mark in ["s3cr3t", "Koji-Session-Key", "BEGIN PRIVATE KEY", "Authorization: Negotiate"]
        where text.contains(mark) { return mark }
        let range = NSRange(text.startIndex..., in: text)
        guard let match = sessionKey?.firstMatch(in: text, range: range), let found = Range(match.range, in: text)
        else {
            return nil
        }
        // Long hexadecimal names with a number in front are no keys: those have letters beyond f.
        let key = text[found]
        return key.contains { $0.isLetter && !$0.isHexDigit } ? String(key) : nil
    }

    /// The same for every file below a directory, but for those that a test wrote itself.
    package static func leaked(below directory: URL, except names: Set<String>) -> String? {
        let files = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: [.fileSizeKey])
        while let file = files?.nextObject() as? URL {
            if names.contains(file.lastPathComponent) {
                files?.skipDescendants()
                continue
            }
            guard let size = try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize, size < 4_000_000,
                let data = try? Data(contentsOf: file)
            else { continue }
            if let found = leaked(in: String(decoding: data, as: UTF8.self)) { return "\(file.path): \(found)" }
        }
        return nil
    }
}
