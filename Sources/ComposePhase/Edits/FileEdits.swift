import PungiConfig

/// Edits of one configuration file, made by what its text says.
struct FileEdits {
    let tree: SourceTree
    private(set) var edits: [TextEdit] = []

    init(_ tree: SourceTree) { self.tree = tree }

    /// The file with all edits made.
    func applied() throws(TextEditProblem) -> [UInt8] { try TextEdits.apply(joined, to: tree.bytes) }

    /// Removals that touch are one: neighbors in a mapping have a comma and blanks in common.
    private var joined: [TextEdit] {
        var result = edits.filter { !$0.replacement.isEmpty }
        var gap: Range<Int>?
        for range in edits.filter({ $0.replacement.isEmpty }).map(\.range).sorted(by: { $0.lowerBound < $1.lowerBound })
        {
            if let open = gap, range.lowerBound <= open.upperBound {
                gap = open.lowerBound..<max(open.upperBound, range.upperBound)
            } else {
                if let gap { result.append(TextEdit(range: withComma(gap), replacement: "")) }
                gap = range
            }
        }
        if let gap { result.append(TextEdit(range: withComma(gap), replacement: "")) }
        return result
    }

    /// With the comma before it, if nothing comes after it on the line but the end of the mapping.
    private func withComma(_ range: Range<Int>) -> Range<Int> {
        let bytes = tree.bytes
        guard range.upperBound < bytes.count, bytes[range.upperBound] == UInt8(ascii: "}") else { return range }
        var start = range.lowerBound
        while start > 0, bytes[start - 1] == UInt8(ascii: " ") { start -= 1 }
        return start > 0 && bytes[start - 1] == UInt8(ascii: ",") ? start - 1..<range.upperBound : range
    }

    /// A block that two patterns share is edited once.
    private mutating func add(_ edit: TextEdit) {
        if !edits.contains(edit) { edits.append(edit) }
    }

    mutating func replace(_ range: Range<Int>, with text: String) { add(TextEdit(range: range, replacement: text)) }

    mutating func insert(_ text: String, at place: Int) { replace(place..<place, with: text) }

    /// Gives a key or a string another text and leaves its quotes. False where that is no string written out.
    mutating func rewrite(_ node: SourceNode, as text: String) -> Bool {
        if case .scalar(.string(_, let content)) = node.kind, content.lowerBound > 0 {
            let quote = Character(Unicode.Scalar(tree.bytes[content.lowerBound - 1]))
            if !text.contains(quote), !text.hasSuffix("\\") {
                replace(content, with: text)
                return true
            }
        }
        guard let quoted = WrittenValue.quoted(text) else { return false }
        replace(node.range, with: quoted)
        return true
    }

    /// Takes an entry of a mapping out, with its comma; its line goes, too, if nothing else stands there. A comment
    /// stays.
    mutating func remove(_ entry: SourceNode.Entry) { remove(entry.range) }

    /// The same of a whole statement.
    mutating func remove(_ range: Range<Int>) {
        let bytes = tree.bytes
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var end = range.upperBound
        while end < bytes.count, isBlank(bytes[end]) { end += 1 }
        let hasComma = end < bytes.count && bytes[end] == UInt8(ascii: ",")
        end = hasComma ? end + 1 : range.upperBound
        var after = end
        while after < bytes.count, isBlank(bytes[after]) { after += 1 }
        var start = range.lowerBound
        while start > 0, isBlank(bytes[start - 1]) { start -= 1 }
        let beginsLine = start == 0 || bytes[start - 1] == UInt8(ascii: "\n")
        let endsLine = after == bytes.count || bytes[after] == UInt8(ascii: "\n") || bytes[after] == UInt8(ascii: "\r")
        if beginsLine, endsLine {
            while after < bytes.count, bytes[after] != UInt8(ascii: "\n") { after += 1 }
            replace(start..<min(after + 1, bytes.count), with: "")
        } else if !hasComma, start > 0, bytes[start - 1] == UInt8(ascii: ",") {
            // The last one: the comma before it has nothing to part any more.
            replace(start - 1..<end, with: "")
        } else if endsLine {
            replace(start..<end, with: "")
        } else {
            replace(range.lowerBound..<after, with: "")
        }
    }
}
