/// One file of a task's output.
package struct OutputFile: Sendable, Hashable {
    package let name: String
    /// Bytes.
    package let size: Int
}

/// One file of a task's output, with the volume that it lies on.
package struct VolumeFile: Sendable, Hashable {
    package let name: String
    /// Bytes.
    package let size: Int
    /// `DEFAULT`, or another one's name.
    package let volume: String
}
