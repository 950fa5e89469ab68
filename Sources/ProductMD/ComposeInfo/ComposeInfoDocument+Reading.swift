extension ComposeInfoDocument {
    /// The compose of a composeinfo.json (or composeinfo-base.json) of any version that productmd reads.
    ///
    /// Release and variants are not looked at: a compose is told by its id, date, type, respin and label.
    ///
    /// - Throws: ``MetadataFailure`` that names the document and the member that is missing or of a wrong kind.
    package static func readCompose(_ bytes: [UInt8], name: String) throws(MetadataFailure) -> Compose {
        let document = try JSONReader.read(bytes, name: name)
        let reader = try MetadataReader(document, name: name)
        let version = try reader.version(expecting: "productmd.composeinfo")
        let payload = try reader.member("payload", of: document, "payload")
        let fields = try reader.compose(try reader.member("compose", of: payload, "payload.compose"), version)
        guard let type = ComposeType(rawValue: fields.type) else {
            throw MetadataFailure("\(name): payload.compose.type '\(fields.type)' is no type of compose")
        }
        return Compose(
            id: fields.id, date: fields.date, type: type, respin: fields.respin, label: fields.label,
            isFinal: fields.isFinal)
    }
}
