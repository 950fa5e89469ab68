/// What an option's text has to do with the branch, by the option's name.
enum BranchRule: Sendable, Hashable {
    case version
    case target
    case tag
    case ref
    case gitBranch
    case place
    case distro

    /// What comes of a text.
    enum Outcome: Hashable {
        /// It does not name the old branch.
        case untouched
        case change(String, reason: String)
        /// It names the old branch, and what it should say is not certain.
        case unsure(String)
    }

    /// The rule for an option or for a key in one; nil if it is not known to follow the branch.
    init?(key: String) {
        switch key {
        case "version", "release_version", "releasever": self = .version
        case "target": self = .target
        case "koji_tag": self = .tag
        case "ref", "ostree_ref", "parent", "ostree_parent": self = .ref
        case "branch": self = .gitBranch
        case "distro": self = .distro
        case "repo", "repos", "url", "baseurl", "source", "description_scm", "ksurl", "repo_from", "extra_repos",
            "gather_lookaside_repos", "lorax_extra_sources", "install_tree_from":
            self = .place
        default:
            if key.hasSuffix("_version") {
                self = .version
            } else if key.hasSuffix("_target") {
                self = .target
            } else if key.hasSuffix("_tag") {
                self = .tag
            } else if key.hasSuffix("_ref") {
                self = .ref
            } else if key.hasSuffix("_branch") {
                self = .gitBranch
            } else if ["_url", "_repo", "_repos", "_ksurl", "_scm", "_repo_from"].contains(where: key.hasSuffix) {
                self = .place
            } else {
                return nil
            }
        }
    }

    func apply(to text: String, _ request: BranchRequest) -> Outcome {
        let words = BranchWords(text, request)
        switch self {
        case .version: return version(text, words, request)
        case .target:
            return names(words, request, "the \(request.to.word) branch is built on its own target")
        case .tag: return names(words, request, "the \(request.to.word) branch has its own tags")
        case .ref: return ref(text, words, request)
        case .gitBranch: return gitBranch(text, words, request)
        case .place: return place(text, words, request)
        case .distro:
            guard !words.isEmpty else { return .untouched }
            guard let number = request.to.number, words.words.allSatisfy({ $0.kind == .number }) else {
                return .unsure("which definitions image-builder has for the new branch is not known here")
            }
            return .change(words.replacing { _ in String(number) }, reason: "the distribution that is built")
        }
    }

    // MARK: Each of them

    private func version(_ text: String, _ words: BranchWords, _ request: BranchRequest) -> Outcome {
        guard words.namesBranch else { return .untouched }
        guard words.words.first?.range == 0..<words.bytes.count else {
            return .unsure("only a version that is the branch's name or release and nothing else is changed")
        }
        return .change(
            request.to.number.map(String.init) ?? "Rawhide",
            reason: "the release that the \(request.to.word) branch becomes")
    }

    /// Targets and tags: `f46-image-builder`, `rawhide-image-builder`.
    private func names(_ words: BranchWords, _ request: BranchRequest, _ reason: String) -> Outcome {
        guard words.namesBranch else { return .untouched }
        guard words.words.contains(where: { $0.kind == .name }) else {
            return .unsure("the release stands there without an `f`")
        }
        return .change(words.replacing { $0.kind == .name ? request.to.word : nil }, reason: reason)
    }

    private func ref(_ text: String, _ words: BranchWords, _ request: BranchRequest) -> Outcome {
        let meant = words.words.filter { $0.kind == .name || words.isComponent($0) }
        guard !meant.isEmpty else { return .untouched }
        guard meant.allSatisfy(words.isComponent) else {
            return .unsure("the branch is only a part of a component of this ref")
        }
        let changed = words.replacing { word in
            guard words.isComponent(word) else { return nil }
            if let given = request.refWord { return given }
            switch word.kind {
            case .number: return request.to.release
            case .name: return word.text.lowercased() == "rawhide" ? request.newRefWord : request.to.word
            }
        }
        return .change(
            changed,
            reason: request.refWord == nil && changed.contains("/\(request.newRefWord)/")
                ? "Fedora's refs are fedora/rawhide, and fedora/devel for a branched release"
                : "commits of the new branch have their own ref")
    }

    private func gitBranch(_ text: String, _ words: BranchWords, _ request: BranchRequest) -> Outcome {
        if isTrunk(text, request) {
            return .change(
                request.to.word, reason: "a proposal: `\(text)` goes on as rawhide, if the repository is branched, too")
        }
        return names(words, request, "the sources of the new branch, if the repository is branched, too")
    }

    /// URLs and paths, also with a branch of Git behind `#`.
    private func place(_ text: String, _ words: BranchWords, _ request: BranchRequest) -> Outcome {
        if let hash = text.lastIndex(of: "#"), text.contains("git") {
            let branch = String(text[text.index(after: hash)...])
            if isTrunk(branch, request) {
                return .change(
                    text[...hash] + request.to.word,
                    reason: "a proposal: `\(branch)` goes on as rawhide, if the repository is branched, too")
            }
        }
        guard words.namesBranch else { return .untouched }
        guard text.utf8.contains(UInt8(ascii: "/")) else {
            return .unsure("this is no URL and no path")
        }
        return .change(
            words.replacing { placeWord($0, words, request) }, reason: "the place of the new branch's packages or files"
        )
    }

    /// What stands for the branch in a URL depends on what stands before it, as Fedora lays its servers out:
    /// `compose/branched`, `development/45`, `latest-Fedora-45`, and `f45` elsewhere.
    private func placeWord(_ word: BranchWords.Word, _ words: BranchWords, _ request: BranchRequest) -> String? {
        let before = words.before(word).lowercased()
        guard word.kind == .name else {
            guard BranchWords.beforeNumbers.contains(before) else { return nil }
            return before == "fedora" && request.to == .rawhide ? "Rawhide" : request.to.release
        }
        if word.text.lowercased() == "rawhide" {
            if before == "compose", request.to != .rawhide { return "branched" }
            if before == "development" || word.text.utf8.first == UInt8(ascii: "R") { return request.to.release }
        }
        return request.to.word
    }

    private func isTrunk(_ branch: String, _ request: BranchRequest) -> Bool {
        request.from == .rawhide && ["main", "master"].contains(branch)
    }
}
