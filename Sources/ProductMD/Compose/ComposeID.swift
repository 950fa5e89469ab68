/// Ids of composes, made and taken apart as productmd does.
package enum ComposeID {
    /// `SHORT-VERSION[-TYPE][-BASE-VERSION[-TYPE]]-DATE[SUFFIX].RESPIN`; a release type `ga` is left out.
    package static func make(
        short: String, version: String, releaseType: String,
        baseProduct: (short: String, version: String, type: String)?, date: String, type: ComposeType, respin: Int
    ) -> String {
        var id = "\(short)-\(version)\(suffix(releaseType))"
        if let baseProduct { id += "-\(baseProduct.short)-\(baseProduct.version)\(suffix(baseProduct.type))" }
        return id + "-\(date)\(type.suffix).\(respin)"
    }

    private static func suffix(_ releaseType: String) -> String {
        let type = releaseType.lowercased()
        return type.isEmpty || type == "ga" ? "" : "-\(type)"
    }

    /// Date, type and respin of an id; nil where the id does not tell. The last eight digits in a row are the date.
    package static func parts(of id: String) -> (date: String?, type: ComposeType?, respin: Int) {
        let scalars = Array(id.utf8)
        func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
        guard
            let start = stride(from: scalars.count - 8, through: 0, by: -1).first(where: {
                scalars[$0..<$0 + 8].allSatisfy(isDigit)
            })
        else { return (nil, nil, 0) }
        let date = String(decoding: scalars[start..<start + 8], as: UTF8.self)
        var rest = scalars[(start + 8)...]
        var type: ComposeType? = .production
        if rest.first == UInt8(ascii: ".") {
            let word = rest.dropFirst().prefix { (97...122).contains($0) }
            if !word.isEmpty {
                type = ComposeType.ofSuffix(Substring(decoding: word, as: UTF8.self))
                rest = rest.dropFirst(1 + word.count)
            }
        }
        var respin = 0
        if rest.first == UInt8(ascii: ".") {
            respin = Int(String(decoding: rest.dropFirst().prefix(while: isDigit), as: UTF8.self)) ?? 0
        }
        return (date, type, respin)
    }
}
