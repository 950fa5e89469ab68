/// A ticket cache of type FILE, looked at as bytes.
enum TicketCache {
    /// The same cache with tickets that were good for a day of January 2020.
    ///
    /// Each ticket has four times of four bytes, big end first: when it was got, from when and until when it is good, and
    /// until when it may be renewed.
    static func late(_ cache: [UInt8]) throws -> [UInt8] {
        var cache = cache
        var count = 0
        func word(_ place: Int) -> Int { cache[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        for place in 0..<max(0, cache.count - 16) {
            let (got, from, until) = (word(place), word(place + 4), word(place + 8))
            // A time after 2020 twice, and one that is later by at most a week: there is nothing else like it.
            guard got > 1_577_836_800, from == got, until > from, until - from <= 7 * 86_400 else { continue }
            for (index, time) in [1_577_836_800, 1_577_836_800, 1_577_923_200].enumerated() {
                for byte in 0..<4 {
                    cache[place + index * 4 + byte] = UInt8(truncatingIfNeeded: time >> (24 - byte * 8))
                }
            }
            count += 1
        }
        guard count > 0 else { throw PartFailure("found no times in the ticket cache") }
        return cache
    }
}
