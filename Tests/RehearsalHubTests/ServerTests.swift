import Foundation
import Koji
import Synchronization
import TestSupport
import Testing

@testable import RehearsalHub

/// A clock that moves only when the test says so.
final class SteppedClock: Sendable {
    private let time = Mutex(HubTime(seconds: 1_795_000_000))

    var clock: HubClock { HubClock { [self] in time.withLock { $0 } } }

    func step(_ seconds: Double) { time.withLock { $0 = HubTime(seconds: $0.seconds + seconds) } }
}

/// The lines of a hub's log.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    func append(_ line: String) { lines.withLock { $0.append(line) } }

    var all: [String] { lines.withLock { $0 } }
}

@Suite("The server on loopback")
struct ServerTests {
    private static let scratchBuild: [XMLRPCValue] = [
        .string("f43"), .strings(["x86_64"]), .strings(["iot-installer"]), .string("Fedora-IoT-ostree"), .string("43"),
        .object(["scratch": .bool(true), "release": .string("20261122.0")]),
    ]

    @Test("what is no call gets the real hub's statuses and headers")
    func statuses() async throws {
        try await withDirectory { directory in
            let settings = quickSettings(directory) { $0.maxRequestBytes = 5000 }
            try await RehearsalHub.withHub(settings: settings) { hub in
                let get = try await Loopback.send("GET", "/kojihub", port: hub.port)
                #expect(get.status == 405 && get.headers["allow"] == "POST")
                #expect(get.headers["koji-version"] == "1.35.3")
                let bodies: [(String, [UInt8])] = [
                    ("empty", []), ("garbage", Array("this is not xml".utf8)),
                    ("cut off", Array("<?xml version='1.0'?><methodCall><methodName>getAPI".utf8)),
                    (
                        "a DTD",
                        Array(
                            "<!DOCTYPE x [<!ENTITY a 'b'>]><methodCall><methodName>&a;</methodName></methodCall>".utf8)
                    ),
                    ("too long", [UInt8](repeating: 32, count: 5001)),
                ]
                for (name, body) in bodies {
                    let answer = try await Loopback.send(
                        "POST", "/kojihub", port: hub.port, headers: ["Content-Type": "text/xml"], body: body)
                    #expect(answer.status == 400, "\(name)")
                    #expect(answer.headers["content-type"] == "text/plain", "\(name)")
                    #expect(answer.text.hasPrefix("Invalid request: "), "\(name)")
                }
                let call = try XMLRPCCall(method: "getAPIVersion", args: []).encoded()
                let plain = try await Loopback.send("POST", "/kojihub", port: hub.port, body: call)
                #expect(plain.status == 200 && plain.headers["content-type"] == "text/xml")
                let upload = try await Loopback.send(
                    "POST", "/kojihub", port: hub.port, headers: ["Content-Type": "application/octet-stream"], body: [1]
                )
                #expect(upload.status == 200 && upload.text.contains("no uploads"))
                #expect(try await Loopback.send("GET", "/nope", port: hub.port).status == 404)
            }
        }
    }

