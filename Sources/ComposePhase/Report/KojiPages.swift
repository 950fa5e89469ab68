/// Pages of a hub's web interface, for links.
package enum KojiPages {
    /// The page of a task; nil when the hub's web interface is not known.
    package static func task(_ id: Int?, at weburl: String?) -> String? {
        id.flatMap { page("taskinfo?taskID=\($0)", at: weburl) }
    }

    /// The page of a build.
    package static func build(_ id: Int?, at weburl: String?) -> String? {
        id.flatMap { page("buildinfo?buildID=\($0)", at: weburl) }
    }

    private static func page(_ place: String, at weburl: String?) -> String? {
        guard let base = weburl.flatMap(link) else { return nil }
        return base + (base.hasSuffix("/") ? "" : "/") + place
    }

    /// The address, if it is one that a page may lead to: a file that somebody wrote into may name anything.
    package static func link(_ text: String) -> String? {
        guard text.hasPrefix("https://") || text.hasPrefix("http://") else { return nil }
        let isClean = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }
        return isClean ? text : nil
    }
}
