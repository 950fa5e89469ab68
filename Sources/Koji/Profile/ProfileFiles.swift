import Glibc

/// Where koji's configuration is looked for, in the order in which it counts.
///
/// As the koji library: `/etc/koji.conf.d/*.conf`, `/etc/koji.conf`, then the file named on the command line, or else the
/// user's `~/.koji/config.d/*.conf` and `~/.koji/config`. Directories give their `*.conf` by name.
struct ProfileFiles {
    /// What could be read, with its text.
    private(set) var texts: [(path: String, text: String)] = []
    /// Every place that was looked at, for a message.
    private(set) var places: [String] = []
    /// Files that are there and cannot be read, with the reason; koji passes them over.
    private(set) var unreadable: [String] = []

    init(_ wanted: KojiProfile.Places) throws(KojiFailure) {
        var sources = ["\(wanted.etc)/koji.conf.d", "\(wanted.etc)/koji.conf"]
        if let file = wanted.file {
            sources.append(file)
        } else {
            sources += ["\(wanted.home)/.koji/config.d", "\(wanted.home)/.koji/config"]
        }
        for source in sources {
            let files = Self.files(of: source)
            places.append(files.isDirectory ? "\(source)/*.conf" : source)
            if files.isDirectory, files.paths.isEmpty, source == wanted.file {
                throw Self.failure("there is no *.conf in the directory \(source)")
            }
            for path in files.paths { try read(path, isNamed: source == wanted.file) }
        }
    }

    private mutating func read(_ path: String, isNamed: Bool) throws(KojiFailure) {
        guard let file = fopen(path, "re") else {
            let reason = "cannot read \(path): \(String(cString: strerror(errno)))"
            if isNamed { throw Self.failure(reason) }
            if errno != ENOENT { unreadable.append(reason) }
            return
        }
        defer { fclose(file) }
        let limit = 1 << 20
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else {
            throw Self.failure("cannot read \(path): \(String(cString: strerror(errno)))")
        }
        guard count <= limit else { throw Self.failure("\(path) is too large for a configuration file") }
        guard let text = String(validating: bytes[..<count], as: UTF8.self) else {
            throw Self.failure("\(path) is not text in UTF-8")
        }
        texts.append((path, text))
    }

    private static func files(of source: String) -> (paths: [String], isDirectory: Bool) {
        guard let stream = opendir(source) else { return ([source], source.hasSuffix(".d")) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".conf"), isFile("\(source)/\(name)") { names.append(name) }
        }
        // By code point, as Python sorts.
        let sorted = names.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
        return (sorted.map { "\(source)/\($0)" }, true)
    }

    private static func isFile(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
    }

    private static func failure(_ message: String) -> KojiFailure {
        KojiFailure(kind: .profile, message: message, method: "", url: "")
    }
}
