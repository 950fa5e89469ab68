import Foundation
import Koji
import Testing

@testable import ComposePhase

/// Never answers; ends when it is cancelled.
private struct Dripping: HTTPTransport {
    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        try? await Task.sleep(for: .seconds(86_400))
        throw HTTPFailure(kind: .cancelled, url: request.url, message: "cancelled")
    }

    func download(_ download: HTTPDownload) async throws(HTTPFailure) -> HTTPDownloadResult {
        HTTPDownloadResult(status: 404, bytes: 0)
    }
}

@Suite("Which state of a repository an image was built from")
struct RepositoryRevisionsTests {
    private let url = "https://r/x86_64"
    private let server: OriginWorld.Server
    private let time = OriginWorld.Time()
    private let revisions: RepositoryRevisions

    init() {
        server = OriginWorld.Server(["https://r/x86_64/repodata/repomd.xml": OriginWorld.repomd("100")])
        revisions = RepositoryRevisions(files: OriginWorld.files(server), now: { [time] in time.now })
    }

    private func put(_ revision: String) {
        server.put(OriginWorld.repomd(revision), at: "\(url)/repodata/repomd.xml")
    }

    @Test("a repository is asked once in five minutes, however many images look at it")
    func once() async {
        for _ in 0..<5 {
            #expect(await revisions.look(at: url, start: nil).index?.revision == "100")
            time.pass(59)
        }
        #expect(server.requests == ["https://r/x86_64/repodata/repomd.xml"])
        time.pass(10)
        _ = await revisions.look(at: url, start: nil)
        #expect(server.requests.count == 2)
    }

