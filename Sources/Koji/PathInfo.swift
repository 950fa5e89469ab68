/// Where a hub keeps its files: paths relative to its topurl or topdir, without a slash at either end.
///
/// Parts are put together as they are. A name that comes from elsewhere must have passed ``isPlainName(_:)`` before it
/// is used in a path of this machine; a path must go through ``percentEncoded(_:)`` to become part of a URL.
package struct PathInfo: Sendable {
    private init() {}

    /// The output of a task while it lies in the work area: `work/tasks/ID mod 10000/ID`.
    package static func taskDirectory(_ id: TaskID, volume: String? = nil) -> String {
        prefix(volume) + "work/tasks/\(id.number % 10_000)/\(id.number)"
    }

    /// One output file of a task.
    package static func taskFile(_ id: TaskID, name: String, volume: String? = nil) -> String {
        "\(taskDirectory(id, volume: volume))/\(name)"
    }

    /// Where the images of a scratch build's arch task lie after its parent has closed.
    package static func scratchDirectory(owner: String, child: TaskID) -> String {
        "scratch/\(owner)/task_\(child.number)"
    }

    /// A build: `packages/NAME/VERSION/RELEASE`, on a volume other than DEFAULT below `vol/VOLUME`.
    package static func buildDirectory(
        name: String, version: String, release: String, volume: String? = nil
    ) -> String {
        prefix(volume) + "packages/\(name)/\(version)/\(release)"
    }

    /// An image file of a build.
    package static func image(_ file: String, in buildDirectory: String) -> String {
        "\(buildDirectory)/images/\(file)"
    }

    /// A log of an image build.
    package static func imageLog(_ file: String, arch: String, in buildDirectory: String) -> String {
        "\(buildDirectory)/data/logs/image/\(arch)/\(file)"
    }

    /// A file of another archive type of a build.
    package static func file(_ file: String, type: String, in buildDirectory: String) -> String {
        "\(buildDirectory)/files/\(type)/\(file)"
    }

    /// A repo of a tag, for one arch.
    package static func repo(tag: String, id: Int, arch: String) -> String {
        "repos/\(tag)/\(id)/\(arch)"
    }

    /// Whether `name` names a file in a directory and nothing else: not empty, no slash, not `.` or `..`, no NUL.
    package static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
    }

    /// `path` for a URL: every byte of every component that RFC 3986 does not call unreserved is written as `%XX`, `+`
    /// and `^` included, which occur in versions. Slashes stay.
    package static func percentEncoded(_ path: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                encoded.append(byte)
            default:
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func prefix(_ volume: String?) -> String {
        guard let volume, volume != "DEFAULT", !volume.isEmpty else { return "" }
        return "vol/\(volume)/"
    }
}
