/// A small repeatable source of numbers (SplitMix64): all that looks random in a rehearsal comes from the seed.
struct SplitMix: Sendable, RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A source of its own for each thing, so that the order in which things are asked for does not matter.
    init(seed: UInt64, _ parts: Int...) {
        var mixed = SplitMix(seed: seed)
        for part in parts { mixed = SplitMix(seed: mixed.next() ^ UInt64(truncatingIfNeeded: part)) }
        self = mixed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A duration of the range, in microseconds.
    mutating func duration(in range: ClosedRange<Duration>) -> Duration {
        let low = range.lowerBound.microseconds
        let span = UInt64(max(0, range.upperBound.microseconds - low))
        return .microseconds(low + Int64(span == 0 ? 0 : next() % (span + 1)))
    }
}

extension Duration {
    fileprivate var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
