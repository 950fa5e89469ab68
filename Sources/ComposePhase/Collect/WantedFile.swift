/// A file of a task's results, with what the hub says of it.
package struct WantedFile: Sendable, Hashable {
    /// A digest as the hub recorded it.
    package struct Digest: Sendable, Hashable {
        /// `md5`, `sha1` or `sha256`.
        package var kind: String
        /// Hexadecimal.
        package var text: String

        package init(kind: String, text: String) {
            self.kind = kind
            self.text = text
        }
    }

    /// Below the hub's topdir or topurl, e.g. `packages/N/V/R/images/FILE`.
    package var path: String
    /// Bytes; nil where the hub does not say.
    package var size: Int?
    /// Nil for a scratch build, of which the hub keeps none.
    package var digest: Digest?
    /// More bytes than this are not taken, whatever comes.
    package var limit: Int

    package init(path: String, size: Int? = nil, digest: Digest? = nil, limit: Int = .max) {
        self.path = path
        self.size = size
        self.digest = digest
        self.limit = limit
    }

    /// The last part of the path.
    package var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Bytes that may come: one that grows on the hub must not fill the disk here.
    var mostBytes: Int { min(size ?? .max, limit) }
}
