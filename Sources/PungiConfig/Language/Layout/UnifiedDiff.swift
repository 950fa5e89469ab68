/// A patch of one file, as `patch -p1` and `git apply` read it.
package enum UnifiedDiff {
    private static let context = 3

    /// One line of a diff: of the old text, of the new one, or of both.
    private enum Line {
        case same(old: Int, new: Int)
        case removed(Int)
        case added(Int)
    }

    /// The patch that makes `new` out of `old`; empty if they are the same.
    ///
    /// - Parameters:
    ///   - path: the file's name in the patch, relative to where it will be applied.
    package static func text(old: [UInt8], new: [UInt8], path: String) -> String {
        guard old != new else { return "" }
        let before = old.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let after = new.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // A text that ends in a line end has no line behind it; one that does not has a last line that differs from the
        // same line with an end.
        let oldText = Side(lines: before.last?.isEmpty ?? true ? before.dropLast() : before, endsOpen: !endsLine(old))
        let newText = Side(lines: after.last?.isEmpty ?? true ? after.dropLast() : after, endsOpen: !endsLine(new))
        var text = "--- \(name("a/" + path))\n+++ \(name("b/" + path))\n"
        for hunk in hunks(lines(oldText, newText)) { write(hunk, oldText, newText, to: &text) }
        return text
    }

    private struct Side {
        let lines: ArraySlice<ArraySlice<UInt8>>
        /// Whether the last line has no line end.
        let endsOpen: Bool

        init(lines: some Collection<ArraySlice<UInt8>>, endsOpen: Bool) {
            self.lines = Array(lines)[...]
            self.endsOpen = endsOpen && !lines.isEmpty
        }

        func isOpen(_ index: Int) -> Bool { endsOpen && index == lines.count - 1 }
    }

    private static func endsLine(_ bytes: [UInt8]) -> Bool { bytes.last == UInt8(ascii: "\n") }

    // MARK: What differs

    private static func lines(_ old: Side, _ new: Side) -> [Line] {
        var numbers: [ArraySlice<UInt8>: Int] = [:]
        func numbered(_ side: Side) -> [Int] {
            side.lines.indices.map { index in
                var line = side.lines[index]
                if !side.isOpen(index) { line.append(UInt8(ascii: "\n")) }
                let number = numbers[line] ?? numbers.count
                numbers[line] = number
                return number
            }
        }
        let before = numbered(old)
        let after = numbered(new)
        let head = zip(before, after).prefix { $0 == $1 }.count
        let tail = zip(before[head...].reversed(), after[head...].reversed()).prefix { $0 == $1 }.count
        let middle = (Array(before[head..<before.count - tail]), Array(after[head..<after.count - tail]))
        let pairs = LineMatching.pairs(middle.0, middle.1) ?? []

        var lines = (0..<head).map { Line.same(old: $0, new: $0) }
        var (oldNext, newNext) = (head, head)
        let ends = (old: before.count - tail, new: after.count - tail)
        for pair in pairs.map({ (old: $0.old + head, new: $0.new + head) }) + [ends] {
            lines += (oldNext..<pair.old).map { .removed($0) } + (newNext..<pair.new).map { .added($0) }
            if pair.old < ends.old, pair.new < ends.new { lines.append(.same(old: pair.old, new: pair.new)) }
            (oldNext, newNext) = (pair.old + 1, pair.new + 1)
        }
        return lines + (0..<tail).map { .same(old: ends.old + $0, new: ends.new + $0) }
    }

    /// The changes with three lines around each; what is nearer than that is one hunk.
    private static func hunks(_ lines: [Line]) -> [ArraySlice<Line>] {
        var ranges: [Range<Int>] = []
        for (index, line) in lines.enumerated() {
            if case .same = line { continue }
            let wanted = max(0, index - context)..<min(lines.count, index + context + 1)
            if let last = ranges.last, wanted.lowerBound <= last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound..<wanted.upperBound
            } else {
                ranges.append(wanted)
            }
        }
        return ranges.map { lines[$0] }
    }

    // MARK: Writing

    private static func write(_ hunk: ArraySlice<Line>, _ old: Side, _ new: Side, to text: inout String) {
        var body = ""
        var oldNumbers: [Int] = []
        var newNumbers: [Int] = []
        func put(_ sign: String, _ side: Side, _ index: Int) {
            body += sign + String(decoding: side.lines[index], as: UTF8.self) + "\n"
            if side.isOpen(index) { body += "\\ No newline at end of file\n" }
        }
        for line in hunk {
            switch line {
            case .same(let before, let after):
                oldNumbers.append(before)
                newNumbers.append(after)
                put(" ", old, before)
            case .removed(let before):
                oldNumbers.append(before)
                put("-", old, before)
            case .added(let after):
                newNumbers.append(after)
                put("+", new, after)
            }
        }
        text += "@@ -\(extent(oldNumbers)) +\(extent(newNumbers)) @@\n" + body
    }

    /// Where a hunk begins and how many lines it has: `1,4`, `7`, `0,0`.
    private static func extent(_ numbers: [Int]) -> String {
        // Only an empty text has no line in a hunk: any other lends it lines around the change.
        guard let first = numbers.first else { return "0,0" }
        return numbers.count == 1 ? "\(first + 1)" : "\(first + 1),\(numbers.count)"
    }

    /// A name as patch and git read it: with blanks a tab ends it, and odd characters are written as in C.
    private static func name(_ path: String) -> String {
        let isOdd = path.utf8.contains {
            $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\")
        }
        guard isOdd else { return path.utf8.contains(UInt8(ascii: " ")) ? path + "\t" : path }
        var quoted = "\""
        for scalar in path.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let octal = String(scalar.value, radix: 8)
                quoted += "\\" + String(repeating: "0", count: 3 - octal.count) + octal
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
