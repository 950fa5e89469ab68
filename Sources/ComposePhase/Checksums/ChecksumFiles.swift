import Glibc
import ProductMD
package import PungiConfig

/// Pungi's checksum files beside the images of a compose that is ours.
///
/// Source: the `image_checksum` phase. For every file one of its own for each kind (`FILE.SHA256SUM`), and one for each
/// directory and kind (`SHA256SUM`); with `media_checksum_one_file` only one for each directory (`CHECKSUM`). The digests are
/// those that were taken when the images came: nothing is read again.
package enum ChecksumFiles {
    /// The files that belong to some images, by path below `compose/`.
    static func wanted(
        for images: [CollectedImage], settings: ComposeSettings, compose: ComposeIdentity
    ) throws(ChecksumFileName.Refusal) -> [String: [ChecksumText.Entry]] {
        var files: [String: [ChecksumText.Entry]] = [:]
        for image in images {
            let parts = image.path.split(separator: "/")
            let directory = parts.dropLast().joined(separator: "/")
            let file = parts.last.map(String.init) ?? image.path
            let isOne = settings.mediaChecksumOneFile
            let prefix = try ChecksumFileName(
                compose: compose, variant: image.variant, arch: image.arch,
                directory: isOne ? parts.dropLast().last.map(String.init) ?? "" : nil
            ).prefix(settings.mediaChecksumBaseName)
            for (kind, digest) in image.checksums {
                let entry = ChecksumText.Entry(file: file, size: image.size, kind: kind, digest: digest)
                if isOne {
                    files["\(directory)/\(prefix)CHECKSUM", default: []].append(entry)
                } else {
                    files["\(directory)/\(file).\(kind.uppercased())SUM", default: []].append(entry)
                    files["\(directory)/\(prefix)\(kind.uppercased())SUM", default: []].append(entry)
                }
            }
        }
        return files
    }

    /// Writes them, beside what they say of files of other phases. Entries of files that are gone go.
    package static func write(
        for images: [CollectedImage], settings: ComposeSettings, compose: ComposeIdentity, in layout: ComposeLayout
    ) throws {
        for (path, entries) in try wanted(for: images, settings: settings, compose: compose).sorted(by: {
            $0.key < $1.key
        }) {
            let place = layout.path("compose/\(path)")
            let directory = String(place.prefix(upTo: place.lastIndex(of: "/") ?? place.endIndex))
            var text = ChecksumText(reading: try AtomicFile.read(place) ?? [])
            text.keep { !$0.contains("/") && AtomicFile.exists("\(directory)/\($0)") }
            for entry in entries { text.add(entry) }
            try AtomicFile.write(text.bytes, to: place)
        }
    }

    /// The checksum files of one image that was replaced.
    static func names(besides image: CollectedImage) -> [String] {
        image.checksums.keys.map { "\(image.path).\($0.uppercased())SUM" }
    }

    // MARK: Before anything is built

    /// What would keep the checksum files from being written as the config wants them.
    static func problems(_ settings: ComposeSettings, _ compose: ComposeIdentity) -> [Diagnostic] {
        var problems: [Diagnostic] = []
        func complain(_ text: String, at place: SourceLocation?, fix: String) {
            problems.append(
                Diagnostic(severity: .error, code: "plan.checksum-files", message: text, location: place, fix: fix))
        }
        if settings.mediaChecksumOneFile, settings.mediaChecksums.count != 1 {
            complain(
                "media_checksum_one_file needs media_checksums to name exactly one kind, and it names"
                    + " \(settings.mediaChecksums.count): \(settings.mediaChecksums.joined(separator: ", "))",
                at: settings.mediaChecksumPlace, fix: "media_checksums = [\"sha256\"]")
        }
        for kind in settings.mediaChecksums where !RunningDigest.isKnown(kind) {
            complain(
                "media_checksums: there is no digest '\(kind)'", at: settings.mediaChecksumPlace,
                fix: "name md5, sha1, sha256 or another that libcrypto has")
        }
        do {
            _ = try ChecksumFileName(
                compose: compose, variant: "V", arch: "A", directory: settings.mediaChecksumOneFile ? "d" : nil
            ).prefix(settings.mediaChecksumBaseName)
        } catch {
            complain(
                "media_checksum_base_filename cannot be filled in: \(error)", at: settings.mediaChecksumNamePlace,
                fix: "e.g. '%(release_short)s-%(variant)s-%(version)s-%(arch)s-%(date)s%(type_suffix)s.%(respin)s'")
        }
        return problems
    }
}
