extension ImageRecord {
    /// What readers of images.json would refuse, or be misled by: the image, the field, its value, what is allowed.
    ///
    /// Beyond productmd's own checks: type and format must go together, the path stays below `compose/`, the arch is one
    /// of RPM's, the disc is one of the set, the subvariant is not empty.
    var problems: [String] { refusals + concerns }

    /// What productmd takes, and readers would be misled by.
    package var concerns: [String] {
        var concerns: [String] = []
        if path.hasPrefix("/") || path.split(separator: "/").contains("..") {
            concerns.append("path '\(path)' is absolute, or leaves the compose; it is relative to compose/")
        }
        if let formats = ImageVocabulary.formatsByType[type], ImageVocabulary.formats.contains(format),
            !formats.isEmpty, !formats.contains(format)
        {
            concerns.append("type '\(type)' does not go with format '\(format)', only with \(Self.listed(formats))")
        }
        if discNumber < 1 || discNumber > discCount { concerns.append("disc \(discNumber) of \(discCount) cannot be") }
        if subvariant.isEmpty { concerns.append("the subvariant is empty; it is the variant's uid if nothing else") }
        return concerns.map { "image \(path): \($0)" }
    }

    /// What productmd refuses.
    private var refusals: [String] {
        var problems: [String] = []
        func complain(_ text: String) { problems.append("image \(path): \(text)") }
        if path.isEmpty { complain("path '' is empty; it is relative to compose/") }
        if !ImageVocabulary.arches.contains(arch), !ImageVocabulary.sourceArches.contains(arch) {
            complain("arch '\(arch)' is not one of RPM's")
        }
        if size <= 0 { complain("size is \(size); it is a number of bytes above 0") }
        if checksums.isEmpty || checksums.contains(where: { $0.key.isEmpty || $0.value.isEmpty }) {
            complain("there is no checksum, or an empty one; at least one is needed")
        }
        problems += vocabularyProblems.map { "image \(path): \($0)" }
        if let volumeID, volumeID.isEmpty { complain("the volume id is empty; it is a text, or null") }
        if let implantMD5, implantMD5.utf8.count != 32 || !implantMD5.utf8.allSatisfy(Self.isLowerOrDigit) {
            complain("implant_md5 '\(implantMD5)' is not 32 of a-z and 0-9")
        }
        if !isUnified, !additionalVariants.isEmpty {
            complain("additional variants \(additionalVariants.joined(separator: ", ")): only a unified image has them")
        }
        return problems
    }

    /// Type and format are productmd's and go together.
    private var vocabularyProblems: [String] {
        var problems: [String] = []
        let formats = ImageVocabulary.formatsByType[type]
        if formats == nil {
            problems.append("productmd has no type '\(type)'; it has \(Self.listed(ImageVocabulary.types))")
        }
        if !ImageVocabulary.formats.contains(format) {
            problems.append("productmd has no format '\(format)'; it has \(Self.listed(ImageVocabulary.formats))")
        }
        return problems
    }

    private static func listed(_ words: some Sequence<String>) -> String { words.sorted().joined(separator: ", ") }

    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
