/// Comments mean nothing to kobo; a few of them mean something to us.
extension FileParser {
    /// Remembers what a comment says is not to be complained about.
    func noteSilence(_ comment: Token) {
        let mark = Silence.mark.utf8
        guard source.bytes[comment.start..<comment.end].starts(with: mark) else { return }
        let before = source.bytes[comment.lineStart..<comment.start]
        let isAlone = before.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let text = source.text(of: comment)
        guard let silence = Silence(comment: text, isAlone: isAlone, at: source.location(of: comment)) else {
            findings.add(
                diagnostic(
                    .warning, "config.silence", "this comment silences nothing", at: source.location(of: comment),
                    lineStart: comment.lineStart,
                    fix: "write `# phase-runner: ignore CODE` or `# phase-runner: ignore-file CODE`"))
            return
        }
        findings.silences.append(silence)
    }
}
