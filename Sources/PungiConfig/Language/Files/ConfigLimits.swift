/// How much of everything a configuration may have. Real ones stay far below all of it.
package struct ConfigLimits: Sendable {
    /// Bytes of one file.
    package var fileBytes = 64 << 20
    /// Bytes of all files together.
    package var totalBytes = 256 << 20
    /// Files read, counting a file as often as it is imported.
    package var files = 10_000
    /// Files that import one another in a chain. kobo itself stops at 248.
    package var importDepth = 250
    /// Brackets, and strings that wait for what they format, inside each other; also through variables.
    ///
    /// kobo itself stops at 495 brackets. It must stay small enough for a thread with a stack of 512 KiB.
    package var depth = 500
    /// Bytes of everything written out in full, what is used twice counted twice.
    package var expandedBytes = 256 << 20
    /// Bytes of a path of an import.
    package var pathBytes = 4096
    /// Errors after which reading stops, and warnings after which none are kept.
    package var findings = 100

    package static let standard = ConfigLimits()
}
