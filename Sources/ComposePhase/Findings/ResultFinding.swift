package import ProductMD

/// Something about what a task made that nobody may miss.
package struct ResultFinding: Sendable, Hashable, Error {
    /// The names are those of settings and documents.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// A file that is neither an image of a known format nor one that builders leave beside images.
        case unknownOutput = "unknown_output"
        /// The planned image type makes a kind of file that is not there.
        case fewerFiles = "fewer_files"
        /// The size is far from that in the previous compose.
        case sizeDrift = "size_drift"
        /// The size is above the limit of the settings.
        case sizeLimit = "size_limit"
    }

    package var code: Code
    package var arch: String
    /// The file's name, or what is missing.
    package var file: String
    /// What is there, what was expected, and what it was expected by.
    package var message: String

    package init(code: Code, arch: String, file: String, message: String) {
        self.code = code
        self.arch = arch
        self.file = file
        self.message = message
    }

    /// As events and documents hold it.
    package var json: JSONValue {
        .object([
            "code": .string(code.rawValue), "arch": .string(arch), "file": .string(file), "message": .string(message),
        ])
    }

    /// Reads ``json`` again; nil for what is none.
    package init?(json: JSONValue) {
        guard let code = json["code"]?.string.flatMap(Code.init), let arch = json["arch"]?.string,
            let file = json["file"]?.string, let message = json["message"]?.string
        else { return nil }
        self.init(code: code, arch: arch, file: file, message: message)
    }
}
