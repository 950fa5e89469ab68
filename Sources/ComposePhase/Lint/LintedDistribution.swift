import PungiConfig

/// The distribution that a block's images are of, and the image types offered for it.
struct LintedDistribution {
    /// As image-builder calls it, e.g. `fedora-44`; without the version where it is not told.
    let name: String
    let types: ImageTypeCatalog.Distribution
    /// Whether types that are only for RHEL are left out.
    let isLike: Bool

    /// Told from the block's `distro`, else its build target (image-builder builds what its build root is), else the
    /// release; nil when none of them names a distribution of the table.
    init?(block: ImageBuilderBlock, target: String?, settings: ComposeSettings, catalog: ImageTypeCatalog) {
        let names: [String?]
        if let distro = block.distro, !distro.value.isEmpty {
            names = [ImageTypeCatalog.plain(distro.value)]
        } else {
            names = [
                target.flatMap(Self.ofTarget),
                Self.ofRelease(settings.releaseShort.value, settings.releaseVersion.value),
            ]
        }
        guard let name = names.compactMap({ $0 }).first else { return nil }
        if let (distribution, isLike) = catalog.distribution(of: name) {
            self.name = name
            types = distribution
            self.isLike = isLike
            return
        }
        return nil
    }

    /// The words with which names of build targets begin: `f44-…`, `rawhide-…`, `c10s-…`, `rhel-9.6-…`, `epel10-…`.
    private static func ofTarget(_ target: String) -> String? {
        let first = String(target.split(separator: "-").first ?? "")
        if first == "rawhide" { return "fedora-rawhide" }
        // ELN is built by Fedora and is none of its releases; image-builder has no definitions of that name.
        if first == "eln" { return first }
        if let number = number(in: first, after: "f"), number > 9 { return "fedora-\(number)" }
        if first.hasSuffix("s"), let number = number(in: String(first.dropLast()), after: "c") {
            return "centos-\(number)"
        }
        for word in ["rhel", "epel", "almalinux"] {
            let rest = target.hasPrefix("\(word)-") ? String(target.dropFirst(word.count + 1)) : nil
            guard let number = number(in: first, after: word) ?? rest.flatMap({ Int($0.prefix(while: \.isNumber)) })
            else { continue }
            return "\(word == "almalinux" ? word : "rhel")-\(number)"
        }
        return nil
    }

    private static func number(in text: String, after prefix: String) -> Int? {
        text.hasPrefix(prefix) ? Int(text.dropFirst(prefix.count)) : nil
    }

    private static func ofRelease(_ short: String, _ version: String) -> String? {
        let major = version.prefix { $0 != "." }.lowercased()
        let short = short.lowercased()
        if short.contains("eln") { return nil }
        for (prefix, name) in [
            ("fedora", "fedora"), ("rhel", "rhel"), ("centos", "centos"), ("almalinux", "almalinux"),
            ("rocky", "rocky"),
        ] where short.hasPrefix(prefix) {
            return "\(name)-\(major)"
        }
        return nil
    }
}
