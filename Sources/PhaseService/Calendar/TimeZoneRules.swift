/// How the clocks of a time zone go: its offsets from UTC, and when they change.
///
/// Times are whole seconds since 1970; local times too, as if the clock showed UTC.
package struct TimeZoneRules: Sendable, Hashable {
    /// A change of the clocks.
    package struct Change: Sendable, Hashable {
        /// From when it holds.
        package var time: Int
        /// Seconds east of UTC from then on.
        package var offset: Int

        package init(time: Int, offset: Int) {
            self.time = time
            self.offset = offset
        }
    }

    /// What a local time means.
    enum Meaning: Equatable {
        /// Clocks skip it; this is the local time they show next.
        case skipped(until: Int)
        /// Clocks show it at these times, in order: once, or twice when they were put back.
        case instants([Int])
    }

    /// The name, such as `Europe/Prague`.
    package let name: String
    /// Before the first change.
    private let firstOffset: Int
    /// In order of time.
    private let changes: [Change]
    /// For the time behind the last change; nil when the last offset stays.
    private let yearly: YearlyClockRule?

    package static let utc = TimeZoneRules(name: "UTC", firstOffset: 0, changes: [])

    /// Rules by hand, for tests and for zones that never change.
    package init(name: String, firstOffset: Int, changes: [Change]) {
        self.init(name: name, firstOffset: firstOffset, changes: changes, yearly: nil)
    }

    init(name: String, firstOffset: Int, changes: [Change], yearly: YearlyClockRule?) {
        self.name = name
        self.firstOffset = firstOffset
        self.changes = changes
        self.yearly = yearly
    }

    /// Seconds east of UTC at a time.
    package func offset(at time: Int) -> Int {
        guard let last = changes.last else { return yearly?.offset(at: time) ?? firstOffset }
        if time >= last.time, let yearly { return yearly.offset(at: time) }
        let following = firstChange(after: time)
        return following == 0 ? firstOffset : changes[following - 1].offset
    }

    /// The index of the first change after a time.
    private func firstChange(after time: Int) -> Int {
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].time <= time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The longest that a clock may be off UTC, in seconds, with room.
    private static let reach = 30 * 3600

    /// What a local time means.
    func meaning(ofLocal local: Int) -> Meaning {
        let (from, to) = (local - Self.reach, local + Self.reach)
        var pieces = [Change(time: .min, offset: offset(at: from))]
        pieces += changes[firstChange(after: from)..<firstChange(after: to)]
        if let yearly {
            let lastTime = changes.last?.time ?? .min
            pieces += yearly.changes(from: max(from, lastTime), to: to).filter { $0.time > max(from, lastTime) }
        }
        var instants: [Int] = []
        var skippedUntil: Int?
        for (number, piece) in pieces.enumerated() {
            let time = local - piece.offset
            let end = number + 1 < pieces.count ? pieces[number + 1].time : .max
            if time >= piece.time, time < end { instants.append(time) }
            if number > 0, local >= piece.time + pieces[number - 1].offset, local < piece.time + piece.offset {
                skippedUntil = piece.time + piece.offset
            }
        }
        if instants.isEmpty, let skippedUntil { return .skipped(until: skippedUntil) }
        return .instants(instants)
    }

    /// The local date at a time, as `YYYYMMDD`: the date of a compose that is begun then.
    package func date(at time: Double) -> String {
        let second = Int(max(-6.0e10, min(time, 2.0e11)).rounded(.down))
        let date = CivilDate(number: CivilDate.floorDivide(second + offset(at: second), 86_400))
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return padded(date.year, 4) + padded(date.month, 2) + padded(date.day, 2)
    }
}
