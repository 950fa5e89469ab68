/// `images.json`: every image of a compose, by variant and arch.
package struct ImagesManifest: Sendable, Hashable {
    /// The compose as images.json names it: without a label, as Pungi writes it.
    package struct Compose: Sendable, Hashable {
        package var id: String
        /// `YYYYMMDD`
        package var date: String
        /// The words of ``ComposeType``; text, because old documents are read without judging them.
        package var type: String
        package var respin: Int
        package var label: String?
        /// Written with the label only.
        package var isFinal: Bool

        package init(
            id: String, date: String, type: String, respin: Int, label: String? = nil, isFinal: Bool = false
        ) {
            self.id = id
            self.date = date
            self.type = type
            self.respin = respin
            self.label = label
            self.isFinal = isFinal
        }

        var json: JSONValue {
            var members: [String: JSONValue] = [
                "id": .string(id), "date": .string(date), "type": .string(type), "respin": .int(respin),
            ]
            if let label {
                members["label"] = .string(label)
                members["final"] = .bool(isFinal)
            }
            return .object(members)
        }
    }

    /// Which compose the images are of.
    package var compose: Compose
    /// Records by variant uid and arch.
    package private(set) var images: [String: [String: [ImageRecord]]] = [:]
    /// Sources of an old document without a binary arch to file them under. productmd drops them, too, but only good ones.
    var leftOut: [ImageRecord] = []

    package init(compose: Compose) { self.compose = compose }

    /// Files an image under a variant and arch. A record of the same path there gives way: it is the same file, made again.
    package mutating func add(_ record: ImageRecord, variant: String, arch: String) {
        images[variant]?[arch]?.removeAll { $0.path == record.path }
        file(record, variant: variant, arch: arch)
    }

    /// Takes the record of a path out.
    package mutating func remove(path: String, variant: String, arch: String) {
        images[variant]?[arch]?.removeAll { $0.path == path }
        if images[variant]?[arch]?.isEmpty == true { images[variant]?[arch] = nil }
        if images[variant]?.isEmpty == true { images[variant] = nil }
    }

    /// Files an image as it stands in a document that is read: what is there twice stays there twice, to be complained of.
    mutating func file(_ record: ImageRecord, variant: String, arch: String) {
        images[variant, default: [:]][arch, default: []].append(record)
    }

    /// The manifest with `records` filed under a variant and arch; what other phases recorded stays.
    package func merging(_ records: [ImageRecord], for variant: String, arch: String) -> ImagesManifest {
        var merged = self
        for record in records { merged.add(record, variant: variant, arch: arch) }
        return merged
    }

    /// Every image with the place that it is filed under, in the order of the document.
    package var all: [(variant: String, arch: String, image: ImageRecord)] {
        images.sorted { $0.key < $1.key }.flatMap { variant, arches in
            arches.sorted { $0.key < $1.key }.flatMap { arch, records in
                records.sorted { Self.precedes($0.path, $1.path) }.map { (variant, arch, $0) }
            }
        }
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
    }
}

// MARK: - Writing

extension ImagesManifest {
    /// Byte for byte what productmd 1.51 writes for the same images.
    ///
    /// - Throws: everything that a reader would refuse or be misled by.
    package func encoded() throws(MetadataFailure) -> [UInt8] {
        let problems = problems
        guard problems.isEmpty else { throw MetadataFailure(problems: problems) }
        let variants = images.mapValues { arches in
            JSONValue.object(
                arches.mapValues { records in
                    .array(records.sorted { Self.precedes($0.path, $1.path) }.map(\.json))
                })
        }
        return JSONWriter.pretty(
            .object([
                "header": .object(["type": "productmd.images", "version": "1.2"]),
                "payload": .object(["compose": compose.json, "images": .object(variants)]),
            ]))
    }

    /// What must not be written. Two images of one identity are refused even when their checksums are equal or
    /// unknown; productmd looks only at checksums, and then no reader can load what it wrote.
    package var problems: [String] {
        var problems = compose.problems + leftOut.flatMap(\.problems)
        var owners: [ImageIdentity: String] = [:]
        var seen: [String: (image: ImageRecord, places: Set<String>)] = [:]
        for (variant, arch, image) in all {
            if let problem = Self.filingProblem(of: image.path, variant: variant, arch: arch) {
                problems.append(problem)
            }
            // A source image may be filed under several binary arches: that is one image.
            if let first = seen[image.path] {
                if first.image != image || first.places.contains("\(variant) \(arch)") {
                    problems.append(Self.doubleProblem(of: image.path))
                }
                seen[image.path]?.places.insert("\(variant) \(arch)")
                continue
            }
            seen[image.path] = (image, ["\(variant) \(arch)"])
            problems += image.problems
            if let owner = owners.updateValue(image.path, forKey: image.identity) {
                problems.append(Self.identityProblem(of: owner, and: image.path, image.identity))
            }
        }
        return problems
    }

    static func filingProblem(of path: String, variant: String, arch: String) -> String? {
        if ImageVocabulary.arches.contains(arch) { return nil }
        return "image \(path): arch '\(arch)' of variant \(variant) is not one that productmd files images under;"
            + " sources go below binary arches"
    }

    static func doubleProblem(of path: String) -> String {
        "image \(path): the path is recorded twice; one path is one image"
    }

    static func identityProblem(of first: String, and second: String, _ identity: ImageIdentity) -> String {
        "images \(first) and \(second) cannot be told apart by readers: \(identity)"
    }
}
