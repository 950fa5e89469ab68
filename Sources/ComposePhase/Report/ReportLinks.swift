/// Ways from a report to the files of its compose.
package struct ReportLinks: Sendable {
    /// The compose directory.
    private let top: String
    /// The directory in which the report will lie, absolute; nil where that is not known.
    private let page: String?

    package init(compose top: String, page: String?) {
        self.top = top
        self.page = page
    }

    /// The address of a file below the compose directory, as a link has it: relative where the report lies near, so that
    /// a compose that is moved or served keeps its links.
    package func address(of place: String) -> String {
        let path = "\(top)/\(place)"
        guard let page else { return "file://" + Self.encoded(path) }
        let relative = PlanPath.relative(path, to: page)
        return relative.hasPrefix("/") ? "file://" + Self.encoded(path) : Self.encoded(relative)
    }

    /// Percent-encoded, but for what separates a path. A colon in a first part would be taken for a scheme.
    private static func encoded(_ path: String) -> String {
        var encoded = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return encoded
    }
}
