import LibXML
import Testing

@Suite("Reading XML")
struct XMLReaderTests {
    /// `start NAME a=b`, `text T`, `end NAME`, or the failure.
    static func events(_ document: String, allowsDoctype: Bool = false, limits: XMLLimits = .standard) -> [String] {
        var lines: [String] = []
        do {
            let reader = try XMLReader(
                bytes: Array(document.utf8), name: "t.xml", limits: limits, allowsDoctype: allowsDoctype)
            while let event = try reader.next() {
                switch event {
                case .start(let name, let attributes):
                    lines.append((["<\(name)"] + attributes.map { "\($0.name)=\($0.value)" }).joined(separator: " "))
                case .text(let text): lines.append("'\(text)'")
                case .end(let name): lines.append("/\(name)")
                }
            }
        } catch {
            lines.append("\(error)")
        }
        return lines
    }

    @Test(
        "events come in the order of the document",
        arguments: [
            ("<a/>", ["<a", "/a"]),
            ("<a></a>", ["<a", "/a"]),
            ("\u{FEFF}<a>x</a>", ["<a", "'x'", "/a"]),
            ("<?xml version='1.0'?>\n<a>\n <b/>\n</a>\n", ["<a", "'\n '", "<b", "/b", "'\n'", "/a"]),
            ("<a>x<b/>y</a>", ["<a", "'x'", "<b", "/b", "'y'", "/a"]),
            ("<a>1<![CDATA[<2>]]>3<!-- no -->4<?p q?>5</a>", ["<a", "'1<2>345'", "/a"]),
            ("<a><![CDATA[]]><b/>1<![CDATA[]]></a>", ["<a", "<b", "/b", "'1'", "/a"]),
            ("<a>&amp;&lt;&gt;&quot;&apos;&#233;&#x1F600;</a>", ["<a", "'&<>\"'é😀'", "/a"]),
            ("<a>x\r\ny\rz&#13;</a>", ["<a", "'x\ny\nz\r'", "/a"]),
            ("<a b='1' c=\"&lt;&#10;\"/>", ["<a b=1 c=<\n", "/a"]),
            ("<a b=' x\ty\n'/>", ["<a b= x y ", "/a"]),
            ("<a b=''/>", ["<a b=", "/a"]),
            ("<ex:a xmlns:ex='urn:x' ex:b='1' xmlns='urn:y'/>", ["<ex:a ex:b=1", "/ex:a"]),
            ("<ex:nil/>", ["<ex:nil", "/ex:nil"]),
            ("<a><b><c/></b></a>", ["<a", "<b", "<c", "/c", "/b", "/a"]),
            ("<a>]]&gt;</a>", ["<a", "']]>'", "/a"]),
        ])
    func order(document: String, expected: [String]) {
        #expect(Self.events(document) == expected)
    }

    @Test(
        "what is not well-formed or not safe is refused with its place",
        arguments: [
            ("", "t.xml:1:1: the document is empty"),
            ("  \n", "t.xml:1:1: the document is empty"),
            ("Invalid request", "t.xml:1:1: this is not XML in UTF-8: it does not begin with \"<\""),
            ("<a>\n<b/>", "t.xml:2:5: the document is cut off: it ends inside an element"),
            ("<a>x</", "the document is cut off: it ends inside an element"),
            ("<a></b>", "Opening and ending tag mismatch: a line 1 and b"),
            ("<a/>x", "t.xml:1:5: Extra content at the end of the document"),
            ("<a/><b/>", "t.xml:1:5: Extra content at the end of the document"),
            ("<a b='1' b='2'/>", "Attribute b redefined"),
            ("<a>&foo;</a>", "Entity 'foo' not defined"),
            ("<a b='&foo;'/>", "Entity 'foo' not defined"),
            ("<a>&#1;</a>", "invalid xmlChar value 1"),
            ("<a>\u{1}</a>", "PCDATA invalid Char value 1"),
            ("<!DOCTYPE a><a/>", "t.xml:1:1: a document type declaration (DOCTYPE) is not allowed here"),
            ("<!-- x -->\n <!DOCTYPE a><a/>", "t.xml:2:2: a document type declaration (DOCTYPE) is not allowed here"),
            ("<?xml version='1.0' encoding='UTF-7'?><a/>", "the encoding \"UTF-7\" is not read here"),
            ("<?xml version='1.0' encoding=\"UTF-16\"?><a/>", "the encoding \"UTF-16\" is not read here"),
            ("<a><", "t.xml:1:5: the document is cut off"),
        ])
    func refusals(document: String, message: String) {
        let last = Self.events(document).last ?? ""
        #expect(last.hasPrefix("t.xml:"))
        #expect(last.contains(message), "\(last)")
    }

