import ProductMD

/// Finds in the texts of a plan what comes of the compose that it was made for: plans of two nights are to differ only
/// where the configuration does.
struct ComposeTraces {
    /// Longest first: the date is part of the others.
    private let parts: [(text: [UInt8], mark: [UInt8])]
    private let shortest: Int
    private let whole: [String: String]
    private let forgetsPlace: Bool

    private static let idMark = "\u{1}id\u{1}"

    /// The two sides of a comparison.
    ///
    /// - Parameter forgetsPlace: whether what stands before the compose's id in a path or URL is left out, too.
    static func pair(
        _ old: PlannedCompose, _ new: PlannedCompose, forgetsPlace: Bool
    ) -> (old: ComposeTraces, new: ComposeTraces) {
        let (old, new) = (ComposeTexts(old), ComposeTexts(new))
        // Where one compose makes the same text of two generators and the other does not, it cannot be told which of
        // them was meant; then both are taken for one.
        let isCoarse = old.shape != new.shape
        return (
            ComposeTraces(old, isCoarse: isCoarse, forgetsPlace: forgetsPlace),
            ComposeTraces(new, isCoarse: isCoarse, forgetsPlace: forgetsPlace)
        )
    }

    private init(_ texts: ComposeTexts, isCoarse: Bool, forgetsPlace: Bool) {
        self.forgetsPlace = forgetsPlace
        let releases = isCoarse ? [texts.release, texts.dated, texts.dateRespin] : [texts.release]
        let versions = isCoarse ? [texts.version, texts.releaseVersion] : [texts.version]
        var whole: [String: String] = [:]
        for release in releases { whole[release] = "\u{1}release\u{1}" }
        for version in versions {
            whole[version] = "\(texts.releaseVersion)\u{1}milestone\u{1}"
            for release in releases { whole["\(version).\(release)"] = "\(texts.releaseVersion)\u{1}both\u{1}" }
        }
        self.whole = whole
        parts = [
            (texts.id, Self.idMark), (texts.dated, "\u{1}dated\u{1}"),
            (texts.dateRespin, isCoarse ? "\u{1}dated\u{1}" : "\u{1}date respin\u{1}"), (texts.date, "\u{1}date\u{1}"),
        ].filter { !$0.0.isEmpty }.map { (Array($0.0.utf8), Array($0.1.utf8)) }
        shortest = parts.map(\.text.count).min() ?? .max
    }

    /// The text with marks instead of what comes of the compose; equal for texts that mean the same.
    func key(_ text: String) -> String {
        // Most texts are words that have no room for a date.
        guard text.utf8.count >= shortest else { return text }
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

/// The texts that a compose makes, as ``ComposeIdentity`` makes them.
private struct ComposeTexts {
    let id: String
    let date: String
    let releaseVersion: String
    /// Version and release of images that name none.
    let version: String
    let release: String
    /// `20260102.n.0` and `20260102.0`.
    let dated: String
    let dateRespin: String
    let shape: Shape

    /// Which of the texts are the same in this compose.
    struct Shape: Equatable {
        let suffix: String
        let hasMilestone: Bool
        let hasLabel: Bool
        let isLabelDated: Bool
    }

    init(_ compose: PlannedCompose) {
        let suffix = ComposeType(rawValue: compose.type)?.suffix ?? ""
        let label = compose.label.flatMap { try? ComposeLabel($0) }
        let milestone = label.flatMap { $0.name == "RC" ? nil : $0.name }
        id = compose.id
        date = compose.date
        releaseVersion = compose.releaseVersion
        version = compose.releaseVersion + (milestone.map { "_\($0)" } ?? "")
        dated = "\(compose.date)\(suffix).\(compose.respin)"
        dateRespin = "\(compose.date).\(compose.respin)"
        release = label?.version ?? dated
        shape = Shape(
            suffix: suffix, hasMilestone: milestone != nil, hasLabel: label != nil,
            isLabelDated: label?.version == dateRespin)
    }
}
