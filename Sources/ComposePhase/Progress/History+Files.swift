import Glibc
import ProductMD

extension History {
    /// An events file larger than this is not read for its times.
    static let largest = 64 << 20
    /// So many composes beside one are looked at.
    static let composes = 10

    /// A path that was named and has no history.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Reads what a user named: events files, or compose directories.
    ///
    /// - Throws: ``Failure`` for a path that is neither, or that cannot be read.
    package static func load(paths: [String], isRehearsal: Bool?) throws(Failure) -> History {
        var history = History()
        for path in paths {
            let isDirectory = AtomicFile.isDirectory(path)
            let top = isDirectory ? path : String(path.dropLast(min(path.count, "/\(ComposeLayout.events)".count)))
            let file = isDirectory ? ComposeLayout(top: path).path(ComposeLayout.events) : path
            do {
                guard let lines = try lines(of: file) else {
                    throw Failure(
                        description: "there is no history \(file); name a compose directory, or the events.jsonl of one"
                    )
                }
                let isMarked = AtomicFile.exists(ComposeLayout(top: top).path(ComposeLayout.rehearsal))
                _ = history.add(lines, isRehearsal: isRehearsal, isMarkedRehearsal: isMarked)
            } catch let failure as Failure {
                throw failure
            } catch {
                throw Failure(description: "the history \(file) cannot be read: \(error)")
            }
        }
        return history
    }

    /// Reads the newest composes beside this one, of the same release; what cannot be read is left out.
    ///
    /// - Parameters:
    ///   - compose: the compose directory.
    ///   - releaseShort: `release_short`; composes of other releases are named differently.
    package static func beside(compose: String, releaseShort: String?, isRehearsal: Bool?) -> History {
        var history = History()
        let (parent, own) = split(compose)
        let files = AtomicFile.names(in: parent, atMost: 20_000)
            .filter { name in name != own && (releaseShort.map { name.hasPrefix("\($0)-") } ?? true) }
            .compactMap { name -> (layout: ComposeLayout, changed: Double)? in
                let layout = ComposeLayout(top: "\(parent)/\(name)")
                return AtomicFile.changed(layout.path(ComposeLayout.events)).map { (layout, $0) }
            }
            .sorted { $0.changed > $1.changed }
        for (layout, _) in files where history.sources < composes {
            guard let lines = try? lines(of: layout.path(ComposeLayout.events)) else { continue }
            _ = history.add(
                lines, isRehearsal: isRehearsal,
                isMarkedRehearsal: AtomicFile.exists(layout.path(ComposeLayout.rehearsal)))
        }
        return history
    }

    private static func lines(of file: String) throws(AtomicFile.Failure) -> [[UInt8]?]? {
        guard let bytes = try AtomicFile.read(file, limit: largest) else { return nil }
        var splitter = LineSplitter()
        return splitter.lines(adding: bytes)
    }

    private static func split(_ path: String) -> (parent: String, name: String) {
        var path = Substring(path)
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        guard let slash = path.lastIndex(of: "/") else { return (".", String(path)) }
        return (slash == path.startIndex ? "/" : String(path[..<slash]), String(path[path.index(after: slash)...]))
    }
}

extension AtomicFile {
    /// Whether a directory is there under this name.
    package static func isDirectory(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    /// When a plain file was last written, in seconds since 1970; nil when there is none.
    static func changed(_ path: String) -> Double? {
        var info = stat()
        guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
        return Double(info.st_mtim.tv_sec) + Double(info.st_mtim.tv_nsec) / 1e9
    }

    /// The names in a directory, without those that begin with a dot; none when it cannot be read.
    static func names(in directory: String, atMost limit: Int) -> [String] {
        (try? FileNames.of(directory, atMost: limit))?.filter { !$0.hasPrefix(".") } ?? []
    }
}
