/// One item of a list in a calendar expression: a value, a range or a repetition.
///
/// Values of seconds are in microseconds, all others in their own unit.
struct CalendarComponent: Sendable, Hashable, Comparable {
    var start: Int
    /// The end of a range, which belongs to it.
    var stop: Int?
    /// The distance of repetitions; 0 for a single value.
    var step: Int

    /// The order of systemd's normalized form: by start, then open ends first, then by distance.
    static func < (left: Self, right: Self) -> Bool {
        (left.start, left.stop ?? -1, left.step) < (right.start, right.stop ?? -1, right.step)
    }

    /// The least value of the item that is `value` or more.
    func next(from value: Int) -> Int? {
        if value <= start { return start }
        guard step > 0 else { return nil }
        let (count, rest) = (value - start).quotientAndRemainder(dividingBy: step)
        let next = start + (rest == 0 ? count : count + 1) * step
        if let stop, next > stop { return nil }
        return next
    }
}

/// A field of a calendar expression.
enum CalendarField: Sendable, Hashable {
    case year, month, day, hour, minute, second

    /// Microseconds in a second.
    static let perSecond = 1_000_000

    /// What the field may hold, in its own unit; seconds in microseconds.
    var range: ClosedRange<Int> {
        switch self {
        case .year: 1970...2199
        case .month: 1...12
        case .day: 1...31
        case .hour: 0...23
        case .minute: 0...59
        case .second: 0...(60 * Self.perSecond - 1)
        }
    }

    var name: String {
        switch self {
        case .year: "year"
        case .month: "month"
        case .day: "day"
        case .hour: "hour"
        case .minute: "minute"
        case .second: "second"
        }
    }

    /// The digits that systemd prints at least.
    var digits: Int { self == .year ? 4 : 2 }
    /// What 1 of the field's unit is.
    var unit: Int { self == .second ? Self.perSecond : 1 }
}
