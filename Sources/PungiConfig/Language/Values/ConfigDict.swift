/// A dict of a configuration: entries in the order in which they were written first, as in Python.
package struct ConfigDict: Sendable, Equatable {
    package typealias Entry = (key: ConfigValue, value: ConfigValue)

    /// Above this size a dict is searched through an index.
    private static let linearLimit = 12

    /// The entries, in order. No two keys are equal in Python's sense.
    package private(set) var entries: [Entry] = []
    /// Key to place in `entries`; empty as long as the dict is small.
    private var index: [SlotKey: Int] = [:]

    package init() {}

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }

    /// The value of a string key.
    package subscript(name: String) -> ConfigValue? { position(of: name).map { entries[$0].value } }

    /// Where the string key `name` is written.
    package func keyLocation(_ name: String) -> SourceLocation? {
        position(of: name).map { entries[$0].key.location }
    }

    /// The key that shares a slot with `key`, in Python's sense of equal: `1`, `True` and `1.0` share one.
    package func existingKey(for key: ConfigValue) -> ConfigValue? {
        position(of: key).map { entries[$0].key }
    }

    /// Puts a value under a key. A key that is there already stays as it was first written, and stays in its place.
    ///
    /// - Precondition: the key is hashable (`SlotKey.isHashable`).
    package mutating func set(_ key: ConfigValue, to value: ConfigValue) {
        if let found = position(of: key) {
            entries[found].value = value
            return
        }
        entries.append((key, value))
        if entries.count == Self.linearLimit + 1 {
            for (place, entry) in entries.enumerated() { index[SlotKey(entry.key)] = place }
        } else if entries.count > Self.linearLimit {
            index[SlotKey(key)] = entries.count - 1
        }
    }

    /// Takes the string key `name` out.
    package mutating func remove(_ name: String) {
        guard let place = position(of: name) else { return }
        entries.remove(at: place)
        index = [:]
        guard entries.count > Self.linearLimit else { return }
        for (place, entry) in entries.enumerated() { index[SlotKey(entry.key)] = place }
    }

    /// Same keys with same values, in any order.
    package static func == (left: Self, right: Self) -> Bool {
        left.pairs(with: right)?.allSatisfy { $0.0 == $0.1 } ?? false
    }

    /// What must be equal for two dicts to be equal; nil if they have not the same keys.
    func pairs(with other: ConfigDict) -> [(ConfigValue, ConfigValue)]? {
        guard count == other.count else { return nil }
        var pairs: [(ConfigValue, ConfigValue)] = []
        for entry in entries {
            guard let place = other.position(of: entry.key) else { return nil }
            pairs.append((entry.key, other.entries[place].key))
            pairs.append((entry.value, other.entries[place].value))
        }
        return pairs
    }

    private func position(of name: String) -> Int? {
        guard index.isEmpty else { return index[SlotKey(text: name)] }
        return entries.firstIndex { entry in
            if case .string(let text) = entry.key.kind { text.hasSameScalars(as: name) } else { false }
        }
    }

    private func position(of key: ConfigValue) -> Int? {
        if case .string(let name) = key.kind { return position(of: name) }
        let slot = SlotKey(key)
        guard index.isEmpty else { return index[slot] }
        return entries.firstIndex { SlotKey($0.key) == slot }
    }
}

/// What decides whether two keys are one in a Python dict: numbers by their value, whatever their type.
///
/// A tuple is laid out flat, so that its depth costs no stack.
struct SlotKey: Hashable {
    private enum Atom: Hashable {
        case none
        /// A whole number: `1`, `True` and `1.0` are the same.
        case whole(ConfigInteger)
        case fraction(Double)
        case text(String)
        case opening
        case closing

        static func == (left: Atom, right: Atom) -> Bool {
            switch (left, right) {
            case (.none, .none), (.opening, .opening), (.closing, .closing): true
            case (.whole(let a), .whole(let b)): a == b
            case (.fraction(let a), .fraction(let b)): a == b
            case (.text(let a), .text(let b)): a.hasSameScalars(as: b)
            default: false
            }
        }
    }

    private enum Step {
        case value(ConfigValue)
        case closing
    }

    private let first: Atom
    private let rest: [Atom]

    init(text: String) {
        first = .text(text)
        rest = []
    }

    init(_ value: ConfigValue) {
        first = Self.atom(value)
        var rest: [Atom] = []
        var pending: [Step] = Self.steps(value)
        while let step = pending.popLast() {
            switch step {
            case .closing: rest.append(.closing)
            case .value(let value):
                rest.append(Self.atom(value))
                pending += Self.steps(value)
            }
        }
        self.rest = rest
    }

    private static func atom(_ value: ConfigValue) -> Atom {
        switch value.kind {
        case .none: return .none
        case .bool(let flag): return .whole(ConfigInteger(flag ? 1 : 0))
        case .int(let number): return .whole(number)
        case .float(let number):
            if let whole = PythonFloat.whole(number) { return .whole(whole) }
            return .fraction(number)
        case .string(let text): return .text(text)
        case .list, .tuple, .dict: return .opening
        }
    }

    private static func steps(_ value: ConfigValue) -> [Step] {
        guard case .tuple(let items) = value.kind else { return [] }
        return [.closing] + items.reversed().map { .value($0) }
    }

    /// Whether Python can use the value as a key: no list or dict, nor a tuple that holds one.
    static func isHashable(_ value: ConfigValue) -> Bool {
        var pending = [value]
        while let value = pending.popLast() {
            switch value.kind {
            case .list, .dict: return false
            case .tuple(let items): pending += items
            default: break
            }
        }
        return true
    }
}
