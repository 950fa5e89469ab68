/// A whole number of any size, as Python's `int`.
package struct ConfigInteger: Sendable, Hashable, CustomStringConvertible {
    /// The number when it fits the machine, else its decimal text. One number has one form only.
    private enum Storage: Sendable, Hashable {
        case small(Int)
        case large(String)
    }

    private let storage: Storage

    package init(_ value: Int) { storage = .small(value) }

    /// Reads decimal digits with an optional `-` before them; leading zeros are dropped.
    ///
    /// Gives nil for anything else.
    package init?(decimal text: some StringProtocol) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let digits = isNegative ? text.utf8.dropFirst() : text.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        if let value = Int(text) {
            storage = .small(value)
        } else {
            let significant = String(decoding: digits.drop { $0 == UInt8(ascii: "0") }, as: UTF8.self)
            storage = .large((isNegative ? "-" : "") + significant)
        }
    }

    /// The number when it fits 64 bits.
    package var int: Int? {
        if case .small(let value) = storage { value } else { nil }
    }

    /// The number's decimal digits, `-` before them when it is negative.
    package var text: String {
        switch storage {
        case .small(let value): String(value)
        case .large(let text): text
        }
    }

    package var description: String { text }

    /// Whether the number is below zero.
    package var isNegative: Bool {
        switch storage {
        case .small(let value): value < 0
        case .large(let text): text.utf8.first == UInt8(ascii: "-")
        }
    }

    /// The number with the other sign.
    package var negated: ConfigInteger {
        if case .small(let value) = storage, value != .min { return ConfigInteger(-value) }
        let digits = text
        let other = isNegative ? String(digits.dropFirst()) : "-" + digits
        return ConfigInteger(decimal: other) ?? self
    }
}
