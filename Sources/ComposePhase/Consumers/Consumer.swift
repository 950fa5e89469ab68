/// Who reads a compose when it is done, and relies on it.
package enum Consumer: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Whatever loads the metadata by productmd.
    case productmd
    /// fedfind, by which tests and websites find composes and images.
    case fedfind
    /// fedora_openqa, which decides by the metadata what is tested.
    case openqa
    /// Fedora's websites, which link images and checksum files.
    case website
    /// Mirrors, which copy the tree by rsync and serve it.
    case mirror

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
