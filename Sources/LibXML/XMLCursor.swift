/// Turns places in the bytes of a document into lines and columns, going on from the last one.
struct XMLCursor {
    private var place = 0
    private var line = 1
    private var column = 1

    mutating func location(at target: Int, in bytes: [UInt8]) -> XMLLocation {
        if target < place { self = XMLCursor() }
        // A byte order mark is no character of the document.
        if place == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
        while place < target {
            let byte = bytes[place]
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
            place += 1
        }
        return XMLLocation(line: line, column: column)
    }
}
