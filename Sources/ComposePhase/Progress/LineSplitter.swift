/// Cuts a file that is still being written into lines: what has no newline yet waits for the rest.
package struct LineSplitter: Sendable {
    /// What has no newline yet.
    package private(set) var rest: [UInt8] = []
    /// A line longer than this is left out: no event of ours is, and a file that is none must not fill the memory.
    private let longest: Int
    private var isSkipping = false

    package init(longest: Int = 64 << 20) { self.longest = longest }

    /// Whether something without a newline is left: a line that is being written, or was torn by a crash.
    package var hasRest: Bool { !rest.isEmpty || isSkipping }

    /// The lines that `bytes` complete, without their newlines; nil stands for one that was too long.
    package mutating func lines(adding bytes: [UInt8]) -> [[UInt8]?] {
        var lines: [[UInt8]?] = []
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if isSkipping {
                lines.append(nil)
                isSkipping = false
            } else {
                lines.append(rest + bytes[start..<end])
            }
            rest = []
            start = end + 1
        }
        if !isSkipping { rest += bytes[start...] }
        if rest.count > longest {
            rest = []
            isSkipping = true
        }
        return lines
    }
}
