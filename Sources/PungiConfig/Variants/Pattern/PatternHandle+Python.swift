extension PatternHandle {
    private static var lengthLimit: Int { 4000 }

    /// Compiles a pattern as Python writes it.
    ///
    /// - Parameters:
    ///   - pattern: at most 4,000 characters.
    ///   - anchored: whether a match must begin at the start of the text, as with `re.match`.
    ///   - matchLimit: how often a match may branch.
    convenience init(pattern: String, anchored: Bool, matchLimit: UInt32) throws(PatternFailure) {
        guard pattern.unicodeScalars.count <= Self.lengthLimit else {
            throw PatternFailure(
                pattern: pattern, position: nil, reason: "the pattern has more than \(Self.lengthLimit) characters")
        }
        let (syntax, flags) = try PatternParser.parse(pattern)
        do {
            let text = try PatternTranslation.text(of: syntax, flags: flags)
            try self.init(text, anchored: anchored, matchLimit: matchLimit)
        } catch let failure as PatternTranslation.PatternObstacle {
            throw PatternFailure(pattern: pattern, position: nil, reason: failure.reason)
        } catch let failure as CompileFailure {
            throw PatternFailure(pattern: pattern, position: nil, reason: "not supported by PCRE2: \(failure.reason)")
        } catch {
            throw PatternFailure(pattern: pattern, position: nil, reason: "\(error)")
        }
    }
}
