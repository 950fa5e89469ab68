/// The number of a Koji task. Written as a plain number wherever it is stored.
package struct TaskID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    package let number: Int

    package init(_ number: Int) {
        self.number = number
    }

    package init(from decoder: any Decoder) throws {
        number = try decoder.singleValueContainer().decode(Int.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }

    package static func < (left: TaskID, right: TaskID) -> Bool { left.number < right.number }

    package var description: String { String(number) }
}
