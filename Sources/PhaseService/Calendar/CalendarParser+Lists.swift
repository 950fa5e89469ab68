// Lists, numbers and their limits.

extension CalendarParser {
    /// `*` (nil) or items with commas between them.
    mutating func list(isSeconds: Bool) throws(CalendarFailure) -> [Item]? {
        if current == UInt8(ascii: "*") {
            index += 1
            return nil
        }
        var items: [Item] = []
        while true {
            guard items.count < Self.mostItems else {
                throw failure("a list has at most \(Self.mostItems) items", at: index)
            }
            items.append(try item(isSeconds: isSeconds))
            guard current == UInt8(ascii: ",") else { return items }
            index += 1
        }
    }

    private mutating func item(isSeconds: Bool) throws(CalendarFailure) -> Item {
        let place = index
        let unit = isSeconds ? CalendarField.perSecond : 1
        var component = CalendarComponent(start: try value(isSeconds: isSeconds), stop: nil, step: 0)
        if current == UInt8(ascii: "."), peek(1) == UInt8(ascii: ".") {
            index += 2
            component.stop = try value(isSeconds: isSeconds)
            component.step = unit
        }
        if current == UInt8(ascii: "/") {
            index += 1
            let stepPlace = index
            component.step = try value(isSeconds: isSeconds)
            guard component.step > 0 else { throw failure("a repetition is 1 or more", at: stepPlace) }
        } else if isSeconds, let stop = component.stop, component.start + unit > stop {
            throw failure("the range is shorter than a second; give it a repetition, such as /0.1", at: place)
        }
        guard current == nil || " ,-~:".utf8.contains(current ?? 0) else {
            throw failure(
                current == UInt8(ascii: ".") && !isSeconds
                    ? "a range is written with '..', and only seconds have a fraction"
                    : "'\(shownCurrent)' cannot follow a number", at: index)
        }
        return Item(place: place, component: component)
    }

    /// A number; of seconds in microseconds, with a fraction that is rounded to them.
    private mutating func value(isSeconds: Bool) throws(CalendarFailure) -> Int {
        let whole = try digits(most: 9)
        guard isSeconds else { return whole }
        let micro = whole * CalendarField.perSecond
        guard current == UInt8(ascii: "."), peek(1) != UInt8(ascii: ".") else { return micro }
        index += 1
        guard let first = current, Self.isDigit(first) else { throw failure("digits are missing", at: index) }
        var fraction = 0
        var count = 0
        while let digit = current, Self.isDigit(digit) {
            if count < 6 {
                fraction = fraction * 10 + Int(digit - 48)
            } else if count == 6, digit >= UInt8(ascii: "5") {
                fraction += 1
            }
            count += 1
            index += 1
        }
        while count < 6 {
            fraction *= 10
            count += 1
        }
        return micro + fraction
    }

    mutating func digits(most: Int) throws(CalendarFailure) -> Int {
        let place = index
        var number = 0
        var count = 0
        while let digit = current, Self.isDigit(digit) {
            // Zeros in front are no matter.
            if number > 0 { count += 1 }
            guard count < most else { throw failure("the number is too large", at: place) }
            number = number * 10 + Int(digit - 48)
            index += 1
        }
        guard index > place else {
            throw failure(
                current == nil
                    ? "a number or '*' is missing" : "a number or '*' must stand here, not '\(shownCurrent)'",
                at: place)
        }
        return number
    }

    /// Two digits are of this century up to 69, of the last from 70 on.
    static func withCentury(_ item: Item) -> Item {
        func full(_ year: Int) -> Int { year < 70 ? year + 2000 : year < 100 ? year + 1900 : year }
        var item = item
        item.component.start = full(item.component.start)
        item.component.stop = item.component.stop.map(full)
        return item
    }

    /// The items in order, once each, when all are within the field; nil for `*`.
    func checked(
        _ items: [Item]?, _ field: CalendarField, fromEnd: Bool = false
    ) throws(CalendarFailure) -> [CalendarComponent]? {
        guard let items else { return nil }
        // Every month has 28 days from its end, and none can be asked for more.
        let range = fromEnd ? field.range.lowerBound...field.range.upperBound - 3 : field.range
        var components: Set<CalendarComponent> = []
        for item in items {
            var component = item.component
            // A range ends with its last repetition; one that has none is a single value.
            if let stop = component.stop, stop >= component.start, component.step > 0 {
                let last = stop - (stop - component.start) % component.step
                component.stop = last == component.start ? nil : last
                if last == component.start { component.step = 0 }
            }
            for value in [component.start, component.stop ?? component.start] where !range.contains(value) {
                throw failure(
                    "\(value / field.unit) is no \(field.name): it must be"
                        + " \(range.lowerBound / field.unit) to \(range.upperBound / field.unit)"
                        + (fromEnd ? " when counted from the end of the month" : ""), at: item.place)
            }
            if let stop = component.stop {
                guard component.start < stop else {
                    throw failure(
                        "the range must end after it begins" + (fromEnd ? ", also from the end of the month" : ""),
                        at: item.place)
                }
            } else {
                let isTooLong =
                    fromEnd
                    ? component.start - component.step < range.lowerBound
                    : component.start + component.step > range.upperBound
                guard !isTooLong else {
                    throw failure(
                        "the repetition never comes within one \(Self.whole(field)); leave it out", at: item.place)
                }
            }
            components.insert(component)
        }
        return components.sorted()
    }

    /// What the values of a field are parts of.
    private static func whole(_ field: CalendarField) -> String {
        switch field {
        case .year: "of the years that can be named"
        case .month: "year"
        case .day: "month"
        case .hour: "day"
        case .minute: "hour"
        case .second: "minute"
        }
    }
}
