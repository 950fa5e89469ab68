import ComposePhase
import Glibc

/// Writes several files of a configuration, each of them whole or not at all.
enum FileWriter {
    /// Files that cannot be written are found out before the first one is: then nothing is written.
    static func writeAll(_ files: [(path: String, bytes: [UInt8])]) throws {
        for (path, _) in files where access(path, W_OK) != 0 {
            throw VerbFailure(.invalid, "\(path) may not be written; nothing was changed")
        }
        for (path, bytes) in files {
            do {
                try AtomicFile.write(bytes, to: path)
            } catch {
                throw VerbFailure(.invalid, error.description)
            }
            Console.line("written: \(path)")
        }
    }
}
