/// Koji's fault numbers that decide what a session does next.
enum FaultCode {
    static let auth = 1002
    static let actionNotAllowed = 1004
    static let authLock = 1006
    static let authExpired = 1007
    static let sequence = 1008
    static let retry = 1009
    static let offline = 1014
    static let parameter = 1019

    /// Raised before anything is done, and healed by a new login.
    static func asksForLogin(_ code: Int) -> Bool { code == auth || code == authExpired || code == sequence }
}

extension XMLRPCFault {
    /// The line that tells most, with the number. Faults may be a whole traceback or a dump of a schema.
    package var summary: String {
        let lines = text.split(whereSeparator: \.isNewline).filter { line in line.contains { $0 != " " } }
        var line = String(lines.first ?? "no text")
        if line.hasPrefix("Traceback") {
            line = String(lines.last ?? "")
        } else if code == FaultCode.parameter, let place = lines.first(where: { $0.hasPrefix("On instance") }) {
            line += " (\(place.drop { $0 != "i" }.prefix { $0 != ":" }))"
        }
        let isLong = line.count > Self.longest
        return "fault \(code): \(line.prefix(Self.longest))\(isLong ? "…" : "")"
    }

    private static let longest = 400
}