    @Test(
        "with a document type declaration allowed, nothing it declares is used",
        arguments: [
            ("<!DOCTYPE a SYSTEM 'variants.dtd'><a>x</a>", ["<a", "'x'", "/a"]),
            ("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", ["<a", "/a"]),
            ("<!DOCTYPE a [<!ENTITY e 'x'>]><a>y</a>", ["<a", "'y'", "/a"]),
            (
                "<!DOCTYPE a [<!ENTITY e 'x'>]>\n<a>y&e;</a>",
                [
                    "<a",
                    "t.xml:2:4: the entity \"&e;\" is not known here; only &amp; &lt; &gt; &quot; &apos; and character "
                        + "references such as &#233; are",
                ]
            ),
            (
                "<!DOCTYPE a [<!ENTITY e 'x'>]><a b='&e;'/>",
                ["t.xml:1:31: the attribute \"b\" of <a> uses an entity that is not known here"]
            ),
            (
                "<!DOCTYPE a [<!ENTITY % p '<!ENTITY e \"x\">'>%p;]><a/>",
                ["t.xml:1:1: a document type declaration with a parameter entity (%) is not read"]
            ),
        ])
    func doctype(document: String, expected: [String]) {
        #expect(Self.events(document, allowsDoctype: true) == expected)
    }

    @Test(
        "an entity that might come from a file outside is refused, in text and in attributes",
        arguments: ["<a>&e;</a>", "<a b='&e;'/>", "<a b='x&e;y'>z</a>"])
    func outsideEntity(element: String) {
        for declaration in [
            "<!DOCTYPE a SYSTEM 'x.dtd'>", "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>",
            "<!DOCTYPE a [<!ENTITY e SYSTEM 'http://127.0.0.1:1/x'>]>",
        ] {
            let events = Self.events(declaration + element, allowsDoctype: true)
            #expect(events.last?.hasPrefix("t.xml:1:") == true, "\(events)")
        }
    }

    @Test("every event knows the line and column of its first character")
    func places() throws {
        let document = """
            <?xml version="1.0"?>
            <!DOCTYPE v [ <!ELEMENT v ANY> <!-- ' > --> ]>
            <!-- <no/> -->
            <v>
              <é a="&gt;" b='>'/> text<!-- c --><b>x</b>
            </v>
            """
        let reader = try XMLReader(bytes: Array(document.utf8), name: "v.xml", allowsDoctype: true)
        var places: [String] = []
        while let event = try reader.next() {
            switch event {
            case .start(let name, _): places.append("\(name)@\(reader.location)")
            case .text: places.append("text@\(reader.location)")
            case .end(let name): places.append("/\(name)@\(reader.location)")
            }
        }
        #expect(
            places == [
                "v@4:1", "text@4:4", "é@5:3", "/é@5:3", "text@5:22", "b@5:37", "text@5:40", "/b@5:41", "text@5:45",
                "/v@6:1",
            ])
    }

    @Test("places far into a large document are right")
    func farPlaces() throws {
        let lines = (1...80_000).map { "<b>\($0)</b>" }
        let document = (["<a>"] + lines + ["</a>"]).joined(separator: "\n")
        let reader = try XMLReader(bytes: Array(document.utf8), name: "v.xml", allowsDoctype: false)
        var line = 1
        while let event = try reader.next() {
            guard case .start("b", _) = event else { continue }
            line += 1
            if line % 9973 == 0 { #expect(reader.location == XMLLocation(line: line, column: 1)) }
        }
        #expect(line == 80_001)
    }

    @Test("the declared encoding is followed")
    func latin1() throws {
        var bytes = Array("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>gr".utf8)
        bytes += [0xFC] + Array("ezi</a>".utf8)
        let reader = try XMLReader(bytes: bytes, name: "t", allowsDoctype: false)
        _ = try reader.next()
        #expect(try reader.next() == .text("grüezi"))
    }

    @Test("a failure is thrown again by every later call")
    func failureStays() throws {
        let reader = try XMLReader(bytes: Array("<a></b>".utf8), name: "t", allowsDoctype: false)
        #expect(throws: XMLFailure.self) { while try reader.next() != nil {} }
        #expect(throws: XMLFailure.self) { try reader.next() }
    }

    @Test("after the end there is nothing more")
    func endStays() throws {
        let reader = try XMLReader(bytes: Array("<a/>".utf8), name: "t", allowsDoctype: false)
        while try reader.next() != nil {}
        #expect(try reader.next() == nil)
    }
}
