import ComposePhase
import Glibc
import PungiConfig

/// The files of a config, to be edited together.
struct ConfigFiles {
    /// Each once; their paths are seen from the current directory where they are below it.
    let files: [BranchProposal.File]
    /// Absolute paths of the same files.
    private let absolute: [String: String]
    /// Where the patch has to be applied, if that is not the current directory.
    let patchDirectory: String?

    static func read(_ document: ConfigDocument) throws -> ConfigFiles {
        let here = Paths.absolute(".")
        var files: [BranchProposal.File] = []
        var absolute: [String: String] = [:]
        for path in document.openedFiles {
            let shown = path.hasPrefix(here + "/") ? String(path.dropFirst(here.count + 1)) : path
            guard absolute.updateValue(path, forKey: shown) == nil else { continue }
            do {
                let bytes = try DiskFileSource().read(path: path, limit: ConfigLimits.standard.fileBytes)
                files.append(BranchProposal.File(path: shown, bytes: bytes))
            } catch {
                throw VerbFailure(.invalid, "cannot read \(path): \(error.reason)")
            }
        }
        let isBelow = files.allSatisfy { !$0.path.hasPrefix("/") }
        return ConfigFiles(
            files: files, absolute: absolute, patchDirectory: isBelow ? nil : common(Array(absolute.values)))
    }

    /// What a file is called in a patch: patch takes no `..` and nothing from the root.
    func patchName(_ file: BranchProposal.File) -> String {
        guard let patchDirectory else { return file.path }
        let path = absolute[file.path] ?? file.path
        return String(path.dropFirst(patchDirectory == "/" ? 1 : patchDirectory.utf8.count + 1))
    }

    /// Bytes by absolute path.
    func contents(_ edited: [BranchProposal.File]) -> [String: [UInt8]] {
        Dictionary(edited.map { (absolute[$0.path] ?? $0.path, $0.bytes) }) { first, _ in first }
    }

    /// All files, those of `contents` with these bytes.
    func replaced(by contents: [String: [UInt8]]) -> [BranchProposal.File] {
        files.map { file in
            BranchProposal.File(path: file.path, bytes: contents[absolute[file.path] ?? file.path] ?? file.bytes)
        }
    }

    /// Writes what differs. If a file cannot be written, those before it get back what they said.
    func write(_ edited: [BranchProposal.File]) throws {
        var written: [(path: String, bytes: [UInt8])] = []
        for (old, new) in zip(files, edited) where old.bytes != new.bytes {
            let path = Self.resolved(absolute[old.path] ?? old.path)
            do {
                try AtomicFile.write(new.bytes, to: path)
                written.append((path, old.bytes))
            } catch {
                var message = "\(error); nothing is changed"
                for file in written.reversed() {
                    do {
                        try AtomicFile.write(file.bytes, to: file.path)
                    } catch {
                        message = "\(message), but for \(file.path), which cannot be written back"
                    }
                }
                throw VerbFailure(.invalid, message)
            }
        }
    }

    /// A link stays a link: what it points to is written.
    private static func resolved(_ path: String) -> String {
        guard let buffer = realpath(path, nil) else { return path }
        defer { free(buffer) }
        return String(cString: buffer)
    }

    /// The directory that all paths are below.
    private static func common(_ paths: [String]) -> String {
        let directories = paths.map { $0.split(separator: "/").dropLast() }
        guard let first = directories.first else { return "/" }
        let shared = directories.reduce(first.count) { count, other in
            min(count, zip(first, other).prefix { $0 == $1 }.count)
        }
        return "/" + first.prefix(shared).joined(separator: "/")
    }
}
