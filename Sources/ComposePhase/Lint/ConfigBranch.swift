import OrderedCollections
import PungiConfig

/// A release that a text speaks of.
enum BranchMention: Hashable, CustomStringConvertible {
    case release(Int)
    case rawhide

    /// What can be the number of a Fedora release here, and not a port, a size or an arch.
    static let numbers = 30...99

    var description: String {
        switch self {
        case .release(let number): "Fedora \(number)"
        case .rawhide: "rawhide"
        }
    }

    /// The text with this release's number changed to another's; nil when that is not all there is to change.
    func replaced(in text: String, by number: Int) -> String? {
        if case .release(let own) = self { text.replacing(String(own), with: String(number)) } else { nil }
    }

    /// All mentions: `f44`, `fc44`, `fedora-44`, `/44/`, `rawhide`.
    static func all(in text: String) -> [BranchMention] {
        var found: [BranchMention] = []
        var previous = ""
        let pieces = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        for (index, piece) in pieces.enumerated() {
            // A port or an address is no release, and neither is a bare number: it must be a whole part of a path.
            if pieces.count > 1, index > 0, let number = Int(piece), numbers.contains(number) {
                found.append(.release(number))
            }
            for word in piece.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }) {
                let lower = word.lowercased()
                if lower == "rawhide" { found.append(.rawhide) }
                for prefix in ["fc", "f"] {
                    guard lower.hasPrefix(prefix), let number = Int(lower.dropFirst(prefix.count)),
                        numbers.contains(number)
                    else { continue }
                    found.append(.release(number))
                }
                if previous == "fedora", let number = Int(lower), numbers.contains(number) {
                    found.append(.release(number))
                }
                previous = lower
            }
        }
        return found
    }
}

/// The branch that a config is of.
struct ConfigBranch {
    /// `release_version` as written.
    let release: String
    /// The release's number; for rawhide that of its package tag, if it has one.
    let number: Int?
    private let isRawhide: Bool

    /// Nil when the release is neither a number that Fedora could have nor rawhide.
    init?(_ document: ConfigDocument, _ settings: ComposeSettings) {
        release = settings.releaseVersion.value
        let tags = Self.texts(document["pkgset_koji_tag"]).flatMap(BranchMention.all)
        if release.lowercased() == "rawhide" {
            isRawhide = true
            number = tags.compactMap { if case .release(let number) = $0 { number } else { nil } }.first
        } else if let number = Int(release), BranchMention.numbers.contains(number) {
            self.number = number
            // Rawhide's own config may call its release by number: then something beside the images says rawhide.
            let isCalledSo = document.path.split(separator: "/").last?.lowercased().contains("rawhide") ?? false
            isRawhide =
                isCalledSo || tags.contains(.rawhide)
                || document.values.contains {
                    !$0.key.hasSuffix("_target") && $0.value.string?.lowercased() == "rawhide"
                }
        } else {
            return nil
        }
    }

    /// A branch in the text that is not this one.
    func stranger(in text: String, key: String) -> BranchMention? {
        let mentions = BranchMention.all(in: text)
        return mentions.first { mention in
            switch mention {
            case .rawhide: !isRawhide
            case .release(let other):
                if let number { other != number } else { key == "ref" || key == "ostree_ref" }
            }
        }
    }

    private static func texts(_ value: ConfigValue?) -> [String] {
        guard let value else { return [] }
        return value.string.map { [$0] } ?? value.items?.compactMap(\.string) ?? []
    }
}
