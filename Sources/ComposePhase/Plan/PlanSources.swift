package import PungiConfig
import Synchronization

/// One file that a plan was made of, and what was in it.
package struct PlanSource: Sendable, Hashable {
    /// Seen from the directory of the main config; absolute where the two have nothing but the root in common.
    package var path: String
    /// SHA-256 of the bytes, hexadecimal.
    package var sha256: String

    package init(path: String, sha256: String) {
        self.path = path
        self.sha256 = sha256
    }
}

/// The disk, which remembers what was read from it: a plan says by which bytes it was made, and no file is read again
/// for that. The digests are made only when they are asked for.
package final class RememberedFiles: ConfigFileSource {
    private let disk = DiskFileSource()
    private let files = Mutex<[(path: String, bytes: [UInt8])]>([])

    package init() {}

    package func read(path: String, limit: Int) throws(ConfigFileUnreadable) -> [UInt8] {
        let bytes = try disk.read(path: path, limit: limit)
        remember(path, bytes)
        return bytes
    }

    package func absolutePath(of path: String) -> String { disk.absolutePath(of: path) }

    /// Takes in a file that was read by other means, as `variants.xml` is.
    package func remember(_ path: String, _ bytes: [UInt8]) {
        let absolute = absolutePath(of: path)
        files.withLock { $0.append((absolute, bytes)) }
    }

    /// Each file once, in the order in which they were read: the main config first.
    package func sources() -> [PlanSource] {
        let files = files.withLock { $0 }
        var seen: Set<String> = []
        let directory = files.first.map { PlanPath.directory(of: $0.path) } ?? "/"
        return files.compactMap { path, bytes in
            guard seen.insert(path).inserted else { return nil }
            return PlanSource(path: PlanPath.relative(path, to: directory), sha256: Self.sha256(bytes))
        }
    }

    private static func sha256(_ bytes: [UInt8]) -> String {
        let digest = RunningDigest(["sha256"])
        bytes.withUnsafeBytes { digest.update($0) }
        return digest.finish()["sha256"] ?? ""
    }
}

/// Paths of sources: a checkout that is moved as a whole keeps them.
enum PlanPath {
    static func directory(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    /// `path` seen from `directory`, both absolute; itself where they meet in the root only.
    static func relative(_ path: String, to directory: String) -> String {
        let there = path.split(separator: "/")
        let here = directory.split(separator: "/")
        let shared = zip(there.dropLast(), here).prefix { $0 == $1 }.count
        guard shared > 0 || here.isEmpty else { return path }
        return (Array(repeating: "..", count: here.count - shared) + there[shared...]).joined(separator: "/")
    }
}

extension PlanSource {
    /// What is another between the files of a plan and those of now: a sentence for each file.
    package static func changes(planned: [PlanSource], now: [PlanSource]) -> [String] {
        let current = Dictionary(now.map { ($0.path, $0.sha256) }) { first, _ in first }
        let known = Set(planned.map(\.path))
        let gone = planned.compactMap { source -> String? in
            switch current[source.path] {
            case source.sha256: nil
            case nil: "\(source.path) is not part of the configuration any more"
            default: "\(source.path) has changed"
            }
        }
        return gone + now.filter { !known.contains($0.path) }.map { "\($0.path) is new in the configuration" }
    }
}
