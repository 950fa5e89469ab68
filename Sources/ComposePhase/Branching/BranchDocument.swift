package import ProductMD
import PungiConfig

/// A proposal as a document: what `branch --format json` prints.
package enum BranchDocument {
    /// - Parameters:
    ///   - patch: all files' changes, as `patch -p1` reads them.
    ///   - isWritten: whether the files are changed already.
    package static func encode(
        _ proposal: BranchProposal, _ request: BranchRequest, patch: String, isWritten: Bool
    ) -> JSONValue {
        let changes = proposal.changes.map { change in
            place(change.location).merging([
                "options": .array(change.options.map { .string($0) }),
                "old": HiddenValue.shown(.string(change.old)), "new": HiddenValue.shown(.string(change.new)),
                "reason": .string(change.reason),
            ]) { $1 }
        }
        let notes = proposal.notes.map { note in
            place(note.location).merging([
                "option": .string(note.option),
                "text": HiddenValue.shown(.string(note.text)), "reason": .string(note.reason),
            ]) { $1 }
        }
        return .object([
            "header": .object(["type": "phase-runner.branch", "version": "1.0"]),
            "payload": .object([
                "from": .string(request.from.word), "to": .string(request.to.word),
                "changes": .array(changes.map { .object($0) }), "notes": .array(notes.map { .object($0) }),
                "patch": .string(patch), "written": .bool(isWritten),
            ]),
        ])
    }

    private static func place(_ location: SourceLocation) -> [String: JSONValue] {
        [
            "file": .string(location.file), "line": .int(location.line), "column": .int(location.column),
        ]
    }
}

extension BranchProposal.Change {
    /// One line for a person; users and passwords in URLs are left out.
    package var line: String {
        let texts = [old, new].map { HiddenValue.shown(.string($0)).string ?? $0 }
        let more = options.count > 1 ? " and \(options.count - 1) more" : ""
        return "\(location): \(options.first ?? "")\(more): \"\(texts[0])\" -> \"\(texts[1])\": \(reason)"
    }
}

extension BranchProposal.Note {
    /// One line for a person; users and passwords in URLs are left out.
    package var line: String {
        "\(location): note: \(option): \"\(HiddenValue.shown(.string(text)).string ?? text)\" stays: \(reason)"
    }
}
