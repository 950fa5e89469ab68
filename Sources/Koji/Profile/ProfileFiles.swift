import Glibc

/// Koji's configuration files, found and read in the library's order.
struct ProfileFiles {
    /// Files that were read, the first one first: later ones override earlier ones.
    private(set) var read: [(path: String, file: INIFile)] = []
    /// Places where there is nothing.
    private(set) var absent: [String] = []
    /// Files and directories that are there but cannot be read, with the system's reason. The library passes over such
    /// files without a word.
    private(set) var unreadable: [String] = []

    /// A file this long is no configuration.
    private static let longest = 1 << 20

    /// As the library: `/etc/koji.conf.d`, `/etc/koji.conf`, then the named file or else `~/.koji/config.d` and
    /// `~/.koji/config`. Each of them may be a file or a directory, whose `*.conf` files (hidden ones too) are read
    /// in the order of their names.
    init(_ places: KojiProfile.Places) throws(KojiFailure) {
        for path in ["\(places.etc)/koji.conf.d", "\(places.etc)/koji.conf"] { try add(path, mustBeThere: false) }
        if let file = places.file {
            try add(HomePath.expanded(file, home: places.home), mustBeThere: true)
        } else {
            for path in ["~/.koji/config.d", "~/.koji/config"] {
                try add(HomePath.expanded(path, home: places.home), mustBeThere: false)
            }
        }
    }

    private mutating func add(_ path: String, mustBeThere: Bool) throws(KojiFailure) {
        switch Self.kind(path) {
        case S_IFDIR:
            let files = try Self.files(in: path)
            if files.isEmpty, mustBeThere {
                throw .profile("cannot use \(path) as Koji configuration: the directory has no file *.conf")
            }
            for file in files { try addFile(file, mustBeThere: mustBeThere) }
        default: try addFile(path, mustBeThere: mustBeThere)
        }
    }

    private mutating func addFile(_ path: String, mustBeThere: Bool) throws(KojiFailure) {
        let kind = Self.kind(path)
        let bytes: [UInt8]
        do throws(Unreadable) {
            // A pipe or a device would make us wait for ever.
            if let kind, kind != S_IFREG { throw Unreadable(reason: "not a file") }
            bytes = try Self.bytes(path)
        } catch {
            if mustBeThere { throw .profile("cannot read \(path): \(error.reason)") }
            if kind == nil { absent.append(path) } else { unreadable.append("\(path) (\(error.reason))") }
            return
        }
        guard bytes.count <= Self.longest else {
            throw .profile("cannot use \(path) as Koji configuration: it is larger than a mebibyte")
        }
        do {
            read.append((path, try INIFile(bytes)))
        } catch {
            throw .profile("\(path):\(error.line): \(error.reason)")
        }
    }

    /// The type bits of what the path leads to, nil if to nothing.
    static func kind(_ path: String) -> mode_t? {
        var info = stat()
        return stat(path, &info) == 0 ? info.st_mode & S_IFMT : nil
    }

    private static func files(in directory: String) throws(KojiFailure) -> [String] {
        guard let stream = opendir(directory) else {
            throw .profile("cannot read the directory \(directory): \(String(cString: strerror(errno)))")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            // The name is a C array within the entry, which lasts until the next one is read.
            let bytes = withUnsafeBytes(of: entry.pointee.d_name) { name in Array(name.prefix { $0 != 0 }) }
            guard bytes.suffix(5) == Array(".conf".utf8)[...] else { continue }
            guard let name = String(validating: bytes, as: UTF8.self) else {
                throw .profile("\(directory): a file's name is not UTF-8 (\(String(decoding: bytes, as: UTF8.self)))")
            }
            names.append(name)
        }
        // By code points, as Python sorts; not as Swift compares strings.
        names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return names.map { "\(directory)/\($0)" }
    }

    private struct Unreadable: Error {
        let reason: String
    }

    /// At most a little more than the longest file.
    private static func bytes(_ path: String) throws(Unreadable) -> [UInt8] {
        guard let file = fopen(path, "re") else { throw Unreadable(reason: String(cString: strerror(errno))) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 14)
        while bytes.count <= longest {
            let count = fread(&piece, 1, piece.count, file)
            if count == 0 { break }
            bytes += piece[..<count]
        }
        if ferror(file) != 0 { throw Unreadable(reason: String(cString: strerror(errno))) }
        return bytes
    }
}

extension KojiFailure {
    /// A failure of the configuration files; no hub was asked.
    static func profile(_ message: String) -> KojiFailure {
        KojiFailure(kind: .profile, message: message, method: "", url: "", fault: nil)
    }
}
