/// What productmd checks of the compose in every metadata document.
enum ComposeProblems {
    static func of(id: String, date: String, type: String, label: String?) -> [String] {
        var problems: [String] = []
        if ComposeID.parts(of: id).date == nil {
            problems.append("compose id '\(id)' holds no date; an id is SHORT-VERSION-YYYYMMDD[.SUFFIX].RESPIN")
        }
        if date.utf8.count != 8 || !date.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) {
            problems.append("compose date '\(date)' is not YYYYMMDD")
        }
        if ComposeType(rawValue: type) == nil {
            let types = ComposeType.allCases.map(\.rawValue).joined(separator: ", ")
            problems.append("compose type '\(type)' is not one of \(types)")
        }
        if let label, (try? ComposeLabel(label)) == nil {
            let names = ComposeLabel.names.joined(separator: ", ")
            problems.append("compose label '\(label)' is not NAME-N.N with NAME one of \(names)")
        }
        return problems
    }
}

extension ImagesManifest.Compose {
    var problems: [String] { ComposeProblems.of(id: id, date: date, type: type, label: label) }
}
