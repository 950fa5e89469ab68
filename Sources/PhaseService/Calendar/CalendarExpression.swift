/// A calendar expression of systemd: `Mon..Fri *-*-* 03:00`, `daily`, `*-*~1 22:00 Europe/Prague`.
///
/// What is taken and what it means is systemd's rule (`man systemd.time`, "Calendar Events"), and so is the normalized
/// text. Four things that systemd happens to take are refused: the abbreviations of the local time zone (`CET`, `CEST`
/// depend on where the service runs), more than 240 items in a list, and texts beyond ``longest``.
package struct CalendarExpression: Sendable, Hashable {
    /// Monday is bit 0; nil stands for all days.
    var weekdays: UInt8?
    /// nil stands for `*` in this and the fields below.
    var years: [CalendarComponent]?
    var months: [CalendarComponent]?
    var days: [CalendarComponent]?
    /// Whether ``days`` count from the end of the month: 1 is its last day.
    var countsFromMonthEnd = false
    var hours: [CalendarComponent]?
    var minutes: [CalendarComponent]?
    /// In microseconds. `*` is a repetition of one second.
    var seconds: [CalendarComponent] = []

    /// The time zone at the end of the expression, as it stands there; `UTC` in any case is `UTC`. nil where the
    /// expression means the zone of whoever asks. Whether there is such a zone is for ``TimeZoneDatabase`` to say.
    package internal(set) var timeZone: String?

    /// The most bytes that an expression may have.
    package static let longest = 1000

    /// Reads an expression.
    ///
    /// - Throws: what is wrong, with the place in the text.
    package init(_ text: String) throws(CalendarFailure) {
        var parser = try CalendarParser(text)
        self = try parser.parse()
    }

    /// An expression that says nothing yet.
    init() {}
}

extension CalendarExpression: CustomStringConvertible {
    /// The normalized form, as `systemd-analyze calendar` prints it.
    package var description: String {
        var text = weekdays.map { Self.text(ofWeekdays: $0) + " " } ?? ""
        text += Self.text(years, .year) + "-" + Self.text(months, .month)
        text += (countsFromMonthEnd ? "~" : "-") + Self.text(days, .day)
        text += " " + Self.text(hours, .hour) + ":" + Self.text(minutes, .minute) + ":"
        let everySecond = CalendarComponent(start: 0, stop: nil, step: CalendarField.perSecond)
        text += seconds == [everySecond] ? "*" : Self.text(seconds, .second)
        return text + (timeZone.map { " " + $0 } ?? "")
    }

    static let weekdayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    /// `Mon..Wed,Fri`: two days in a row are a list, three a range.
    private static func text(ofWeekdays bits: UInt8) -> String {
        var parts: [String] = []
        var day = 0
        while day < 7 {
            guard bits & (1 << day) != 0 else {
                day += 1
                continue
            }
            var last = day
            while last < 6, bits & (1 << (last + 1)) != 0 { last += 1 }
            let (from, to) = (weekdayNames[day].prefix(3), weekdayNames[last].prefix(3))
            switch last - day {
            case 0: parts.append(String(from))
            case 1: parts.append("\(from),\(to)")
            default: parts.append("\(from)..\(to)")
            }
            day = last + 1
        }
        return parts.joined(separator: ",")
    }

    private static func text(_ components: [CalendarComponent]?, _ field: CalendarField) -> String {
        guard let components else { return "*" }
        return components.map { component in
            var text = number(component.start, field, width: field.digits)
            if let stop = component.stop { text += ".." + number(stop, field, width: field.digits) }
            let isPlainRange = component.stop != nil && component.step == field.unit
            if component.step > 0, !isPlainRange { text += "/" + number(component.step, field, width: 1) }
            return text
        }.joined(separator: ",")
    }

    /// A value with at least `width` digits, and its microseconds where it has some.
    private static func number(_ value: Int, _ field: CalendarField, width: Int) -> String {
        let (whole, rest) = value.quotientAndRemainder(dividingBy: field.unit)
        let text = padded(whole, width)
        return rest == 0 ? text : text + "." + padded(rest, 6)
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
