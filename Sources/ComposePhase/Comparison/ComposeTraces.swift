import ProductMD

/// Finds in the texts of a plan what comes of the compose that it was made for: plans of two nights are to differ only
/// where the configuration does.
struct ComposeTraces {
    /// Longest first: the date is part of the others.
    private let parts: [(text: [UInt8], mark: [UInt8])]
    private let whole: [String: String]
    private let forgetsPlace: Bool

    private static let idMark = "\u{1}id\u{1}"

    /// - Parameter forgetsPlace: whether what stands before the compose's id in a path or URL is left out, too.
    init(_ compose: PlannedCompose, forgetsPlace: Bool) {
        self.forgetsPlace = forgetsPlace
        let suffix = ComposeType(rawValue: compose.type)?.suffix ?? ""
        let label = compose.label.flatMap { try? ComposeLabel($0) }
        let dated = "\(compose.date)\(suffix).\(compose.respin)"
        // As ComposeIdentity makes them.
        let release = label?.version ?? dated
        let milestone = label.flatMap { $0.name == "RC" ? nil : $0.name }
        let version = compose.releaseVersion + (milestone.map { "_\($0)" } ?? "")
        whole = [
            release: "\u{1}release\u{1}", version: "\(compose.releaseVersion)\u{1}milestone\u{1}",
            "\(version).\(release)": "\(compose.releaseVersion)\u{1}milestone release\u{1}",
        ]
        parts = [
            (compose.id, Self.idMark), (dated, "\u{1}dated\u{1}"),
            ("\(compose.date).\(compose.respin)", "\u{1}date respin\u{1}"), (compose.date, "\u{1}date\u{1}"),
        ].filter { !$0.0.isEmpty }.map { (Array($0.0.utf8), Array($0.1.utf8)) }
    }

    /// The text with marks instead of what comes of the compose; equal for texts that mean the same.
    func key(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var marked: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if let (found, mark) = parts.first(where: { stands($0.text, in: bytes, at: index) }) {
                marked += mark
                index += found.count
            } else {
                marked.append(bytes[index])
                index += 1
            }
        }
        let key = String(decoding: marked, as: UTF8.self)
        guard forgetsPlace, let id = key.firstRange(of: Self.idMark) else { return key }
        return String(key[id.lowerBound...])
    }

    /// The same of a version or a release, which the label may have made.
    func key(version: String) -> String { whole[version] ?? key(version) }

    /// Digits on either side would make it another number.
    private func stands(_ part: [UInt8], in bytes: [UInt8], at index: Int) -> Bool {
        guard bytes[index] == part[0], index + part.count <= bytes.count else { return false }
        guard bytes[index..<index + part.count].elementsEqual(part) else { return false }
        let end = index + part.count
        return (index == 0 || !isDigit(bytes[index - 1])) && (end == bytes.count || !isDigit(bytes[end]))
    }

    private func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
