/// URLs as they may be shown and logged.
package enum ShownURL {
    /// `url` without user, password, query and fragment, and without control characters.
    package static func text(_ url: String) -> String {
        var shown = url.unicodeScalars.prefix { $0 != "?" && $0 != "#" }
        if let slashes = shown.firstRange(of: "://".unicodeScalars) {
            let end = shown[slashes.upperBound...].firstIndex(of: "/") ?? shown.endIndex
            if let at = shown[slashes.upperBound..<end].lastIndex(of: "@") {
                let kept = shown[..<slashes.upperBound]
                let rest = shown[shown.index(after: at)...]
                return printable(kept) + printable(rest)
            }
        } else if let at = shown.lastIndex(of: "@") {
            shown = shown[shown.index(after: at)...]
        }
        return printable(shown)
    }

    /// Whether the transport takes it: http or https with a host, nothing that cannot stand in a request line.
    static func isUsable(_ url: String) -> Bool {
        let lower = url.lowercased()
        guard let scheme = ["http://", "https://"].first(where: { lower.hasPrefix($0) }) else { return false }
        guard let first = url.utf8.dropFirst(scheme.utf8.count).first, !"/?#:@".utf8.contains(first) else {
            return false
        }
        return url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    /// `text` with a question mark for each control character.
    static func printable(_ text: String) -> String { printable(Substring(text).unicodeScalars) }

    private static func printable(_ text: Substring.UnicodeScalarView) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in text { kept.append(scalar.value < 0x20 || scalar.value == 0x7F ? "?" : scalar) }
        return String(kept)
    }
}
