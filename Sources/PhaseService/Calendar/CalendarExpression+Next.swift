package import ComposePhase

extension CalendarExpression {
    /// The first time after an instant, as systemd gives it; nil when none comes before the year 2200.
    ///
    /// Times that clocks skip in spring do not come. Of a time that clocks show twice in autumn the first is meant;
    /// the second only when asked from between the two. Whoever goes from one time to the next gets each once.
    ///
    /// The search is bounded: an expression that never comes ends after a look at the days of 230 years.
    ///
    /// - Parameter zone: where the clocks hang; the caller gives that of ``timeZone`` if the expression names one.
    package func next(after instant: Instant, in zone: TimeZoneRules) -> Instant? {
        let unit = Double(CalendarField.perSecond)
        // Beyond these the arithmetic would leave its range; no expression reaches there.
        guard instant.seconds.isFinite, instant.seconds < 7_500_000_000 else { return nil }
        let earliest = Int((max(instant.seconds, -86_400) * unit).rounded(.down)) + 1
        let second = CivilDate.floorDivide(earliest, CalendarField.perSecond)
        var from = earliest + zone.offset(at: second) * CalendarField.perSecond
        // Each turn but the last leaves a change of the clocks behind; there are a few in a year.
        for _ in 0..<10_000 {
            guard let local = nextLocal(from: from) else { return nil }
            let localSecond = CivilDate.floorDivide(local, CalendarField.perSecond)
            let fraction = local - localSecond * CalendarField.perSecond
            switch zone.meaning(ofLocal: localSecond) {
            case .skipped(let until):
                from = until * CalendarField.perSecond
            case .instants(let seconds):
                let times = seconds.map { $0 * CalendarField.perSecond + fraction }
                if let time = times.first(where: { $0 >= earliest }) { return Instant(seconds: Double(time) / unit) }
                from = local + 1
            }
        }
        return nil
    }

    /// The first local time that matches, from one on; both in microseconds since 1970 as if clocks showed UTC.
    private func nextLocal(from: Int) -> Int? {
        let dayLength = 86_400 * CalendarField.perSecond
        let firstDay = CivilDate.floorDivide(from, dayLength)
        let date = CivilDate(number: firstDay)
        if matches(date), let time = nextTime(from: from - firstDay * dayLength) {
            return firstDay * dayLength + time
        }
        guard let time = nextTime(from: 0), let day = nextDay(from: firstDay + 1) else { return nil }
        return day * dayLength + time
    }

    // MARK: Days

    private func matches(_ date: CivilDate) -> Bool {
        CalendarField.year.range.contains(date.year) && Self.holds(years, date.year)
            && Self.holds(months, date.month)
            && matchingDays(year: date.year, month: date.month) & (1 << UInt64(date.day)) != 0
    }

    private func nextDay(from number: Int) -> Int? {
        let start = CivilDate(number: number)
        let firstYear = max(start.year, CalendarField.year.range.lowerBound)
        guard firstYear <= CalendarField.year.range.upperBound else { return nil }
        for year in firstYear...CalendarField.year.range.upperBound where Self.holds(years, year) {
            let isStart = year == start.year
            for month in (isStart ? start.month : 1)...12 where Self.holds(months, month) {
                var days = matchingDays(year: year, month: month)
                if isStart, month == start.month { days &= ~((1 << UInt64(start.day)) - 1) }
                if days != 0 {
                    return CivilDate(year: year, month: month, day: days.trailingZeroBitCount).number
                }
            }
        }
        return nil
    }

    /// The days of a month that match, weekdays included: bit 1 is its first day.
    private func matchingDays(year: Int, month: Int) -> UInt64 {
        let length = CivilDate.daysInMonth(month, of: year)
        var bits: UInt64 = 0
        if let days {
            for component in days {
                var item = component
                if countsFromMonthEnd {
                    // A range counts backwards and is gone through forwards.
                    let start = length + 1 - component.start
                    let stop = component.stop.map { length + 1 - $0 }
                    (item.start, item.stop) = stop.map { ($0, start) } ?? (start, nil)
                }
                var day = item.next(from: 1)
                while let found = day, found <= length {
                    if found >= 1 { bits |= 1 << UInt64(found) }
                    day = item.next(from: found + 1)
                }
            }
        } else {
            bits = (1 << UInt64(length + 1)) - 2
        }
        guard let weekdays else { return bits }
        let first = CivilDate.weekday(ofNumber: CivilDate(year: year, month: month, day: 1).number)
        for day in 1...length where weekdays & (1 << UInt8((first + day - 1) % 7)) == 0 { bits &= ~(1 << UInt64(day)) }
        return bits
    }

    // MARK: Times of a day

    /// The first time of a day that matches, in microseconds since its midnight.
    private func nextTime(from time: Int) -> Int? {
        let minuteLength = 60 * CalendarField.perSecond
        let (startMinute, startMicro) = time.quotientAndRemainder(dividingBy: minuteLength)
        if Self.holds(hours, startMinute / 60), Self.holds(minutes, startMinute % 60),
            let micro = Self.next(seconds, from: startMicro, in: .second)
        {
            return startMinute * minuteLength + micro
        }
        guard let micro = Self.next(seconds, from: 0, in: .second) else { return nil }
        var minute = startMinute + 1
        while minute < 24 * 60 {
            guard let hour = Self.next(hours, from: minute / 60, in: .hour) else { return nil }
            if hour > minute / 60 { minute = hour * 60 }
            if let found = Self.next(minutes, from: minute % 60, in: .minute) {
                return (hour * 60 + found) * minuteLength + micro
            }
            minute = (hour + 1) * 60
        }
        return nil
    }

    private static func holds(_ components: [CalendarComponent]?, _ value: Int) -> Bool {
        components?.contains { $0.next(from: value) == value } ?? true
    }

    /// The least value of a list from one on; any value stands in `*`.
    private static func next(_ components: [CalendarComponent]?, from value: Int, in field: CalendarField) -> Int? {
        guard let components else { return value }
        guard let least = components.compactMap({ $0.next(from: value) }).min(), field.range.contains(least) else {
            return nil
        }
        return least
    }
}
