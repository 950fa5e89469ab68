/// A table of plain columns, as wide as their widest cell.
struct TextTable {
    var header: [String]
    var rows: [[String]] = []
    /// Columns whose cells stand to the right.
    var rightAligned: Set<Int> = []

    func lines() -> [String] {
        let all = [header] + rows
        let widths = header.indices.map { column in
            all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return all.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: max(0, widths[column] - cell.count))
                line += rightAligned.contains(column) ? padding + cell : cell + padding
                if column < row.count - 1 { line += "  " }
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }
}

/// `1 image`, `2 images`
func counted(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }

/// Bytes for people: `1.2 GB`.
func readable(bytes: Int) -> String {
    var value = Double(bytes)
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 1000 || unit == "GB" {
            return unit == "B" ? "\(bytes) B" : "\(Int(value * 10) / 10).\(Int(value * 10) % 10) \(unit)"
        }
        value /= 1000
    }
    return "\(bytes) B"
}
