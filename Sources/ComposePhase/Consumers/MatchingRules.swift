import ProductMD

/// Which images consumers look for, and by what. Source: fedfind 6.1, fedora_openqa and the websites as they were read.
enum MatchingRules {
    static func findings(_ compose: ReadCompose) -> [CheckFinding] {
        guard let manifest = compose.images.value else { return [] }
        let images = manifest.all.map(\.image)
        var found = openqa(images)
        guard manifest.compose.id.contains("-IoT-") else { return found }
        found += expected(images) + website(compose, manifest)
        return found
    }

    /// openQA tests IoT ISOs by the type dvd-ostree, and the disk of Minimal for aarch64 by type and format.
    private static func openqa(_ images: [ImageRecord]) -> [CheckFinding] {
        images.compactMap { image in
            let subvariant = image.subvariant.lowercased()
            let place = "compose/\(image.path)"
            if subvariant == "iot", image.format == "iso", image.type != "dvd-ostree" {
                return .init(
                    .error, "openqa-unmatched", [.openqa], at: place,
                    "openQA takes ISO files of subvariant IoT by type dvd-ostree; of type \(image.type) it is not tested",
                    remedy: "manifest_type = \"dvd-ostree\" in its block")
            }
            if subvariant == "minimal", image.arch == "aarch64",
                image.type != "raw-xz" || image.format != "raw.xz"
            {
                return .init(
                    .warning, "openqa-unmatched", [.openqa], at: place,
                    "openQA takes Minimal for aarch64 by type raw-xz and format raw.xz; as \(image.type) and"
                        + " \(image.format) it is not tested",
                    remedy: "build minimal-raw-xz")
            }
            return nil
        }
    }

    /// What fedfind expects of an IoT compose, on both arches.
    private static func expected(_ images: [ImageRecord]) -> [CheckFinding] {
        ["x86_64", "aarch64"].flatMap { arch in
            ["dvd", "dvd-ostree", "raw-xz"].compactMap { type in
                guard
                    !images.contains(where: {
                        $0.arch == arch && $0.type == type && $0.subvariant.lowercased() == "iot"
                    })
                else { return nil }
                return .init(
                    .warning, "fedfind-expects", [.fedfind], at: ComposeLayout.images,
                    "fedfind expects an image of subvariant IoT and type \(type) for \(arch), and tells that it is missing",
                    remedy: "build it, or know that it will be called missing")
            }
        }
    }

    /// The websites make links to checksum files by a pattern, respin 0 in it.
    private static func website(_ compose: ReadCompose, _ manifest: ImagesManifest) -> [CheckFinding] {
        guard manifest.compose.type == "production", let info = compose.info.value else { return [] }
        var found: [CheckFinding] = []
        for (arch, records) in manifest.images["IoT"] ?? [:] {
            for directory in Set(records.map { $0.path.split(separator: "/").dropLast().joined(separator: "/") }) {
                let name = "Fedora-IoT-IoT-\(info.release.version)-\(arch)-\(manifest.compose.date).0-CHECKSUM"
                guard compose.files["\(directory)/\(name)"] == nil, !compose.isCut else { continue }
                found.append(
                    .init(
                        .error, "website-checksum", [.website], at: "compose/\(directory)",
                        "the websites link \(name), which is not there"
                            + (manifest.compose.respin == 0
                                ? "" : "; they take respin 0, and this is \(manifest.compose.respin)"),
                        remedy: "media_checksum_one_file with one kind, and media_checksum_base_filename ="
                            + " \"%(release_short)s-%(variant)s-%(version)s-%(arch)s-%(date)s%(type_suffix)s.%(respin)s\""
                    ))
            }
        }
        return found
    }
}
