import ComposePhase
import Glibc
internal import GRDB

/// SQLite's words on a journal, as a person at night needs them.
enum JournalTrouble {
    static func failure(_ error: DatabaseError, _ path: String) -> JournalFailure {
        let reason = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL:
            return JournalFailure(
                kind: .full,
                "the journal \(path) cannot be written: No space left on device; make room, then go on with:"
                    + " phase-runner resume")
        case .SQLITE_READONLY:
            return JournalFailure(
                kind: .readOnly, "the journal \(path) cannot be written: Read-only file system or file (\(reason))")
        case .SQLITE_CANTOPEN where isReadOnly(path):
            return JournalFailure(
                kind: .readOnly, "the journal \(path) cannot be written: Read-only file system")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return JournalFailure(kind: .inUse, "the journal \(path) is in use by another process")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return damaged(path, reason)
        case .SQLITE_ERROR where reason.hasPrefix("no such table"): return damaged(path, reason)
        default:
            return JournalFailure(kind: .other, "the journal \(path) cannot be worked with: \(reason)")
        }
    }

    static func failure(system code: Int32, _ operation: String, _ path: String) -> JournalFailure {
        let kind: JournalFailure.Kind =
            switch code {
            case ENOSPC, EDQUOT: .full
            case EROFS, EACCES, EPERM: .readOnly
            default: .other
            }
        return JournalFailure(
            kind: kind, AtomicFile.Failure(path: path, operation: operation, code: code).description)
    }

    static func damaged(_ path: String, _ reason: String) -> JournalFailure {
        JournalFailure(
            kind: .damaged,
            "the journal \(path) is damaged: \(reason); what is on the hub can be taken over by its numbers in"
                + " logs/global/koji-tasks: phase-runner adopt COMPOSE_DIR")
    }

    private static func isReadOnly(_ path: String) -> Bool {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        return access(directory.isEmpty ? "/" : directory, W_OK) != 0 && errno == EROFS
    }
}
