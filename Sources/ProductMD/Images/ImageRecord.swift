/// One image in images.json.
package struct ImageRecord: Sendable, Hashable {
    /// Below `compose/`, e.g. `IoT/x86_64/iso/FILE`.
    package var path: String
    /// Whole seconds since 1970.
    package var mtime: Int
    /// Bytes.
    package var size: Int
    /// The label of an ISO.
    package var volumeID: String?
    /// As productmd names them: ``ImageVocabulary``.
    package var type: String
    package var format: String
    /// An arch of RPM; `src` for an image of sources, which is filed under binary arches.
    package var arch: String
    /// From 1.
    package var discNumber: Int
    package var discCount: Int
    /// Hexadecimal digests by name.
    package var checksums: [String: String]
    /// What isomd5sum put into an ISO.
    package var implantMD5: String?
    package var bootable: Bool
    /// What is in the image: the variant, or `Minimal`, `KDE`, …
    package var subvariant: String
    /// Whether an ISO holds several variants; written only when true.
    package var isUnified: Bool
    /// The variants of a unified image.
    package var additionalVariants: [String]

    package init(
        path: String, mtime: Int, size: Int, volumeID: String?, type: String, format: String, arch: String,
        discNumber: Int, discCount: Int, checksums: [String: String], implantMD5: String?, bootable: Bool,
        subvariant: String, isUnified: Bool = false, additionalVariants: [String] = []
    ) {
        self.path = path
        self.mtime = mtime
        self.size = size
        self.volumeID = volumeID
        self.type = type
        self.format = format
        self.arch = arch
        self.discNumber = discNumber
        self.discCount = discCount
        self.checksums = checksums
        self.implantMD5 = implantMD5
        self.bootable = bootable
        self.subvariant = subvariant
        self.isUnified = isUnified
        self.additionalVariants = additionalVariants
    }

    /// What tells it from every other image of the compose.
    package var identity: ImageIdentity {
        ImageIdentity(
            subvariant: subvariant, type: type, format: format, arch: arch, discNumber: discNumber,
            isUnified: isUnified, additionalVariants: additionalVariants)
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "path": .string(path), "mtime": .int(mtime), "size": .int(size),
            "volume_id": volumeID.map { .string($0) } ?? .null, "type": .string(type), "format": .string(format),
            "arch": .string(arch), "disc_number": .int(discNumber), "disc_count": .int(discCount),
            "checksums": .object(checksums.mapValues { .string($0) }),
            "implant_md5": implantMD5.map { .string($0) } ?? .null, "bootable": .bool(bootable),
            "subvariant": .string(subvariant),
        ]
        if isUnified {
            members["unified"] = .bool(true)
            members["additional_variants"] = .array(additionalVariants.map { .string($0) })
        }
        return .object(members)
    }
}
