import ProductMD

/// What `events.jsonl` needs when a run is taken up, so that whoever reads all of it gets the true state.
///
/// The journal is written first, so a crash can take the last lines of the file, and half of one more. Where only the
/// end is missing, it is added. Where the file has gaps (its disk was full), or tells what the journal does not know, a
/// line `rewritten` says that all before it is void, and everything comes again.
struct EventRepair {
    private let isTorn: Bool
    private let isVoid: Bool
    private let missing: ArraySlice<JournalEntry>

    /// - Throws: ``AtomicFile/Failure`` when the file is there and cannot be read.
    init(of path: String, journalled: [JournalEntry]) throws(AtomicFile.Failure) {
        // A file that large cannot be compared; it is written anew, which is right whatever it says.
        var known = 0
        var isVoid = false
        guard let bytes = try AtomicFile.read(path, limit: 1 << 30) else {
            (isTorn, self.isVoid, missing) = (false, false, journalled[...])
            return
        }
        var splitter = LineSplitter()
        // A last line that lacks nothing but its end will be a line like the others.
        for line in splitter.lines(adding: bytes) + [splitter.rest] {
            guard let entry = Self.durable(line) else { continue }
            if entry == .rewritten {
                known = 0
                isVoid = false
            } else if !isVoid, known < journalled.count, entry == .event(journalled[known]) {
                known += 1
            } else {
                isVoid = true
            }
        }
        isTorn = splitter.hasRest
        self.isVoid = isVoid
        missing = isVoid ? journalled[...] : journalled[known...]
    }

    private enum Line: Equatable {
        case event(JournalEntry)
        case rewritten
    }

    /// What a line says that matters for the state; nil for one that is torn, or is not from the journal.
    private static func durable(_ line: [UInt8]?) -> Line? {
        guard let line, let value = try? JSONReader.read(line, name: "events.jsonl") else { return nil }
        if value["event"]?.string == "rewritten" { return .rewritten }
        guard let entry = (try? EventRecord.read(value)) ?? nil, entry.event.isDurable else { return nil }
        return .event(entry)
    }

    /// What is to be added to the file.
    func lines(at instant: Instant) -> [UInt8] {
        // A torn line gets its end first, so that what follows is a line of its own.
        var lines: [UInt8] = isTorn ? [UInt8(ascii: "\n")] : []
        if isVoid { lines += JSONWriter.line(["event": "rewritten", "time": .double(instant.seconds)]) }
        for entry in missing { lines += JSONWriter.line(EventRecord.json(entry)) }
        return lines
    }
}
