extension ConfigValue {
    /// What kind of value this is, for a message.
    var kindName: String {
        switch kind {
        case .none: "None"
        case .bool(let flag): flag ? "True" : "False"
        case .int(let number): "the integer \(number.text)"
        case .float(let number): "the number \(number)"
        case .string(let text): "the string '\(text.prefix(60))'"
        case .list: "a list"
        case .tuple: "a tuple"
        case .dict: "a mapping"
        }
    }
}
