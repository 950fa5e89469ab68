/// One file of a task's output.
package struct OutputFile: Sendable, Hashable {
    package let name: String
    /// Bytes.
    package let size: Int
}
