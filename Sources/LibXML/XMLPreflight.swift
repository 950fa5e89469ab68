/// Looks over the tags of a document before libxml2 sees it.
///
/// libxml2 compares every attribute of a tag with every other and looks through all namespace declarations in scope for
/// every name, so that a small document with very many of them takes hours. It also reads a document type declaration
/// in full before it says that there is one, and keeps a whole run of comments or instructions in memory, twenty times
/// their size. Here all of it is found in one pass over the bytes. What is not well-formed is
/// left to libxml2 to refuse.
struct XMLPreflight {
    /// More attributes than this in one tag are refused; documents of ours have a handful.
    static let attributes = 256
    /// More namespace declarations than this in the elements that are open are refused.
    static let namespaces = 64
    /// A longer document type declaration than this, in bytes, is refused.
    static let doctypeBytes = 65_536

    /// More different names than this are refused.
    static let names = 50_000
    /// More comments and instructions than this are refused.
    static let asides = 100_000

    let document: String
    let allowsDoctype: Bool
    let depth: Int

    static let noDoctype = "a document type declaration (DOCTYPE) is not allowed here"

    /// Throws for a document that libxml2 should not get.
    func check(_ bytes: [UInt8]) throws(XMLFailure) {
        try checkEncoding(bytes)
        var lexer = XMLLexer(bytes, countsNames: true)
        /// Namespace declarations of every element that is open.
        var open: [Int] = []
        var inScope = 0
        while let token = lexer.next() {
            try checkAsides(lexer, bytes)
            guard lexer.names?.count ?? 0 <= Self.names else {
                throw failure("more than \(Self.names) different names", at: lexer.place, in: bytes)
            }
            switch token {
            case .declaration(let range):
                guard allowsDoctype else { throw failure(Self.noDoctype, at: range.lowerBound, in: bytes) }
                guard range.count <= Self.doctypeBytes else {
                    throw failure(
                        "a document type declaration of more than \(Self.doctypeBytes) bytes", at: range.lowerBound,
                        in: bytes)
                }
                guard !bytes[range].contains(UInt8(ascii: "%")) else {
                    throw failure(
                        "a document type declaration with a parameter entity (%) is not read", at: range.lowerBound,
                        in: bytes)
                }
            case .end:
                inScope -= open.popLast() ?? 0
            case .start(let tag):
                guard tag.attributes <= Self.attributes else {
                    throw failure("a tag with more than \(Self.attributes) attributes", at: tag.start, in: bytes)
                }
                guard inScope + tag.namespaces <= Self.namespaces else {
                    throw failure("more than \(Self.namespaces) namespaces", at: tag.start, in: bytes)
                }
                if tag.isEmpty { continue }
                guard open.count < depth else {
                    throw failure("more than \(depth) elements inside each other", at: tag.start, in: bytes)
                }
                open.append(tag.namespaces)
                inScope += tag.namespaces
            }
        }
        try checkAsides(lexer, bytes)
    }

    private func checkAsides(_ lexer: XMLLexer, _ bytes: [UInt8]) throws(XMLFailure) {
        guard lexer.asides <= Self.asides else {
            throw failure("more than \(Self.asides) comments and instructions", at: lexer.place, in: bytes)
        }
    }

    /// The pass above reads ASCII, so it must mean in the document what it means here.
    private func checkEncoding(_ bytes: [UInt8]) throws(XMLFailure) {
        var start = bytes[...]
        if start.starts(with: [0xEF, 0xBB, 0xBF]) { start = start.dropFirst(3) }
        guard let first = start.first(where: { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }) else {
            throw failure("the document is empty", at: 0, in: bytes)
        }
        guard first == UInt8(ascii: "<"), !start.prefix(4).contains(0) else {
            throw failure("this is not XML in UTF-8: it does not begin with \"<\"", at: 0, in: bytes)
        }
        guard let name = XMLLexer.declaredEncoding(start) else { return }
        let known = name.lowercased()
        guard
            ["utf-8", "utf8", "us-ascii", "ascii", "latin1"].contains(known) || known.hasPrefix("iso-8859-")
                || known.hasPrefix("windows-125")
        else {
            throw failure("the encoding \"\(name)\" is not read here; write the document in UTF-8", at: 0, in: bytes)
        }
    }

    private func failure(_ message: String, at place: Int, in bytes: [UInt8]) -> XMLFailure {
        var cursor = XMLCursor()
        return XMLFailure(message: message, location: cursor.location(at: place, in: bytes), document: document)
    }
}
