/// Reads a time zone as the zone database has it compiled (TZif, RFC 8536): the files that the C library reads.
///
/// They are read here, and not through the C library or Foundation: the C library knows one zone a process at a time,
/// and Foundation has a copy of the database of the day on which the program was built.
enum TimeZoneFile {
    /// The most that a file may have; real ones have at most 4 kB.
    static let longest = 1 << 20

    /// nil for bytes that are no such file.
    static func rules(name: String, _ bytes: [UInt8]) -> TimeZoneRules? {
        var reader = Reader(bytes: bytes)
        guard let short = Header(&reader) else { return nil }
        guard short.version >= UInt8(ascii: "2") else {
            return block(short, width: 4, &reader).map {
                TimeZoneRules(name: name, firstOffset: $0.first, changes: $0.changes)
            }
        }
        // The first block is for old readers, and may be empty.
        guard reader.skip(short.length(width: 4)), let long = Header(&reader),
            let (first, changes) = block(long, width: 8, &reader)
        else { return nil }
        let footer = bytes[reader.index...]
        guard footer.first == UInt8(ascii: "\n"), let end = footer.dropFirst().firstIndex(of: UInt8(ascii: "\n"))
        else { return nil }
        let text = footer[(footer.startIndex + 1)..<end]
        if text.isEmpty { return TimeZoneRules(name: name, firstOffset: first, changes: changes) }
        guard let yearly = YearlyClockRule(text) else { return nil }
        return TimeZoneRules(name: name, firstOffset: first, changes: changes, yearly: yearly)
    }

    private static func block(
        _ header: Header, width: Int, _ reader: inout Reader
    ) -> (first: Int, changes: [TimeZoneRules.Change])? {
        // All numbers are bounded by the file's length.
        guard header.length(width: width) <= reader.left, header.types > 0 else { return nil }
        var times: [Int] = []
        for _ in 0..<header.times {
            guard let time = reader.integer(width) else { return nil }
            times.append(time)
        }
        var indices: [Int] = []
        for _ in 0..<header.times {
            guard let index = reader.integer(1), index & 0xFF < header.types else { return nil }
            indices.append(index & 0xFF)
        }
        var offsets: [Int] = []
        for _ in 0..<header.types {
            guard let offset = reader.integer(4), abs(offset) <= 26 * 3600, reader.skip(2) else { return nil }
            offsets.append(offset)
        }
        guard reader.skip(header.names + header.leaps * (width + 4) + header.standards + header.universals),
            zip(times, times.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        return (offsets[0], zip(times, indices).map { TimeZoneRules.Change(time: $0, offset: offsets[$1]) })
    }

    private struct Header {
        let version: UInt8
        let universals, standards, leaps, times, types, names: Int

        init?(_ reader: inout Reader) {
            guard reader.left >= 44, reader.bytes[reader.index...].starts(with: "TZif".utf8) else { return nil }
            version = reader.bytes[reader.index + 4]
            guard reader.skip(20) else { return nil }
            let counts = (0..<6).compactMap { _ in reader.integer(4) }
            guard counts.count == 6, counts.allSatisfy({ (0...TimeZoneFile.longest).contains($0) }) else { return nil }
            (universals, standards, leaps) = (counts[0], counts[1], counts[2])
            (times, types, names) = (counts[3], counts[4], counts[5])
        }

        /// The bytes of the block that follows.
        func length(width: Int) -> Int {
            times * (width + 1) + types * 6 + names + leaps * (width + 4) + standards + universals
        }
    }

    private struct Reader {
        let bytes: [UInt8]
        var index = 0

        var left: Int { bytes.count - index }

        mutating func skip(_ count: Int) -> Bool {
            guard count <= left else { return false }
            index += count
            return true
        }

        /// A signed number, the greatest byte first.
        mutating func integer(_ width: Int) -> Int? {
            guard width <= left else { return nil }
            var value = Int(Int8(bitPattern: bytes[index]))
            for byte in bytes[(index + 1)..<(index + width)] { value = value << 8 | Int(byte) }
            index += width
            return value
        }
    }
}
