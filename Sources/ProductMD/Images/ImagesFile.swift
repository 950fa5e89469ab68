/// `images.json` as it stands on disk, to be changed image by image.
///
/// Entries that are there already are other phases': they are kept as they stand, with members that nobody knows, and
/// only spoken about (``warnings``). What is added is ours and held to every check. Each entry is kept as the bytes that
/// are written for it, beside an index of what tells images apart, so that one image more costs little among thousands.
package struct ImagesFile: Sendable {
    /// What a phase wants changed, all of it or nothing.
    package struct Change: Sendable {
        /// An image and where it is filed.
        package struct Filed: Sendable {
            package var record: ImageRecord
            package var variant: String
            package var arch: String

            package init(_ record: ImageRecord, variant: String, arch: String) {
                self.record = record
                self.variant = variant
                self.arch = arch
            }
        }

        /// Images that are filed. An entry of the same path at the same place gives way.
        package var added: [Filed]
        /// Entries that go, if they are there.
        package var removed: [(path: String, variant: String, arch: String)]

        package init(added: [Filed], removed: [(path: String, variant: String, arch: String)] = []) {
            self.added = added
            self.removed = removed
        }
    }

    struct Place: Hashable, Comparable {
        var variant: String
        var arch: String

        static func < (left: Place, right: Place) -> Bool {
            left.variant == right.variant
                ? left.arch.precedesByCodePoints(right.arch) : left.variant.precedesByCodePoints(right.variant)
        }
    }

    struct Entry {
        var path: String
        /// As it stands inside the document.
        var bytes: [UInt8]
        /// Nil for an entry that makes no image.
        var identity: ImageIdentity?
    }

    /// The compose's id in the document.
    package let composeID: String
    private let compose: JSONValue
    /// What productmd or our stricter checks would say of the entries that were read: each names its entry and field.
    package private(set) var warnings: [String] = []
    /// In the order of the document.
    private var entries: [Place: [Entry]] = [:]
    /// Where entries of a path stand.
    private var places: [String: [Place]] = [:]
    /// The paths of an identity, one for each entry.
    private var owners: [ImageIdentity: [String]] = [:]

    /// A document without images.
    ///
    /// - Throws: what is wrong with the compose.
    package init(compose: ImagesManifest.Compose) throws(MetadataFailure) {
        guard compose.problems.isEmpty else { throw MetadataFailure(problems: compose.problems) }
        composeID = compose.id
        self.compose = compose.json
    }

    init(composeID: String, compose: JSONValue, entries: [Place: [Entry]], warnings: [String]) {
        self.composeID = composeID
        self.compose = compose
        self.warnings = warnings
        for (place, list) in entries.sorted(by: { $0.key < $1.key }) where !list.isEmpty {
            self.entries[place] = list.sorted { $0.path.precedesByCodePoints($1.path) }
            for entry in list { note(entry, at: place) }
        }
    }

    // MARK: Changing

    /// Makes a change, or leaves everything as it is.
    ///
    /// - Throws: everything about the added images that a reader would refuse or be misled by.
    package mutating func apply(_ change: Change) throws(MetadataFailure) {
        var gone: [(Place, Entry)] = []
        var made: [(Place, String)] = []
        var problems: [String] = []
        for (path, variant, arch) in change.removed {
            let place = Place(variant: variant, arch: arch)
            gone += take(path, from: place).map { (place, $0) }
        }
        for filed in change.added {
            let place = Place(variant: filed.variant, arch: filed.arch)
            gone += take(filed.record.path, from: place).map { (place, $0) }
        }
        for filed in change.added {
            let place = Place(variant: filed.variant, arch: filed.arch)
            let entry = Self.entry(of: filed.record)
            problems += complaints(of: filed.record, entry, at: place)
            insert(entry, at: place)
            made.append((place, entry.path))
        }
        guard !problems.isEmpty else { return }
        for (place, path) in made { _ = take(path, from: place) }
        for (place, entry) in gone { insert(entry, at: place) }
        throw MetadataFailure(problems: problems)
    }

    /// Held against what is there already, before it is.
    private func complaints(of record: ImageRecord, _ entry: Entry, at place: Place) -> [String] {
        var problems = record.problems
        if let problem = ImagesManifest.filingProblem(of: record.path, variant: place.variant, arch: place.arch) {
            problems.append(problem)
        }
        // A source image may be filed under several binary arches: that is one image.
        let others = places[entry.path] ?? []
        let differs = others.contains { other in
            other == place || entries[other]?.contains { $0.path == entry.path && $0.bytes != entry.bytes } == true
        }
        if differs { problems.append(ImagesManifest.doubleProblem(of: record.path)) }
        if let owner = owners[record.identity]?.first(where: { $0 != record.path }) {
            problems.append(ImagesManifest.identityProblem(of: owner, and: record.path, record.identity))
        }
        return problems
    }

    private mutating func insert(_ entry: Entry, at place: Place) {
        let index = entries[place].map { list in
            list.firstIndexInOrder { !$0.path.precedesByCodePoints(entry.path) && $0.path != entry.path }
        }
        entries[place, default: []].insert(entry, at: index ?? 0)
        note(entry, at: place)
    }

    private mutating func note(_ entry: Entry, at place: Place) {
        places[entry.path, default: []].append(place)
        if let identity = entry.identity { owners[identity, default: []].append(entry.path) }
    }

    /// All entries of a path at a place, taken out.
    private mutating func take(_ path: String, from place: Place) -> [Entry] {
        guard places[path]?.contains(place) == true, let list = entries[place] else { return [] }
        let taken = list.filter { $0.path == path }
        entries[place]?.removeAll { $0.path == path }
        if entries[place]?.isEmpty == true { entries[place] = nil }
        places[path]?.removeAll { $0 == place }
        if places[path]?.isEmpty == true { places[path] = nil }
        for entry in taken {
            guard let identity = entry.identity, let index = owners[identity]?.firstIndex(of: path) else { continue }
            owners[identity]?.remove(at: index)
            if owners[identity]?.isEmpty == true { owners[identity] = nil }
        }
        return taken
    }

    // MARK: Writing

    /// Where an entry stands in the document: spaces before its lines.
    static let depth = 20

    private static func entry(of record: ImageRecord) -> Entry {
        Entry(
            path: record.path, bytes: JSONWriter.pretty(record.json, inside: depth), identity: record.identity)
    }

    /// The document as productmd 1.51 lays it out.
    package func encoded() -> [UInt8] {
        let frame = JSONWriter.pretty(
            .object([
                "header": .object(["type": "productmd.images", "version": "1.2"]),
                "payload": .object(["compose": compose, "images": .object([:])]),
            ]))
        // The images are the last of the payload.
        let tail = Array("{}\n    }\n}".utf8)
        var out: [UInt8] = []
        out.reserveCapacity(entries.values.reduce(frame.count) { $0 + $1.reduce(200) { $0 + $1.bytes.count + 30 } })
        out += frame.dropLast(tail.count)
        var variant: String?
        for place in entries.keys.sorted() {
            if place.variant != variant {
                out += (variant == nil ? "{\n            " : "\n            },\n            ").utf8
                out += JSONWriter.pretty(.string(place.variant), inside: 0)
                out += ": {\n                ".utf8
                variant = place.variant
            } else {
                out += ",\n                ".utf8
            }
            out += JSONWriter.pretty(.string(place.arch), inside: 0)
            out += ": [".utf8
            for (index, entry) in (entries[place] ?? []).enumerated() {
                out += (index == 0 ? "\n                    " : ",\n                    ").utf8
                out += entry.bytes
            }
            out += "\n                ]".utf8
        }
        out += (variant == nil ? "{}" : "\n            }\n        }").utf8
        out += tail.dropFirst(2)
        return out
    }
}

extension String {
    /// Python's order of texts.
    func precedesByCodePoints(_ other: String) -> Bool {
        // Bytes of UTF-8 sort as their code points do.
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}

extension [ImagesFile.Entry] {
    /// The first place where a condition holds that holds from there on; the end if it never does.
    fileprivate func firstIndexInOrder(where isAfter: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
