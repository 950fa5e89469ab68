package import ProductMD

/// `imagebuilder-provenance.json`, read leniently: version 1.0 knows less than 1.1, and what is missing is not known.
package struct ProvenanceDocument: Sendable, Hashable {
    package var compose: String
    package var weburl: String?
    package var isRehearsal: Bool
    /// By path below `compose/`.
    package var images: [String: Entry]
    package var freeze: Freeze?

    /// One image.
    package struct Entry: Sendable, Hashable {
        package var task: Int
        package var archTask: Int
        package var nvr: String
        package var build: Int?
        package var planTask: ImageTaskID
        package var variant: String
        package var subvariant: String
        package var arch: String
        package var type: String
        package var format: String
        package var size: Int
        package var checksums: [String: String]
        package var sideFiles: [SideFile]
        package var origin: BuildOrigin?
    }

    /// What became of a frozen toolchain.
    package struct Freeze: Sendable, Hashable {
        package var file: String
        package var holds: Bool
        package var deviations: [Deviation]
    }

    /// A package that was not the frozen one.
    package struct Deviation: Sendable, Hashable {
        package var image: String
        package var package: String
        package var frozen: String
        package var installed: String
    }

    private static let type = "phase-runner.imagebuilder-provenance"

    /// - Throws: ``MetadataFailure`` for what is no such document.
    package init(_ bytes: [UInt8], name: String) throws(MetadataFailure) {
        let document = try JSONReader.read(bytes, name: name)
        guard document["header"]?["type"]?.string == Self.type else {
            throw MetadataFailure("\(name) is no provenance document: its header's type is not \(Self.type)")
        }
        guard let payload = document["payload"], let listed = payload["images"]?.object else {
            throw MetadataFailure("\(name): payload.images is missing")
        }
        compose = payload["compose"]?["id"]?.string ?? ""
        weburl = payload["weburl"]?.string
        isRehearsal = payload["rehearsal"]?.bool ?? false
        images = [:]
        for (path, entry) in listed { images[path] = Entry(entry, path: path) }
        freeze = payload["freeze"].flatMap(Freeze.init)
    }
}

extension ProvenanceDocument.Entry {
    init(_ json: JSONValue, path: String) {
        // Version 1.0 told variant and arch only by the path: VARIANT/ARCH/images/FILE.
        let places = path.split(separator: "/").map(String.init)
        task = json["task"]?.int ?? 0
        archTask = json["arch_task"]?.int ?? 0
        nvr = json["nvr"]?.string ?? ""
        build = json["build"]?.int
        planTask = ImageTaskID(json["plan_task"]?.string ?? "")
        variant = json["variant"]?.string ?? places.first ?? ""
        subvariant = json["subvariant"]?.string ?? ""
        arch = json["arch"]?.string ?? (places.count > 2 ? places[1] : "")
        type = json["type"]?.string ?? ""
        format = json["format"]?.string ?? ""
        size = json["size"]?.int ?? 0
        checksums = (json["checksums"]?.object ?? [:]).compactMapValues(\.string)
        sideFiles = (json["side_files"]?.array ?? []).compactMap(SideFile.init)
        origin = json["origin"]?.object == nil ? nil : json["origin"].map(BuildOrigin.init)
    }
}

extension ProvenanceDocument.Freeze {
    init?(_ json: JSONValue) {
        guard let file = json["file"]?.string, let holds = json["holds"]?.bool else { return nil }
        self.file = file
        self.holds = holds
        deviations = (json["deviations"]?.array ?? []).map {
            ProvenanceDocument.Deviation(
                image: $0["image"]?.string ?? "", package: $0["package"]?.string ?? "",
                frozen: $0["frozen"]?.string ?? "", installed: $0["installed"]?.string ?? "")
        }
    }
}
