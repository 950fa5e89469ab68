/// Something that the state wants done in the file tree or the log. Paths are relative to the top of the tree.
package enum HubEffect: Sendable, Hashable {
    /// One line for the hub's log.
    case log(String)
    /// Write a file with generated content.
    case write(path: String, content: OutputContent)
    /// Write a short file.
    case writeText(path: String, String)
    /// Move a file and leave a symbolic link in its place.
    case moveLeavingLink(from: String, to: String)
    /// Take a file away, if it is there.
    case remove(path: String)
}
