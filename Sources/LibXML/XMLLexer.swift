/// Finds the tags in the bytes of a well-formed document; text, comments, CDATA sections and instructions are passed
/// over. On anything else it gives some tags or none, and never goes beyond the end.
struct XMLLexer {
    /// A start tag or the tag of an empty element.
    struct Tag {
        var start: Int
        var attributes = 0
        /// Those of the attributes that declare namespaces.
        var namespaces = 0
        var isEmpty = false
    }

    enum Token {
        case start(Tag)
        /// An end tag that begins here.
        case end(Int)
        /// `<!DOCTYPE ...>` with its internal part.
        case declaration(Range<Int>)
    }

    let bytes: [UInt8]
    /// Behind the last token.
    private(set) var place = 0
    /// The names of elements, attributes and instructions so far; nil if nobody asks.
    private(set) var names: XMLNames?
    /// Comments and instructions that were passed over.
    private(set) var asides = 0

    init(_ bytes: [UInt8], countsNames: Bool = false) {
        self.bytes = bytes
        if countsNames { names = XMLNames() }
    }

    mutating func next() -> Token? {
        while place < bytes.count {
            guard bytes[place] == UInt8(ascii: "<") else {
                place += 1
                continue
            }
            switch place + 1 < bytes.count ? bytes[place + 1] : 0 {
            case UInt8(ascii: "/"):
                let start = place
                place = after(">", from: place)
                return bytes[place - 1] == UInt8(ascii: ">") ? .end(start) : nil
            case UInt8(ascii: "?"):
                asides += 1
                note(place + 2)
                place = after("?>", from: place + 2)
            case UInt8(ascii: "!"):
                if starts("<!--") {
                    asides += 1
                    place = after("-->", from: place + 4)
                } else if starts("<![CDATA[") {
                    place = after("]]>", from: place + 9)
                } else {
                    return .declaration(declaration())
                }
            default:
                return .start(tag())
            }
        }
        return nil
    }

    /// Where the text behind the last token begins: comments and instructions are passed over.
    var text: Int {
        var lexer = self
        while true {
            if lexer.starts("<!--") {
                lexer.place = lexer.after("-->", from: lexer.place + 4)
            } else if lexer.starts("<?") {
                lexer.place = lexer.after("?>", from: lexer.place + 2)
            } else {
                return lexer.place
            }
        }
    }

    private mutating func tag() -> Tag {
        var tag = Tag(start: place)
        place += 1
        note(place)
        while place < bytes.count {
            let byte = bytes[place]
            switch byte {
            case UInt8(ascii: ">"):
                tag.isEmpty = bytes[place - 1] == UInt8(ascii: "/")
                place += 1
                return tag
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                repeat { place += 1 } while place < bytes.count && bytes[place] != byte
            case UInt8(ascii: "="):
                tag.attributes += 1
            default:
                if !Self.isNameByte(bytes[place - 1]), Self.isNameByte(byte) {
                    note(place)
                    if byte == UInt8(ascii: "x"), starts("xmlns") { tag.namespaces += 1 }
                }
            }
            place += 1
        }
        place = min(place, bytes.count)
        return tag
    }

    /// Counts the name that begins at `start`.
    private mutating func note(_ start: Int) {
        guard names != nil else { return }
        var end = start
        while end < bytes.count, Self.isNameByte(bytes[end]) { end += 1 }
        names?.insert(start..<max(start, end), of: bytes)
    }

    /// Whether the byte may be part of a name. All bytes beyond ASCII are taken as such.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case ...0x20, UInt8(ascii: "="), UInt8(ascii: "/"), UInt8(ascii: ">"), UInt8(ascii: "<"), UInt8(ascii: "?"),
            UInt8(ascii: "\""), UInt8(ascii: "'"):
            false
        default: true
        }
    }

    private mutating func declaration() -> Range<Int> {
        let start = place
        var depth = 0
        while place < bytes.count {
            let byte = bytes[place]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                repeat { place += 1 } while place < bytes.count && bytes[place] != byte
            case UInt8(ascii: "<"):
                if starts("<!--") {
                    place = after("-->", from: place + 4)
                    continue
                }
                if starts("<?") {
                    place = after("?>", from: place + 2)
                    continue
                }
                depth += 1
            case UInt8(ascii: ">"):
                depth -= 1
            default:
                break
            }
            place += 1
            if depth == 0 { break }
        }
        place = min(place, bytes.count)
        return start..<place
    }

    private func starts(_ text: StaticString) -> Bool { starts(text, at: place) }

    private func starts(_ text: StaticString, at place: Int) -> Bool {
        text.withUTF8Buffer { text in
            guard place + text.count <= bytes.count else { return false }
            for index in 0..<text.count where bytes[place + index] != text[index] { return false }
            return true
        }
    }

    /// Behind the next `text`, or the end of the document.
    private func after(_ text: StaticString, from start: Int) -> Int {
        var place = start
        let first = text.utf8Start.pointee
        while place < bytes.count {
            if bytes[place] == first, starts(text, at: place) { return place + text.utf8CodeUnitCount }
            place += 1
        }
        return bytes.count
    }

    /// The encoding that an XML declaration names; nil if there is no declaration or no encoding in it.
    static func declaredEncoding(_ start: ArraySlice<UInt8>) -> String? {
        guard start.starts(with: "<?xml".utf8) else { return nil }
        let declaration = String(decoding: start.prefix(1024), as: UTF8.self).prefix { $0 != ">" }
        guard let word = declaration.firstRange(of: "encoding") else { return nil }
        let rest = declaration[word.upperBound...].drop { $0 != "\"" && $0 != "'" }
        guard let quote = rest.first else { return nil }
        return String(rest.dropFirst().prefix { $0 != quote }.prefix(40))
    }
}

extension StringProtocol {
    /// The first place of `word`, which the standard library has only for other kinds of text.
    fileprivate func firstRange(of word: String) -> Range<Index>? {
        var place = startIndex
        while place < endIndex {
            if self[place...].hasPrefix(word) { return place..<index(place, offsetBy: word.count) }
            place = index(after: place)
        }
        return nil
    }
}
