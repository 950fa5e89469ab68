/// A file that was fetched and proven, ready to be placed in the compose.
package struct HeldFile: Sendable, Hashable {
    package enum Place: Sendable, Hashable {
        /// It lies under the given name beside the compose's other work, and is moved from there.
        case partial(String)
        /// It stays where it is, and the compose gets a symbolic link with an absolute or a relative target.
        case linked(source: String, isRelative: Bool)
    }

    package var place: Place
    /// Bytes.
    package var size: Int
    /// Hexadecimal digests by kind.
    package var digests: [String: String]

    package init(place: Place, size: Int, digests: [String: String]) {
        self.place = place
        self.size = size
        self.digests = digests
    }
}
