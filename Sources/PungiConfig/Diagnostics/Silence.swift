/// A comment that says which complaints are known and not wanted: `# phase-runner: ignore CODE[, CODE]`.
///
/// At the end of a line it is about that line; alone on a line, about the next one. `ignore-file` is about the whole
/// file.
package struct Silence: Sendable, Hashable {
    package enum Scope: Sendable, Hashable {
        case line(Int)
        case file
    }

    package var codes: [String]
    package var scope: Scope
    /// Where the comment stands.
    package var location: SourceLocation

    /// What a comment begins with.
    static let mark = "# phase-runner:"

    package init(codes: [String], scope: Scope, location: SourceLocation) {
        self.codes = codes
        self.scope = scope
        self.location = location
    }

    /// Reads a comment that begins with ``mark``; nil where it asks for nothing that is known.
    ///
    /// - Parameter isAlone: whether nothing stands before it on its line.
    init?(comment: String, isAlone: Bool, at location: SourceLocation) {
        let words = comment.dropFirst(Self.mark.count).split { $0 == " " || $0 == "," || $0 == "\t" }.map(String.init)
        let codes = Array(words.dropFirst())
        switch words.first {
        case "ignore" where !codes.isEmpty:
            self.init(codes: codes, scope: .line(location.line + (isAlone ? 1 : 0)), location: location)
        case "ignore-file" where !codes.isEmpty: self.init(codes: codes, scope: .file, location: location)
        default: return nil
        }
    }

    /// Whether the comment is about this complaint.
    func covers(_ diagnostic: Diagnostic) -> Bool {
        guard codes.contains(diagnostic.code), let place = diagnostic.location, place.file == location.file else {
            return false
        }
        return switch scope {
        case .file: true
        case .line(let line): place.line == line
        }
    }
}

/// All that is not to be complained about: comments in the config, and codes of the command line.
package struct Silences: Sendable {
    package var comments: [Silence]
    package var codes: Set<String>

    package init(comments: [Silence], codes: Set<String> = []) {
        self.comments = comments
        self.codes = codes
    }

    /// The complaints that stay, and those that are silenced.
    ///
    /// What keeps Pungi from reading a configuration cannot be silenced: the night would not be silent about it.
    package func apply(to diagnostics: [Diagnostic]) -> (kept: [Diagnostic], silenced: [Diagnostic]) {
        var kept: [Diagnostic] = []
        var silenced: [Diagnostic] = []
        for diagnostic in diagnostics {
            let isSilenced =
                Self.mayBeSilenced(diagnostic)
                && (codes.contains(diagnostic.code) || comments.contains { $0.covers(diagnostic) })
            if isSilenced { silenced.append(diagnostic) } else { kept.append(diagnostic) }
        }
        return (kept, silenced)
    }

    /// Whether a complaint is one of ours alone.
    package static func mayBeSilenced(_ diagnostic: Diagnostic) -> Bool {
        guard diagnostic.severity == .error else { return true }
        let isPungis = diagnostic.code.hasPrefix("config.") || diagnostic.code.hasPrefix("variants.")
        return !isPungis || diagnostic.code == "config.not-in-pungi"
    }
}
