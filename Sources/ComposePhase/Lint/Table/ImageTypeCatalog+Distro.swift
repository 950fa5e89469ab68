extension ImageTypeCatalog {
    /// The distribution that a block's `distro` names, and whether it is one of those that are offered the same.
    func distribution(of distro: String) -> (distribution: Distribution, isLike: Bool)? {
        let name = Self.plain(distro)
        for distribution in distributions {
            if distribution.name == name || name.hasPrefix("\(distribution.name)-") { return (distribution, false) }
            if distribution.like.contains(name) { return (distribution, true) }
        }
        return nil
    }

    /// A distribution's name with its major version alone: `rhel-9.6` is `rhel-9`, and so is `rhel-96`.
    static func plain(_ distro: String) -> String {
        let words = distro.split(separator: "-", maxSplits: 1)
        guard words.count == 2, words[0] != "fedora" else { return distro }
        let major = words[1].prefix { $0 != "." }
        let isTwoInOne = words[0] == "rhel" && !major.hasPrefix("10") && major.count > 1
        return "\(words[0])-\(isTwoInOne ? major.prefix(1) : major)"
    }
}
