/// The content of a checksum file: two lines for each file and kind, as Pungi writes and `sha256sum --check` reads.
struct ChecksumText: Sendable, Hashable {
    struct Entry: Sendable, Hashable, Comparable {
        var file: String
        /// Bytes.
        var size: Int
        /// `sha256`
        var kind: String
        var digest: String

        /// As Python compares the tuples that Pungi sorts.
        static func < (left: Self, right: Self) -> Bool {
            if left.file != right.file {
                return left.file.unicodeScalars.lexicographicallyPrecedes(right.file.unicodeScalars)
            }
            return (left.size, left.kind, left.digest) < (right.size, right.kind, right.digest)
        }
    }

    private(set) var entries: Set<Entry> = []
    /// Lines of an earlier file that are none of these: they stay, in front.
    private(set) var others: [String] = []

    init() {}

    /// What an earlier file says.
    init(reading bytes: [UInt8]) {
        var named: (file: String, size: Int)?
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            if let comment = Self.comment(line) {
                named = comment
            } else if let named, let sum = Self.sum(line), sum.file == named.file {
                entries.insert(Entry(file: named.file, size: named.size, kind: sum.kind, digest: sum.digest))
            } else {
                others.append(String(line))
                named = nil
            }
        }
    }

    /// An entry of the same file and kind gives way.
    mutating func add(_ entry: Entry) {
        entries = entries.filter { $0.file != entry.file || $0.kind != entry.kind }
        entries.insert(entry)
    }

    /// Keeps the entries of files that are there.
    mutating func keep(where isThere: (String) -> Bool) {
        entries = entries.filter { isThere($0.file) }
    }

    var bytes: [UInt8] {
        let sums = entries.sorted().map {
            "# \($0.file): \($0.size) bytes\n\($0.kind.uppercased()) (\($0.file)) = \($0.digest)\n"
        }
        return Array((others.map { $0 + "\n" } + sums).joined().utf8)
    }

    /// `# FILE: SIZE bytes`
    private static func comment(_ line: Substring) -> (file: String, size: Int)? {
        guard line.hasPrefix("# "), line.hasSuffix(" bytes"), let colon = line.lastIndex(of: ":") else { return nil }
        guard let size = Int(line[colon...].dropFirst(2).dropLast(" bytes".count)) else { return nil }
        return (String(line[..<colon].dropFirst(2)), size)
    }

    /// `SHA256 (FILE) = HEX`
    private static func sum(_ line: Substring) -> (kind: String, file: String, digest: String)? {
        guard let open = line.firstRange(of: " ("), let close = line.ranges(of: ") = ").last,
            open.upperBound <= close.lowerBound
        else { return nil }
        return (
            line[..<open.lowerBound].lowercased(), String(line[open.upperBound..<close.lowerBound]),
            String(line[close.upperBound...])
        )
    }
}
