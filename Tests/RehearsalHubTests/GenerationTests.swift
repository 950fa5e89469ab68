import Koji
import TestSupport
import Testing

@testable import RehearsalHub

@Suite("Generations of the hub")
struct GenerationTests {
    private static let build: [XMLRPCValue] = [
        .string("f43"), .array([]), .strings(["minimal-raw-xz"]), .string("Fedora-Minimal"), .string("43"),
        .object(["scratch": .bool(true)]),
    ]

    struct Expected: Sendable {
        let generation: HubGeneration
        let version: String
        let header: String?
        let readsSessionCallnum: Bool
        let repoMembers: Int
        let hasPromotion: Bool
        let hasInheritance: Bool
    }

    static let expected = [
        Expected(
            generation: .newest, version: "1.35.3", header: "1.35.3", readsSessionCallnum: true, repoMembers: 19,
            hasPromotion: true, hasInheritance: true),
        Expected(
            generation: .v1_35, version: "1.35.3", header: "1.35.3", readsSessionCallnum: false, repoMembers: 19,
            hasPromotion: true, hasInheritance: true),
        Expected(
            generation: .v1_34, version: "1.34.3", header: "1.34.3", readsSessionCallnum: false, repoMembers: 7,
            hasPromotion: true, hasInheritance: true),
        Expected(
            generation: .v1_33, version: "1.33.0", header: nil, readsSessionCallnum: false, repoMembers: 7,
            hasPromotion: false, hasInheritance: false),
    ]

    @Test("answers have what the release has", arguments: expected)
    func shapes(_ expected: Expected) throws {
        var hub = StepHub { $0.generation = expected.generation }
        try hub.logIn()
        _ = try hub.submit([:])
        hub.waitForEnd()
        #expect(try hub.call("getKojiVersion") == .string(expected.version))
        let repo = try hub.call("getRepo", [.string("f43-build")])
        #expect(repo.members?.count == expected.repoMembers)
        for name in ["id", "state", "create_event", "creation_time", "create_ts", "dist", "task_id"] {
            #expect(repo.members?[name] != nil, "\(name)")
        }
        for build in [
            try hub.call("getBuild", [.number(1)]),
            try hub.call("listBuilds", [], ["taskID": .number(1)]).items?.first ?? .null,
        ] {
            let promotion = (build.members ?? [:]).keys.filter { $0.hasPrefix("promot") }.sorted()
            let all = ["promoter_id", "promoter_name", "promotion_time", "promotion_ts"]
            #expect(promotion == (expected.hasPromotion ? all : []))
            #expect(build["nvr"] != .null)
        }
        let method = "getUserPermsInheritance"
        let listed = try hub.call("system.listMethods").items?.contains(.string(method))
        #expect(listed == expected.hasInheritance)
        #expect(
            hub.fault(method, [.number(2)])
                == (expected.hasInheritance ? nil : .generic("Invalid method: \(method)")))
    }

    @Test("the version's header and the callnum's headers are those of the release", arguments: expected)
    func headers(_ expected: Expected) async throws {
        try await withDirectory { directory in
            let settings = quickSettings(directory) { $0.generation = expected.generation }
            try await RehearsalHub.withHub(settings: settings) { hub in
                let session = try await Loopback.login(hub)
                let names = ["Koji-Session-Callnum", "Koji-Callnum"]
                let cases: [(headers: [String: String], isRead: Bool)] = [
                    ([names[0]: "5"], expected.readsSessionCallnum), ([names[1]: "6"], true),
                    ([names[0]: "7", names[1]: "7"], true),
                    // Where both are read the newer name goes first.
                    ([names[0]: "9", names[1]: expected.readsSessionCallnum ? "2" : "9"], true), ([:], false),
                ]
                for example in cases {
                    var codes: [Int?] = []
                    for _ in 0..<2 {
                        let answer = try await Loopback.post(
                            hub, "imageBuilderBuild", Self.build, session: session, headers: example.headers)
                        #expect(answer.headers["koji-version"] == expected.header)
                        codes.append(try XMLRPCResponse.decode(answer.body).faultCode)
                    }
                    #expect(codes == [nil, example.isRead ? 1009 : nil], "\(example.headers)")
                }
            }
        }
    }

    @Test("a version of one's own goes before the generation's")
    func ownVersion() throws {
        var hub = StepHub {
            $0.generation = .v1_33
            $0.ownKojiVersion = "1.99"
        }
        #expect(try hub.call("getKojiVersion") == .string("1.99"))
    }

    @Test(
        "the recorded submits of old hubs are doubled or protected here too", .needsShared,
        arguments: [("1.33.0", HubGeneration.v1_33), ("1.34.3", .v1_34), ("1.35.3", .v1_35)])
    func recordedSubmits(_ version: String, _ generation: HubGeneration) async throws {
        try await withDirectory { directory in
            let settings = quickSettings(directory) { $0.generation = generation }
            try await RehearsalHub.withHub(settings: settings) { hub in
                let session = try await Loopback.login(hub)
                for name in ["\(version)-doubled", "\(version)-protected"] {
                    let exchanges = try Transcript.exchanges(of: "17-old-hubs").filter { $0.name == name }
                    #expect(exchanges.count == 2)
                    for exchange in exchanges {
                        let numbers = exchange.headers.filter { $0.key.hasSuffix("Callnum") }
                        let answer = try await Loopback.post(
                            hub, exchange.call.method, exchange.call.params, session: session, headers: numbers)
                        let ours = try XMLRPCResponse.decode(answer.body)
                        #expect(ours.faultCode == exchange.answer.faultCode, "\(name)")
                        #expect(answer.headers["koji-version"] == exchange.responseHeaders["Koji-Version"], "\(name)")
                    }
                }
            }
        }
    }
}