    @Test("many who look at the same time ask once")
    func together() async {
        await withTaskGroup(of: String?.self) { group in
            for _ in 0..<20 { group.addTask { await revisions.look(at: url, start: nil).index?.revision } }
            for await revision in group { #expect(revision == "100") }
        }
        #expect(server.requests.count == 1)
    }

    @Test("a change between begin and end of a build is told with both revisions; before or after it, with one")
    func change() async {
        _ = await revisions.look(at: url, start: nil)  // at 1000
        time.pass(1000)
        put("200")
        let during = await revisions.look(at: url, start: 1500)
        #expect(during.index?.revision == "100" && during.later.map(\.revision) == ["200"])
        time.pass(1000)
        put("300")
        let after = await revisions.look(at: url, start: 2500)
        #expect(after.index?.revision == "200" && after.later.map(\.revision) == ["300"])
        let all = await revisions.look(at: url, start: 900)
        #expect(all.index?.revision == "100" && all.later.map(\.revision) == ["200", "300"])
        let unknown = await revisions.look(at: url, start: nil)
        #expect(unknown == all)
        let last = await revisions.look(at: url, start: 3001)
        #expect(last.index?.revision == "300" && last.later.isEmpty)
    }

    @Test("a repository that came back to an earlier state has still changed")
    func back() async {
        _ = await revisions.look(at: url, start: nil)
        for revision in ["200", "100"] {
            time.pass(400)
            put(revision)
            _ = await revisions.look(at: url, start: nil)
        }
        let look = await revisions.look(at: url, start: 1000)
        #expect(look.index?.revision == "100" && look.later.map(\.revision) == ["200"])
    }

    @Test("what cannot be read is told, and what was read before still counts")
    func trouble() async {
        let other = await revisions.look(at: "https://r/none", start: nil)
        #expect(other.index == nil)
        #expect(other.trouble == "https://r/none/repodata/repomd.xml answers 404")
        _ = await revisions.look(at: url, start: nil)
        time.pass(400)
        server.put("<html/>", at: "\(url)/repodata/repomd.xml")
        let look = await revisions.look(at: url, start: nil)
        #expect(look.index?.revision == "100")
        #expect(look.trouble?.contains("no index of a package repository: it begins with html") == true)
    }

    @Test("the begin of a run asks for every repository without being waited for")
    func begin() async {
        let urls = (0..<9).map { "https://r/\($0)" }
        for url in urls { server.put(OriginWorld.repomd("1"), at: "\(url)/repodata/repomd.xml") }
        revisions.begin(Set(urls))
        for url in urls { #expect(await revisions.look(at: url, start: nil).index?.revision == "1") }
        #expect(Set(server.requests).count == 9 && server.requests.count == 9)
    }

    @Test("a rehearsal asks only this host")
    func reach() async throws {
        let here = OriginWorld.Server([
            "http://localhost:8080/r/repodata/repomd.xml": OriginWorld.repomd("7"),
            "http://localhost.example.org/r/repodata/repomd.xml": OriginWorld.repomd("8"),
            "http://127.0.0.1/r/repodata/repomd.xml": OriginWorld.repomd("9"),
        ])
        let near = RepositoryRevisions(files: OriginWorld.files(here, reach: .thisHost), now: { 0 })
        #expect(await near.look(at: "http://localhost:8080/r/", start: nil).index?.revision == "7")
        #expect(await near.look(at: "http://127.0.0.1/r", start: nil).index?.revision == "9")
        let others = ["http://localhost.example.org/r", "https://kojipkgs.example.org/r", "/nonexistent/r"]
        for url in others {
            #expect(await near.look(at: url, start: nil) == .init(index: nil, later: [], trouble: nil))
        }
        #expect(here.requests.count == 2)
    }

    @Test("repositories on paths are read on this host", arguments: ["", "file://"])
    func paths(scheme: String) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("repo-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let repodata = directory.appendingPathComponent("repodata")
        try FileManager.default.createDirectory(at: repodata, withIntermediateDirectories: true)
        try Data(OriginWorld.repomd("44").utf8).write(to: repodata.appendingPathComponent("repomd.xml"))
        #expect(await revisions.look(at: scheme + directory.path, start: nil).index?.revision == "44")
        let none = await revisions.look(at: scheme + "/nonexistent/r", start: nil)
        #expect(none.trouble == "there is no /nonexistent/r/repodata/repomd.xml on this host")
        #expect(server.requests.isEmpty)
    }

    @Test("a server that does not come to an end is given up")
    func patience() async {
        let impatient = RepositoryRevisions(files: RepositoryFiles(transport: Dripping(), patience: {}), now: { 0 })
        let look = await impatient.look(at: "https://user:secret@slow/r", start: nil)
        #expect(look.trouble == "https://slow/r/repodata/repomd.xml does not answer in time")
    }

    @Test("who is cancelled does not wait for the server, and leaves no word of it", .timeLimit(.minutes(1)))
    func cancelled() async {
        let files = RepositoryFiles(
            transport: Dripping(), patience: { try? await Task.sleep(for: .seconds(86_400)) })
        let revisions = RepositoryRevisions(files: files, now: { 0 })
        let waiting = Task { await revisions.look(at: "https://slow/r", start: nil) }
        let other = Task { await revisions.look(at: "https://slow/r", start: nil) }
        waiting.cancel()
        #expect(await waiting.value == .init(index: nil, later: [], trouble: nil))
        other.cancel()
        #expect(await other.value.trouble == nil)
    }

    @Test(
        "indexes",
        arguments: [
            (OriginWorld.repomd("1761000000"), "1761000000"), (OriginWorld.repomd(" 7\n"), "7"),
            ("<repomd><data/></repomd>", nil), (OriginWorld.repomd(""), nil),
        ] as [(String, String?)])
    func index(text: String, revision: String?) throws {
        let index = try RepositoryIndex.read(Array(text.utf8), name: "repomd.xml")
        #expect(index.revision == revision)
        #expect(index.checksum.utf8.count == 64)
    }

    @Test("the checksum is that of the bytes")
    func checksum() throws {
        let index = try RepositoryIndex.read(Array("<repomd/>".utf8), name: "repomd.xml")
        // printf '<repomd/>' | sha256sum
        #expect(index.checksum == "50095c0dd3ea786b68ccdfc6eaf4a30f893ab83aa88d29bdd787e957b888cb48")
    }

    @Test("what is no index is refused", arguments: ["", "<repomd>", "{}", "<metalink/>"])
    func noIndex(text: String) {
        #expect(throws: RepositoryIndex.Unreadable.self) {
            try RepositoryIndex.read(Array(text.utf8), name: "repomd.xml")
        }
    }
}
