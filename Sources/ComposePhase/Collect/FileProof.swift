/// Holds what came against what the hub recorded.
enum FileProof {
    /// - Parameters:
    ///   - size: bytes that came.
    ///   - digests: hexadecimal by kind; the hub's kind is among them.
    /// - Throws: ``FetchFailure/wrongBytes(_:)`` in a sentence that names file, what came and what was recorded.
    static func check(
        _ size: Int, _ digests: [String: String], against file: WantedFile
    ) throws(FetchFailure) {
        if let expected = file.size, expected != size {
            throw .wrongBytes(
                size > expected
                    ? "\(file.name) has more than the \(expected) bytes that the hub recorded"
                    : "\(file.name) has \(size) bytes, but the hub recorded \(expected)")
        }
        guard size <= file.limit else {
            throw .wrongBytes("\(file.name) is larger than the limit of \(file.limit) bytes")
        }
        guard size > 0 else { throw .wrongBytes("\(file.name) is empty") }
        guard let expected = file.digest else { return }
        guard let digest = digests[expected.kind] else {
            throw .final(
                TaskFailure(
                    kind: .notCollected,
                    message: "\(file.name) cannot be verified: the hub recorded a \(expected.kind) digest, which"
                        + " libcrypto does not make here"))
        }
        guard digest == expected.text.lowercased() else {
            throw .wrongBytes(
                "the \(expected.kind) of \(file.name) is \(digest), but the hub recorded \(expected.text)")
        }
    }
}