    @Test("sessions travel in headers or in the query string, with either name of the number")
    func sessions() async throws {
        try await withDirectory { directory in
            try await RehearsalHub.withHub(settings: quickSettings(directory)) { hub in
                let session = try await Loopback.login(hub)
                let numbered = SessionClaim(id: session.id, key: session.key, callnum: "1")
                let id = try await Loopback.call(hub, "imageBuilderBuild", Self.scratchBuild, session: numbered)
                #expect(id == .number(1))
                await #expect(throws: XMLRPCFault.self) {
                    try await Loopback.call(hub, "imageBuilderBuild", Self.scratchBuild, session: numbered)
                }
                let query = "/kojihub?session-id=\(session.id)&session-key=\(session.key)&callnum=2"
                let user = try await Loopback.call(hub, "getLoggedInUser", path: query)
                #expect(user["name"] == .string("rehearsal"))
                let body = try XMLRPCCall(method: "getAPIVersion", args: []).encoded()
                let old = try await Loopback.send(
                    "POST", "/kojihub", port: hub.port,
                    headers: [
                        "Koji-Session-Id": "\(session.id)", "Koji-Session-Key": session.key, "Koji-Callnum": "0",
                    ], body: body)
                #expect(try XMLRPCResponse.decode(old.body).faultCode == 1008)
                await hub.expireSessions()
                do {
                    _ = try await Loopback.call(hub, "getLoggedInUser", session: session)
                    Issue.record("an expired session was served")
                } catch let fault as XMLRPCFault {
                    #expect(fault.code == 1007)
                }
                await hub.goOffline(calls: 1)
                do {
                    _ = try await Loopback.call(hub, "getAPIVersion")
                    Issue.record("an offline hub answered")
                } catch let fault as XMLRPCFault {
                    #expect(fault.code == 1014)
                }
            }
        }
    }

    @Test("files are there over HTTP and on disk, whole and in ranges, and nothing outside is")
    func files() async throws {
        try await withDirectory { directory in
            let clock = SteppedClock()
            let settings = quickSettings("\(directory)/tree") { $0.imageBytes = 50_000 }
            try Data("secret".utf8).write(to: URL(fileURLWithPath: "\(directory)/secret"))
            try await RehearsalHub.withHub(settings: settings, clock: clock.clock) { hub in
                let session = try await Loopback.login(hub)
                _ = try await Loopback.call(hub, "imageBuilderBuild", Self.scratchBuild, session: session)
                clock.step(10)
                let name = "Fedora-IoT-ostree-43-20261122.0.x86_64.iso"
                let path = "/files/work/tasks/2/2/\(name)"
                let whole = try await Loopback.send("GET", path, port: hub.port)
                #expect(whole.status == 200 && whole.body.count == 50_000)
                let modified = try #require(whole.headers["last-modified"])
                #expect(modified.hasPrefix("Thu, 01 Jan 2026 ") && modified.hasSuffix(" GMT"))
                let disk = try Data(contentsOf: URL(fileURLWithPath: "\(hub.topdir)/work/tasks/2/2/\(name)"))
                #expect(Array(disk) == whole.body)
                let scratch = "/files/scratch/rehearsal/task_2/\(name)"
                #expect(try await Loopback.send("GET", scratch, port: hub.port).body == whole.body)
                let head = try await Loopback.send("HEAD", path, port: hub.port)
                #expect(head.headers["content-length"] == "50000" && head.body.isEmpty)
                let encoded = path.replacingOccurrences(of: "Fedora", with: "%46edora")
                #expect(try await Loopback.send("GET", encoded, port: hub.port).status == 200)
                let ranges: [(String, Int, Range<Int>?)] = [
                    ("bytes=0-99", 206, 0..<100), ("bytes=49990-", 206, 49_990..<50_000),
                    ("bytes=-10", 206, 49_990..<50_000), ("bytes=49999-60000", 206, 49_999..<50_000),
                    ("bytes=50000-", 416, nil), ("bytes=5-3", 200, 0..<50_000), ("lines=1-2", 200, 0..<50_000),
                    ("bytes=1-2,5-6", 200, 0..<50_000), ("bytes=99999999999999999999-", 416, nil),
                ]
                for (range, status, part) in ranges {
                    let answer = try await Loopback.send("GET", path, port: hub.port, headers: ["Range": range])
                    #expect(answer.status == status, "\(range)")
                    if let part { #expect(answer.body == Array(whole.body[part]), "\(range)") }
                }
                let stale = try await Loopback.send(
                    "GET", path, port: hub.port, headers: ["Range": "bytes=5-", "If-Range": "\"other\""])
                #expect(stale.status == 200)
                symlink("\(directory)/secret", "\(hub.topdir)/work/link")
                for outside in [
                    "/files/../secret", "/files/%2e%2e/secret", "/files/work/../../secret", "/files//etc/passwd",
                    "/files/work/link", "/files/work", "/files/%zz", "/files/%00", "/files/",
                ] {
                    #expect(try await Loopback.send("GET", outside, port: hub.port).status == 404, "\(outside)")
                }
                #expect(try await Loopback.send("POST", path, port: hub.port).status == 405)
                #expect(FileManager.default.fileExists(atPath: "\(hub.topdir)/REHEARSAL"))
                #expect(await hub.statistics().fileRequests > 10)
            }
        }
    }

    @Test("a full build lies below packages/ with checksums that fit, and work/ has links")
    func packages() async throws {
        try await withDirectory { directory in
            let clock = SteppedClock()
            try await RehearsalHub.withHub(settings: quickSettings(directory), clock: clock.clock) { hub in
                let session = try await Loopback.login(hub)
                _ = try await Loopback.call(
                    hub, "imageBuilderBuild",
                    [
                        .string("f43"), .strings(["x86_64"]), .strings(["minimal-raw-xz"]), .string("Fedora-Minimal"),
                        .string("43"), .object(["release": .string("1.6")]),
                    ], session: session)
                clock.step(10)
                let archives = try await Loopback.call(
                    hub, "listArchives", [], ["buildID": .number(1), "type": .string("image")])
                for archive in try #require(archives.items) {
                    let name = try #require(archive["filename"].textValue)
                    let file = "\(hub.topdir)/packages/Fedora-Minimal/43/1.6/images/\(name)"
                    let sum = try await offThread {
                        try PythonPeer.run(program: URL(fileURLWithPath: "/usr/bin/sha256sum"), [file]).stdout
                    }
                    let digits = String(decoding: sum, as: UTF8.self).split(separator: " ").first.map(String.init)
                    #expect(archive["checksum"].textValue == digits)
                    let link = "\(hub.topdir)/work/tasks/2/2/\(name)"
                    #expect(
                        try FileManager.default.destinationOfSymbolicLink(atPath: link)
                            == "../../../../packages/Fedora-Minimal/43/1.6/images/\(name)")
                    #expect(FileManager.default.contents(atPath: link)?.count == archive["size"].wholeNumber)
                }
                let log = "/files/packages/Fedora-Minimal/43/1.6/data/logs/image/x86_64/build.log"
                #expect(try await Loopback.send("GET", log, port: hub.port).text.contains("nothing was built"))
            }
        }
    }

    @Test("the page and every text say that nothing is built")
    func page() async throws {
        try await withDirectory { directory in
            try await RehearsalHub.withHub(settings: quickSettings(directory)) { hub in
                let session = try await Loopback.login(hub)
                _ = try await Loopback.call(hub, "imageBuilderBuild", Self.scratchBuild, session: session)
                let page = try await Loopback.send("GET", "/koji/taskinfo?taskID=1", port: hub.port)
                #expect(page.status == 200 && page.text.contains("Nothing is built here"))
                #expect(page.text.contains("Task 1: imageBuilderBuild"))
                #expect(try await Loopback.send("GET", "/koji/taskinfo?taskID=77", port: hub.port).status == 404)
                let host = try await Loopback.call(hub, "getHost", [.number(1)])
                #expect(host["name"] == .string("rehearsal-builder-1.invalid"))
            }
        }
    }

    @Test("a directory that may be a real Koji's is refused, and a port that is taken is an error")
    func refusals() async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: "\(directory)/packages", withIntermediateDirectories: false)
            await #expect(throws: HubFailure.self) {
                try await RehearsalHub.withHub(settings: quickSettings(directory)) { _ in }
            }
            try await RehearsalHub.withHub(settings: quickSettings("\(directory)/one")) { hub in
                let port = hub.port
                await #expect(throws: HubFailure.self) {
                    try await RehearsalHub.withHub(settings: quickSettings("\(directory)/two") { $0.port = port }) {
                        _ in
                    }
                }
            }
        }
    }

    @Test("the hub stops when its task is cancelled, and with the error of the operation")
    func lifetime() async throws {
        struct Stop: Error {}
        try await withDirectory { directory in
            await #expect(throws: Stop.self) {
                try await RehearsalHub.withHub(settings: quickSettings(directory)) { _ in throw Stop() }
            }
            let (ready, feed) = AsyncStream.makeStream(of: Int.self)
            let running = Task {
                try await RehearsalHub.run(settings: quickSettings(directory), log: { _ in }) { feed.yield($0.port) }
            }
            let port = try #require(await ready.first { _ in true })
            #expect(try await Loopback.send("GET", "/", port: port).status == 200)
            running.cancel()
            _ = await running.result
            await #expect(throws: Loopback.Failure.self) { try await Loopback.send("GET", "/", port: port) }
        }
    }

    @Test("200 builds at once overlap, as the log and the statistics show")
    func manyBuilds() async throws {
        try await withDirectory { directory in
            let (clock, log) = (SteppedClock(), LogLines())
            let settings = quickSettings(directory) { $0.imageBytes = 256 }
            try await RehearsalHub.withHub(settings: settings, clock: clock.clock, log: log.append) { hub in
                let session = try await Loopback.login(hub)
                let entry: XMLRPCValue = .object([
                    "methodName": .string("imageBuilderBuild"),
                    "params": .array(
                        [.string("f43"), .strings(["x86_64", "aarch64"])] + Self.scratchBuild.dropFirst(2)),
                ])
                _ = try await Loopback.call(
                    hub, "multiCall", [.array(Array(repeating: entry, count: 200))], session: session)
                clock.step(60)
                let tasks = try await Loopback.call(
                    hub, "getTaskInfo", [.array((1...200).map { .number($0) })])
                #expect(tasks.items?.allSatisfy { $0["state"] == .number(2) } == true)
                let statistics = await hub.statistics()
                #expect(statistics.tasks == 600)
                #expect(statistics.mostOpenBuilds == 200)
                #expect(statistics.calls["imageBuilderBuild"] == 200)
                #expect(log.all.filter { $0.contains("OPEN -> CLOSED") }.count == 600)
            }
        }
    }
}
