/// The lines of an XML file, for the excerpts of complaints and for the places of attributes, which an XML reader does
/// not tell.
struct MarkupSource {
    let path: String
    private let lines: [[Unicode.Scalar]]

    init(bytes: [UInt8], path: String) {
        self.path = path
        var scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        lines = scalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            Array(line.last == "\r" ? line.dropLast() : line)
        }
    }

    /// The text of a line, counted from 1; nil for one that nobody could read.
    func line(_ number: Int) -> String? {
        guard lines.indices.contains(number - 1), lines[number - 1].count <= 2000 else { return nil }
        return String(String.UnicodeScalarView(lines[number - 1]))
    }

    /// Where each attribute of the start tag at `location` begins. The document must be well formed.
    func attributes(ofTagAt location: SourceLocation) -> [(name: String, location: SourceLocation)] {
        var cursor = Cursor(lines: lines, line: location.line - 1, column: location.column - 1)
        var found: [(String, SourceLocation)] = []
        // `<` and the name of the element.
        cursor.skip { !$0.isMarkupSpace && $0 != ">" && $0 != "/" }
        while true {
            cursor.skip(while: \.isMarkupSpace)
            guard let first = cursor.current, first != ">", first != "/", first != "=" else { return found }
            let place = SourceLocation(file: path, line: cursor.line + 1, column: cursor.column + 1)
            let name = cursor.take { !$0.isMarkupSpace && $0 != "=" && $0 != ">" }
            found.append((name, place))
            cursor.skip { $0.isMarkupSpace || $0 == "=" }
            guard let quote = cursor.current, quote == "\"" || quote == "'" else { return found }
            cursor.advance()
            cursor.skip { $0 != quote }
            cursor.advance()
        }
    }

    /// A place in the lines. A line's end reads as a line feed.
    private struct Cursor {
        let lines: [[Unicode.Scalar]]
        var line: Int
        var column: Int

        var current: Unicode.Scalar? {
            guard lines.indices.contains(line) else { return nil }
            return column < lines[line].count ? lines[line][column] : "\n"
        }

        mutating func advance() {
            guard lines.indices.contains(line) else { return }
            if column < lines[line].count {
                column += 1
            } else {
                line += 1
                column = 0
            }
        }

        mutating func skip(while fits: (Unicode.Scalar) -> Bool) {
            while let scalar = current, fits(scalar) { advance() }
        }

        mutating func take(while fits: (Unicode.Scalar) -> Bool) -> String {
            var text = String.UnicodeScalarView()
            while let scalar = current, fits(scalar) {
                text.append(scalar)
                advance()
            }
            return String(text)
        }
    }
}

extension Unicode.Scalar {
    /// White space of XML.
    var isMarkupSpace: Bool { self == " " || self == "\t" || self == "\n" || self == "\r" }
}
