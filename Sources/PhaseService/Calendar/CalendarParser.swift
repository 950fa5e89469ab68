/// Takes a calendar expression apart, from left to right.
struct CalendarParser {
    let text: String
    /// What is left when the time zone is taken off.
    private let bytes: [UInt8]
    private let timeZone: String?
    var index = 0

    /// An item with its place, for messages.
    struct Item {
        let place: Int
        var component: CalendarComponent
    }

    /// The most items of a list, as systemd's.
    static let mostItems = 240

    private static let shorthands: [String: String] = [
        "minutely": "*-*-* *:*:00", "hourly": "*-*-* *:00:00", "daily": "*-*-* 00:00:00",
        "weekly": "Mon *-*-* 00:00:00", "monthly": "*-*-01 00:00:00", "quarterly": "*-01,04,07,10-01 00:00:00",
        "semiannually": "*-01,07-01 00:00:00", "semi-annually": "*-01,07-01 00:00:00",
        "biannually": "*-01,07-01 00:00:00", "bi-annually": "*-01,07-01 00:00:00",
        "annually": "*-01-01 00:00:00", "anually": "*-01-01 00:00:00", "yearly": "*-01-01 00:00:00",
    ]

    init(_ text: String) throws(CalendarFailure) {
        self.text = text
        let all = Array(text.utf8)
        guard all.count <= CalendarExpression.longest else {
            let shown = String(text.unicodeScalars.prefix(40).map(Character.init)) + "…"
            throw CalendarFailure(
                text: shown, position: CalendarExpression.longest + 1,
                problem: "it has more than \(CalendarExpression.longest) bytes")
        }
        if let foreign = all.firstIndex(where: { $0 < 32 || $0 > 126 }) {
            let shown = String(
                String.UnicodeScalarView(
                    text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
            throw CalendarFailure(
                text: shown, position: foreign + 1,
                problem: "only letters, digits and marks of ASCII can stand here")
        }
        // The time zone is the last word, when that is a name; a name is never the only word.
        guard let blank = all.lastIndex(of: UInt8(ascii: " ")), blank + 1 < all.count, Self.isLetter(all[blank + 1])
        else {
            bytes = all
            timeZone = nil
            return
        }
        let word = String(decoding: all[(blank + 1)...], as: UTF8.self)
        let lowered = word.lowercased()
        if Self.shorthands[lowered] != nil {
            throw CalendarFailure(
                text: text, position: blank + 2,
                problem: "'\(word)' stands alone, or before a time zone; it takes no weekdays, date or time")
        }
        if CalendarExpression.weekdayNames.contains(where: { Self.starts(lowered, with: $0) }) {
            throw CalendarFailure(
                text: text, position: blank + 2,
                problem: "weekdays stand in front, with commas and without blanks between them: Mon,Wed..Fri 03:00")
        }
        bytes = Array(all[..<blank])
        timeZone = lowered == "utc" ? "UTC" : word
    }

    /// Whether the text is the day's name, short or long, alone or with more days behind it.
    private static func starts(_ text: String, with day: String) -> Bool {
        [day.lowercased(), String(day.lowercased().prefix(3))].contains { name in
            text == name || text.hasPrefix(name + ",") || text.hasPrefix(name + ".")
        }
    }

    // MARK: The parts

    mutating func parse() throws(CalendarFailure) -> CalendarExpression {
        guard !bytes.isEmpty else { throw failure("it is empty; write, for example, *-*-* 03:00", at: 0) }
        let word = String(decoding: bytes, as: UTF8.self).lowercased()
        if let meaning = Self.shorthands[word] {
            var expression = try CalendarExpression(meaning)
            expression.timeZone = timeZone
            return expression
        }
        var expression = CalendarExpression()
        expression.timeZone = timeZone
        expression.weekdays = try weekdays()
        if current == UInt8(ascii: "@") {
            try moment(into: &expression)
        } else {
            try date(into: &expression)
            try time(into: &expression)
        }
        guard current == nil else { throw failure("nothing more can stand here", at: index) }
        return expression
    }

    /// The weekdays in front, if there are any.
    private mutating func weekdays() throws(CalendarFailure) -> UInt8? {
        var bits: UInt8 = 0
        var rangeFrom: Int?
        var isFirst = true
        while true {
            let place = index
            guard let day = weekdayName() else {
                if isFirst { return nil }
                throw failure("a weekday is missing: Mon, Tue, Wed, Thu, Fri, Sat or Sun", at: place)
            }
            if let from = rangeFrom {
                guard from <= day else {
                    throw failure(
                        "a range of weekdays goes from Mon to Sun; write the two parts with a comma, such as"
                            + " Fri..Sun,Mon", at: place)
                }
                for between in from...day { bits |= 1 << between }
            }
            bits |= 1 << day
            let wasRange = rangeFrom != nil
            switch current {
            case UInt8(ascii: ","):
                index += 1
                rangeFrom = nil
            case UInt8(ascii: "."), UInt8(ascii: "-"):
                guard !wasRange else { throw failure("a range has one beginning and one end", at: index) }
                if current == UInt8(ascii: ".") {
                    guard peek(1) == UInt8(ascii: ".") else { throw failure("a range is written with '..'", at: index) }
                    index += 1
                }
                index += 1
                rangeFrom = day
            default: break
            }
            if current == nil || current == UInt8(ascii: " ") {
                let isOpen = bytes[index - 1] == UInt8(ascii: ".") || bytes[index - 1] == UInt8(ascii: "-")
                guard !isOpen else { throw failure("the end of the range is missing", at: index) }
                skipBlanks()
                // All seven say nothing.
                return bits == 127 ? nil : bits
            }
            isFirst = false
        }
    }

    /// A name of a day with what may follow one; 0 is Monday.
    private mutating func weekdayName() -> Int? {
        for (day, name) in CalendarExpression.weekdayNames.enumerated() {
            for candidate in [name, String(name.prefix(3))] {
                let letters = Array(candidate.lowercased().utf8)
                guard index + letters.count <= bytes.count,
                    bytes[index..<index + letters.count].elementsEqual(letters, by: { $0 | 0x20 == $1 })
                else { continue }
                let after = peek(letters.count)
                guard after == nil || " ,.-".utf8.contains(after ?? 0) else { continue }
                index += letters.count
                return day
            }
        }
        return nil
    }

    /// The date, if there is one: YEAR-MONTH-DAY or MONTH-DAY, with `~` for days from the month's end.
    private mutating func date(into expression: inout CalendarExpression) throws(CalendarFailure) {
        guard current != nil else { return }
        let start = index
        let first = try list(isSeconds: false)
        if current == nil || current == UInt8(ascii: ":") {
            // It was the hour of a time.
            index = start
            return
        }
        var fromEnd = try dateMark()
        let second = try list(isSeconds: false)
        if current == nil || current == UInt8(ascii: " ") {
            expression.months = try checked(first, .month)
            try setDays(second, fromEnd: fromEnd, in: &expression)
            skipBlanks()
            return
        }
        guard !fromEnd else { throw failure("'~' stands before the day only, as in *-*~1", at: index) }
        fromEnd = try dateMark()
        let third = try list(isSeconds: false)
        guard current == nil || current == UInt8(ascii: " ") else {
            throw failure("a date ends here: YEAR-MONTH-DAY, then a blank and the time", at: index)
        }
        expression.years = try checked(first?.map(Self.withCentury), .year)
        expression.months = try checked(second, .month)
        try setDays(third, fromEnd: fromEnd, in: &expression)
        skipBlanks()
    }

    private mutating func setDays(
        _ items: [Item]?, fromEnd: Bool, in expression: inout CalendarExpression
    ) throws(CalendarFailure) {
        expression.days = try checked(items, .day, fromEnd: fromEnd)
        expression.countsFromMonthEnd = fromEnd && items != nil
    }

    /// Takes `-` or `~`; true for the latter.
    private mutating func dateMark() throws(CalendarFailure) -> Bool {
        switch current {
        case UInt8(ascii: "-"):
            index += 1
            return false
        case UInt8(ascii: "~"):
            index += 1
            return true
        case UInt8(ascii: "/"):
            throw failure("'*' takes no repetition; write the first value, such as 0/2 or 1/2", at: index)
        default:
            throw failure("'-' is missing: a date is YEAR-MONTH-DAY or MONTH-DAY, a time is HOUR:MINUTE", at: index)
        }
    }

    /// HOUR:MINUTE or HOUR:MINUTE:SECOND; without a time it is midnight.
    private mutating func time(into expression: inout CalendarExpression) throws(CalendarFailure) {
        let zero = [CalendarComponent(start: 0, stop: nil, step: 0)]
        guard current != nil else {
            expression.hours = zero
            expression.minutes = zero
            expression.seconds = zero
            return
        }
        expression.hours = try checked(list(isSeconds: false), .hour)
        try timeMark("a time is HOUR:MINUTE or HOUR:MINUTE:SECOND")
        expression.minutes = try checked(list(isSeconds: false), .minute)
        guard current != nil else {
            expression.seconds = zero
            return
        }
        try timeMark("seconds follow a second ':'")
        let everySecond = [CalendarComponent(start: 0, stop: nil, step: CalendarField.perSecond)]
        expression.seconds = try checked(list(isSeconds: true), .second) ?? everySecond
    }

    private mutating func timeMark(_ form: String) throws(CalendarFailure) {
        guard current == UInt8(ascii: ":") else {
            if current == UInt8(ascii: "/") {
                throw failure("'*' takes no repetition; write the first value, such as 0/2", at: index)
            }
            throw failure("':' is missing; \(form)", at: index)
        }
        index += 1
    }

    /// `@SECONDS`: one moment, in seconds since 1970.
    private mutating func moment(into expression: inout CalendarExpression) throws(CalendarFailure) {
        index += 1
        let place = index
        let number = try digits(most: 10)
        let (day, second) = number.quotientAndRemainder(dividingBy: 86_400)
        let date = CivilDate(number: day)
        func one(_ value: Int, _ field: CalendarField) throws(CalendarFailure) -> [CalendarComponent]? {
            try checked([Item(place: place, component: .init(start: value, stop: nil, step: 0))], field)
        }
        expression.years = try one(date.year, .year)
        expression.months = try one(date.month, .month)
        expression.days = try one(date.day, .day)
        expression.hours = try one(second / 3600, .hour)
        expression.minutes = try one(second / 60 % 60, .minute)
        expression.seconds = try one(second % 60 * CalendarField.perSecond, .second) ?? []
        expression.timeZone = "UTC"
    }

    // MARK: Characters

    var current: UInt8? { peek(0) }

    func peek(_ distance: Int) -> UInt8? {
        index + distance < bytes.count ? bytes[index + distance] : nil
    }

    var shownCurrent: String { current.map { String(UnicodeScalar($0)) } ?? "" }

    private mutating func skipBlanks() {
        while current == UInt8(ascii: " ") { index += 1 }
    }

    static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }

    func failure(_ problem: String, at place: Int) -> CalendarFailure {
        CalendarFailure(text: text, position: place + 1, problem: problem)
    }
}
