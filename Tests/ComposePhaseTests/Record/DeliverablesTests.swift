import Koji
import ProductMD
import Testing

@testable import ComposePhase

/// What Pungi's `failable()` writes down for each way that an image may end.
@Suite("Deliverables")
struct DeliverablesTests {
    static let id = ScheduleStateTests.a
    static let whole = #"{"imageBuilderBuild": [["Minimal", "*", null]]}"#
    static let one = #"{"imageBuilderBuild": [["Minimal", "aarch64", "Mini"]]}"#
    static let none = "{}"

    static let closed: [ScheduleEvent] = TakingUpTests.onHub + [TakingUpTests.seen(.closed)]
    static let good = closed + [.collected(id, images: [CollectedImage](), missing: [:])]
    static let incomplete =
        closed + [.collected(id, images: [CollectedImage](), missing: ["aarch64": TakingUpTests.depsolve])]
    static let bad = TakingUpTests.onHub + [TakingUpTests.seen(.failed), .diagnosed(id, TakingUpTests.depsolve)]

    static func task(canFail: Bool) -> ImageTask {
        ImageTask(
            id: id, variant: "Minimal", subvariant: "Mini", manifestType: nil, method: "imageBuilderBuild", params: [],
            failableArches: canFail ? ["aarch64", "x86_64"] : ["aarch64"], canFail: canFail, arches: [])
    }

    static func json(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8), name: "expected") }

    @Test(
        "each end has its entries",
        arguments: [
            (false, [], whole, none, none),
            (false, good, whole, none, none),
            (false, incomplete, whole, none, one),
            (false, bad, whole, none, none),
            (true, [], none, whole, none),
            (true, good, none, whole, none),
            (true, incomplete, none, whole, one),
            (true, bad, none, whole, whole),
        ] as [(Bool, [ScheduleEvent], String, String, String)])
    func ends(
        canFail: Bool, events: [ScheduleEvent], required: String, attempted: String, failed: String
    ) throws {
        let deliverables = Deliverables(tasks: [Self.task(canFail: canFail)], state: TakingUpTests.state(events))
        let expected = "{\"required\": \(required), \"attempted\": \(attempted), \"failed\": \(failed)}"
        #expect(try deliverables.json == Self.json(expected))
    }

    @Test("entries of other phases stay, ours come once")
    func merging() throws {
        let required = #"{"imageBuilderBuild": [["Minimal", "*", null]], "iso": [["Server", "x86_64", "Server"]]}"#
        let others = "{\"required\": \(required), \"more\": 1}"
        let own = Deliverables(tasks: [Self.task(canFail: false)], state: TakingUpTests.state(Self.bad)).json
        let merged = Deliverables.merged(own, into: Array(others.utf8))
        let expected = "{\"required\": \(required), \"more\": 1, \"attempted\": {}, \"failed\": {}}"
        #expect(try merged == Self.json(expected))
        #expect(Deliverables.merged(own, into: Array("[1".utf8)) == own)
    }
}
