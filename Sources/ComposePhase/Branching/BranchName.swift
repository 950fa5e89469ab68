/// A branch as a person names it: `rawhide` or `f45`.
package enum BranchName: Sendable, Hashable {
    case rawhide
    case numbered(Int)

    /// Reads `rawhide` or `fNN`; nil for anything else.
    package init?(_ text: String) {
        if text == "rawhide" {
            self = .rawhide
            return
        }
        let digits = text.utf8.dropFirst()
        guard text.utf8.first == UInt8(ascii: "f"), (1...4).contains(digits.count), digits.first != UInt8(ascii: "0"),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(text.dropFirst())
        else { return nil }
        self = .numbered(number)
    }

    /// What targets, tags and branches of Git are called.
    package var word: String {
        switch self {
        case .rawhide: "rawhide"
        case .numbered(let number): "f\(number)"
        }
    }

    /// Its release; nil for rawhide, whose release changes.
    package var number: Int? {
        if case .numbered(let number) = self { number } else { nil }
    }

    /// What stands for the release where there is no `f`: `45`, `rawhide`.
    var release: String { number.map(String.init) ?? "rawhide" }
}

/// What is asked for on branching day: a config of one branch is to be one of another.
package struct BranchRequest: Sendable, Hashable {
    package let from: BranchName
    package let to: BranchName
    /// The release that the config calls itself, where `from` is rawhide: `f46` is a name of rawhide then.
    package var rawhideNumber: Int?
    /// The word that stands for the branch in OSTree refs; nil for what Fedora uses.
    package let refWord: String?

    package init(from: BranchName, to: BranchName, rawhideNumber: Int? = nil, refWord: String? = nil) {
        self.from = from
        self.to = to
        self.rawhideNumber = rawhideNumber
        self.refWord = refWord
    }

    /// The old branch's release, unless it is the new one's, too: then nothing that says it has to change.
    var oldNumber: Int? {
        let number = from.number ?? rawhideNumber
        return number == to.number ? nil : number
    }

    /// What the old branch is called as a word, in small letters.
    var oldWords: [String] { [from.word] + (oldNumber.map { ["f\($0)"] } ?? []) }

    /// The word for the new branch in refs: Fedora's refs are `fedora/rawhide`, `fedora/devel` for a branched release.
    var newRefWord: String { refWord ?? (to == .rawhide ? "rawhide" : "devel") }
}
