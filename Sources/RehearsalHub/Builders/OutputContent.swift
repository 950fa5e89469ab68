/// What a file of a task is.
enum OutputKind: Sendable, Hashable {
    case rootLog, mockLog, buildLog
    /// The log of a task that failed ends with these lines.
    case failedLog(String)
    /// The log of a buildroot that could not be made ends with these lines.
    case failedRootLog(String)
    case image
    case iso
    case manifest
    case buildrootSBOM
    case imageSBOM

    var isLog: Bool {
        switch self {
        case .rootLog, .mockLog, .buildLog, .failedLog, .failedRootLog: true
        case .image, .iso, .manifest, .buildrootSBOM, .imageSBOM: false
        }
    }
}

/// The content of a generated file: never kept, always made anew from what the file is about.
package struct OutputContent: Sendable, Hashable {
    let kind: OutputKind
    let name: String
    let version: String
    let release: String
    let arch: String
    let type: String
    let seed: UInt64
    /// The size that image files are filled up to, in bytes.
    let imageBytes: Int
    /// What the image takes from an ostree repository.
    var commit: RehearsedCommit?

    /// The sentence that stands in each file.
    static let notice = "phase-runner rehearsal: not an image, nothing was built"

    /// The size in bytes.
    package var size: Int {
        switch kind {
        case .image: max(imageBytes, head.count)
        case .iso: max(imageBytes, head.count)
        default: head.count
        }
    }

    /// The bytes at `range`, cut to the size.
    package func bytes(in range: Range<Int>) -> [UInt8] {
        let head = head
        let range = range.clamped(to: 0..<size)
        var bytes = Array(head[range.clamped(to: 0..<head.count)])
        let pattern = pattern
        var position = max(range.lowerBound, head.count)
        bytes.reserveCapacity(range.count)
        while position < range.upperBound {
            let start = position % pattern.count
            let count = min(pattern.count - start, range.upperBound - position)
            bytes.append(contentsOf: pattern[start..<start + count])
            position += count
        }
        return bytes
    }

    /// What images are filled up with: bytes from the seed, repeated. The odd length keeps ranges apart.
    private var pattern: [UInt8] {
        var source = SplitMix(seed: seed ^ fingerprint)
        return (0..<251).map { _ in UInt8(truncatingIfNeeded: source.next()) }
    }

    /// When the file was last changed, as its file system says: a moment of one fixed day that follows from what the file
    /// is about. So two rehearsals of one plan leave the same times in the metadata.
    package var modified: HubTime {
        let day: Int64 = 1_767_225_600  // 2026-01-01 00:00:00 UTC
        return HubTime(microseconds: (day + Int64(fingerprint % 86_400)) * 1_000_000)
    }

    /// Different files are filled differently (FNV-1a over what they are about).
    private var fingerprint: UInt64 {
        "\(name) \(version) \(release) \(arch) \(type)".utf8
            .reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// The part of the file that says what it is.
    private var head: [UInt8] {
        switch kind {
        case .iso: VolumeImage.bytes(volumeID: volumeID, note: "\(Self.notice) (\(subject))")
        default: Array(text.utf8)
        }
    }

    private var subject: String { "\(name)-\(version)-\(release).\(arch), \(type)" }

    /// The volume id of an ISO image: at most 32 characters.
    var volumeID: String { String("\(name)-\(arch)-\(version)".prefix(32)) }

    private var text: String {
        switch kind {
        case .image, .iso: "\(Self.notice) (\(subject))\n"
        case .rootLog: "DEBUG util.py: \(Self.notice)\nINFO: buildroot of \(subject): rehearsed\n"
        case .mockLog: "\(Self.notice)\n"
        case .buildLog: "\(Self.notice)\nimage-builder build \(type) --arch \(arch): rehearsed\n"
        case .failedLog(let end): "\(Self.notice)\nimage-builder build \(type) --arch \(arch)\n\(end)\n"
        case .failedRootLog(let end): "DEBUG util.py: \(Self.notice)\nINFO: buildroot of \(subject)\n\(end)\n"
        case .manifest: manifest
        case .buildrootSBOM: sbom(of: "buildroot-build")
        case .imageSBOM: sbom(of: "image-os")
        }
    }
}
