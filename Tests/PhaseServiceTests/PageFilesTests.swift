import Foundation
import PhaseService
import TestSupport
import Testing

@Suite("The page's files")
struct PageFilesTests {
    static let folder = Checkout.root.appendingPathComponent("Sources/PhaseService/Page")

    @Test("every file of the folder is served, as it is, and nothing else")
    func files() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
            .filter { !$0.hasSuffix(".swift") }
        let expected = names.map { $0 == "page.html" ? "/" : "/page/\($0)" }.sorted()
        #expect(PageFiles.paths == expected)
        for name in names {
            let file = try #require(PageFiles.file(at: name == "page.html" ? "/" : "/page/\(name)"))
            #expect(try Data(file.bytes) == Data(contentsOf: Self.folder.appendingPathComponent(name)), "\(name)")
        }
    }

    @Test("content types are those of the names, and every content has a tag of its own")
    func types() throws {
        let types = [
            "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8",
            "css": "text/css; charset=utf-8", "svg": "image/svg+xml",
        ]
        var tags: Set<String> = []
        for path in PageFiles.paths {
            let file = try #require(PageFiles.file(at: path))
            let ending = path == "/" ? "html" : path.split(separator: ".").last.map(String.init) ?? ""
            #expect(file.contentType == types[ending], "\(path)")
            #expect(file.entityTag.hasPrefix("\"") && file.entityTag.hasSuffix("\"") && file.entityTag.count > 8)
            tags.insert(file.entityTag)
        }
        #expect(tags.count == PageFiles.paths.count)
    }

    @Test("paths that only look like one of ours lead nowhere")
    func strangers() {
        for path in ["", "/page", "/page/", "/page/page.html", "/page/../page.html", "/page/PageFiles.swift", "//"] {
            #expect(PageFiles.file(at: path) == nil, "\(path)")
        }
    }

    @Test("the page keeps to its own policy: nothing in line, nothing from elsewhere, no text as markup")
    func policy() throws {
        for path in PageFiles.paths {
            let text = String(decoding: try #require(PageFiles.file(at: path)).bytes, as: UTF8.self)
            for banned in [
                "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "style=",
            ] {
                #expect(!text.contains(banned), "\(path) has \(banned)")
            }
            // The one address is the name of SVG.
            let own = text.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
            #expect(!own.contains("http://") && !own.contains("https://"), "\(path) names an address")
            let scripts = text.components(separatedBy: "<script").dropFirst()
            #expect(scripts.allSatisfy { $0.prefix { $0 != ">" }.contains("src=") }, "\(path) has a script in line")
        }
    }

    @Test("every module that is imported is there")
    func imports() throws {
        for path in PageFiles.paths where path.hasSuffix(".js") {
            let text = String(decoding: try #require(PageFiles.file(at: path)).bytes, as: UTF8.self)
            for part in text.components(separatedBy: "from \"./").dropFirst() {
                let name = part.prefix { $0 != "\"" }
                #expect(PageFiles.file(at: "/page/\(name)") != nil, "\(path) imports \(name)")
            }
        }
    }
}
