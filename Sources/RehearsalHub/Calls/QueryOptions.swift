import Koji

/// `queryOpts` of the listing calls: order, offset, limit, countOnly and asList.
struct QueryOptions: Sendable {
    let order: String?
    let offset: Int
    let limit: Int?
    let countsOnly: Bool
    let asList: Bool

    init(_ value: XMLRPCValue) {
        order = value["order"].textValue
        offset = max(0, value["offset"].wholeNumber ?? 0)
        limit = value["limit"].wholeNumber.map { max(0, $0) }
        countsOnly = value["countOnly"].isTrue
        asList = value["asList"].isTrue
    }

    /// Order, then offset and limit, then the form.
    ///
    /// - Throws: 1, as the hub does, for an order by a column that the rows do not have.
    func apply(to rows: [XMLRPCValue]) throws(XMLRPCFault) -> XMLRPCValue {
        if countsOnly { return .number(cut(rows).count) }
        return form(cut(try sorted(rows)))
    }

    /// The rows of the asked page.
    func cut<Row>(_ rows: [Row]) -> [Row] {
        let rest = rows.dropFirst(offset)
        return Array(limit.map { rest.prefix($0) } ?? rest)
    }

    /// Structs, or with asList arrays in the order of the names.
    func form(_ rows: [XMLRPCValue]) -> XMLRPCValue {
        guard asList else { return .array(rows) }
        return .array(rows.map { .array(($0.members ?? [:]).sorted { $0.key < $1.key }.map(\.value)) })
    }

    /// The rows in order; ties keep their place.
    func sorted(_ rows: [XMLRPCValue]) throws(XMLRPCFault) -> [XMLRPCValue] {
        guard let order else { return rows }
        let columns = order.split(separator: ",").map { column -> (name: String, isDescending: Bool) in
            column.hasPrefix("-") ? (String(column.dropFirst()), true) : (String(column), false)
        }
        if let first = rows.first {
            for column in columns where first.members?[column.name] == nil {
                throw .unforeseen("<class 'Exception'>: Invalid order: \(column.name)")
            }
        }
        return rows.enumerated().sorted { left, right in
            for column in columns {
                let (a, b) = (left.element[column.name], right.element[column.name])
                if Self.precedes(a, b) { return !column.isDescending }
                if Self.precedes(b, a) { return column.isDescending }
            }
            return left.offset < right.offset
        }.map(\.element)
    }

    /// Numbers and texts by value; nil comes last, as in the database.
    private static func precedes(_ left: XMLRPCValue, _ right: XMLRPCValue) -> Bool {
        switch (left, right) {
        case (.int(let left), .int(let right)): left < right
        case (.double(let left), .double(let right)): left < right
        case (.string(let left), .string(let right)): left < right
        case (.bool(let left), .bool(let right)): !left && right
        case (.null, _): false
        case (_, .null): true
        default: false
        }
    }
}
