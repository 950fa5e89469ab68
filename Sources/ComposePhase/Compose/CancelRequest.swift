import Glibc
import ProductMD

/// `work/phase-runner/cancel`: somebody on this host or another wants the run of a compose canceled. The process that
/// works on it looks for the file; a file reaches it over any file system, where a signal would not.
package enum CancelRequest {
    /// Asks for it.
    ///
    /// - Parameter by: who asks, e.g. `kevin on compose01`.
    package static func put(in layout: ComposeLayout, by: String, at instant: Instant) throws(AtomicFile.Failure) {
        let text = JSONWriter.pretty(["by": .string(by), "time": .double(instant.seconds)])
        try AtomicFile.write(text, to: layout.path(ComposeLayout.cancel))
    }

    /// Who asked for it; nil if nobody did.
    package static func by(in layout: ComposeLayout) -> String? {
        let path = layout.path(ComposeLayout.cancel)
        guard let bytes = (try? AtomicFile.read(path, limit: 1 << 16)) ?? nil else { return nil }
        return (try? JSONReader.read(bytes, name: path))?["by"]?.string ?? "an unreadable request"
    }

    /// What was asked of an earlier process is done with.
    package static func clear(in layout: ComposeLayout) { unlink(layout.path(ComposeLayout.cancel)) }
}
