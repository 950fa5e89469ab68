/// The rule for the years that a time zone file does not list, in the form of POSIX's TZ variable:
/// `CET-1CEST,M3.5.0,M10.5.0/3`.
struct YearlyClockRule: Sendable, Hashable {
    /// A day of each year and the time at which clocks change on it.
    private struct Moment: Sendable, Hashable {
        enum Day: Sendable, Hashable {
            /// `Mm.w.d`: the wth (5: last) weekday (0: Sunday) of a month.
            case weekday(month: Int, week: Int, day: Int)
            /// `Jn`: 1 to 365, without the 29th of February.
            case julian(Int)
            /// `n`: from 0, with it.
            case ordinal(Int)
        }

        var day: Day
        /// Seconds since midnight, by the clock before the change; may be negative or more than a day.
        var time = 7200

        /// Local seconds since 1970 in a year.
        func local(in year: Int) -> Int {
            let january = CivilDate(year: year, month: 1, day: 1).number
            let number: Int
            switch day {
            case .weekday(let month, let week, let wanted):
                let first = CivilDate(year: year, month: month, day: 1).number
                // Weekdays from Sunday here, from Monday there.
                let ahead = ((wanted + 6) % 7 - CivilDate.weekday(ofNumber: first) + 7) % 7
                var day = 1 + ahead + (week - 1) * 7
                while day > CivilDate.daysInMonth(month, of: year) { day -= 7 }
                number = first + day - 1
            case .julian(let day):
                number = january + day - 1 + (CivilDate.isLeap(year) && day >= 60 ? 1 : 0)
            case .ordinal(let day): number = january + day
            }
            return number * 86_400 + time
        }
    }

    private var standard: Int
    /// nil where clocks never change.
    private var summer: (offset: Int, begin: Moment, end: Moment)?

    static func == (left: Self, right: Self) -> Bool {
        left.standard == right.standard && left.summer?.offset == right.summer?.offset
            && left.summer?.begin == right.summer?.begin && left.summer?.end == right.summer?.end
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(standard)
        hasher.combine(summer?.offset)
        hasher.combine(summer?.begin)
        hasher.combine(summer?.end)
    }

    /// The changes from a time to another, in order.
    func changes(from: Int, to: Int) -> [TimeZoneRules.Change] {
        guard let summer else { return [] }
        let firstYear = CivilDate(number: CivilDate.floorDivide(from, 86_400)).year - 1
        let lastYear = CivilDate(number: CivilDate.floorDivide(to, 86_400)).year + 1
        return (firstYear...max(firstYear, lastYear)).flatMap { year in
            [
                TimeZoneRules.Change(time: summer.begin.local(in: year) - standard, offset: summer.offset),
                TimeZoneRules.Change(time: summer.end.local(in: year) - summer.offset, offset: standard),
            ]
        }.filter { $0.time <= to }.sorted { $0.time < $1.time }
    }

    func offset(at time: Int) -> Int {
        // A whole year back there is always a change, if there is any.
        changes(from: time - 370 * 86_400, to: time).last?.offset ?? standard
    }

    // MARK: Reading

    /// nil for a text that is no such rule.
    init?(_ text: some Collection<UInt8>) {
        var reader = Reader(rest: Array(text)[...])
        guard reader.name(), let standard = reader.offset() else { return nil }
        self.standard = -standard
        guard !reader.rest.isEmpty else { return }
        guard reader.name() else { return nil }
        // Summer time is one hour ahead unless it says otherwise.
        var offset = self.standard + 3600
        if reader.rest.first != UInt8(ascii: ",") {
            guard let own = reader.offset() else { return nil }
            offset = -own
        }
        guard reader.take(","), let begin = reader.moment(), reader.take(","), let end = reader.moment(),
            reader.rest.isEmpty
        else { return nil }
        summer = (offset, begin, end)
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func take(_ mark: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: mark) else { return false }
            rest = rest.dropFirst()
            return true
        }

        /// `CET`, or `<+0530>`.
        mutating func name() -> Bool {
            if take("<") {
                guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
                rest = rest[(end + 1)...]
                return true
            }
            let letters = rest.prefix { (97...122).contains($0 | 0x20) }
            rest = rest.dropFirst(letters.count)
            return letters.count >= 3
        }

        mutating func number(_ range: ClosedRange<Int>) -> Int? {
            let digits = rest.prefix { (48...57).contains($0) }
            guard digits.count <= 3, let number = Int(String(decoding: digits, as: UTF8.self)),
                range.contains(number)
            else { return nil }
            rest = rest.dropFirst(digits.count)
            return number
        }

        /// `[+-]h[h][h][:mm[:ss]]` in seconds.
        mutating func offset() -> Int? {
            let isNegative = take("-")
            if !isNegative { _ = take("+") }
            guard let hours = number(0...167) else { return nil }
            var seconds = hours * 3600
            if take(":") {
                guard let minutes = number(0...59) else { return nil }
                seconds += minutes * 60
                if take(":") {
                    guard let own = number(0...59) else { return nil }
                    seconds += own
                }
            }
            return isNegative ? -seconds : seconds
        }

        mutating func moment() -> Moment? {
            var moment: Moment
            if take("M") {
                guard let month = number(1...12), take("."), let week = number(1...5), take("."),
                    let day = number(0...6)
                else { return nil }
                moment = Moment(day: .weekday(month: month, week: week, day: day))
            } else if take("J") {
                guard let day = number(1...365) else { return nil }
                moment = Moment(day: .julian(day))
            } else {
                guard let day = number(0...365) else { return nil }
                moment = Moment(day: .ordinal(day))
            }
            if take("/") {
                guard let time = offset() else { return nil }
                moment.time = time
            }
            return moment
        }
    }
}
