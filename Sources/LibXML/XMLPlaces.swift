/// Finds the line and column of the n-th tag in the bytes of a document.
///
/// libxml2 knows only how far its parser is, which is up to some hundred bytes ahead of the event that it hands out. So
/// the tags are counted, and this looks up the n-th one, only when somebody asks. It goes through the document once,
/// since events come in the document's order.
struct XMLPlaces {
    /// A place: the n-th tag (from 1; 0 is the start of the document), or the text behind it.
    enum Mark {
        case tag(Int)
        case text(Int)
    }

    private var lexer: XMLLexer
    private var cursor = XMLCursor()
    /// How many tags were found, and where the last one begins.
    private var tags = 0
    private var start = 0

    init(_ bytes: [UInt8]) {
        lexer = XMLLexer(bytes)
    }

    mutating func location(of mark: Mark) -> XMLLocation {
        switch mark {
        case .tag(let number):
            find(number)
            return cursor.location(at: start, in: lexer.bytes)
        case .text(let number):
            find(number)
            return cursor.location(at: lexer.text, in: lexer.bytes)
        }
    }

    /// The end of the document if elements are open there; nil if they all have an end.
    func locationOfCut() -> XMLLocation? {
        var lexer = XMLLexer(lexer.bytes)
        var depth = 0
        while let token = lexer.next() {
            switch token {
            case .start(let tag): depth += tag.isEmpty ? 0 : 1
            case .end: depth -= 1
            case .declaration: break
            }
        }
        guard depth > 0 else { return nil }
        var cursor = XMLCursor()
        return cursor.location(at: lexer.bytes.count, in: lexer.bytes)
    }

    private mutating func find(_ number: Int) {
        while tags < number, let token = lexer.next() {
            switch token {
            case .start(let tag): start = tag.start
            case .end(let place): start = place
            case .declaration: continue
            }
            tags += 1
        }
    }
}
