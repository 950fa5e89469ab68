/// Finds back to the bytes on the disk: the tokeniser sees `\n` where the file has `\r\n`.
struct DiskOffsets {
    /// Offsets behind which the file has one byte more than the tokeniser sees, in order.
    private let longer: [Int]

    init(of bytes: [UInt8]) {
        var longer: [Int] = []
        for index in bytes.indices.dropLast()
        where bytes[index] == UInt8(ascii: "\r") && bytes[index + 1] == UInt8(ascii: "\n") {
            longer.append(index - longer.count)
        }
        self.longer = longer
    }

    /// The offset on the disk of what the tokeniser sees at `offset`.
    func onDisk(_ offset: Int) -> Int {
        var low = 0
        var high = longer.count
        while low < high {
            let middle = (low + high) / 2
            if longer[middle] < offset { low = middle + 1 } else { high = middle }
        }
        return offset + low
    }
}
