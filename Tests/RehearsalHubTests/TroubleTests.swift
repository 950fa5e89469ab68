import Foundation
import Koji
import Testing

@testable import RehearsalHub

@Suite("Troubles on demand", .timeLimit(.minutes(1)))
struct TroubleTests {
    /// What a request came to: a value's text, a fault's number, a status, or nothing at all.
    private func fate(_ hub: RunningHub, session: SessionClaim? = nil) async -> String {
        do {
            let value = try await Loopback.call(hub, "getAPIVersion", session: session)
            return value.wholeNumber.map { "value \($0)" } ?? "text of \(value.textValue?.utf8.count ?? 0)"
        } catch let fault as XMLRPCFault {
            return "fault \(fault.code)"
        } catch let failure as Loopback.Failure {
            let status = failure.text.prefix { $0.isNumber }
            return status.isEmpty ? String(failure.text.prefix(9)) : "status \(status)"
        } catch {
            return "\(type(of: error))"
        }
    }

    static let fates: [(Trouble, String)] = [
        (.reset, "no answer"), (.resetAfter, "no answer"), (.page(status: 502), "status 502"),
        (.pageAfter(status: 504), "status 504"), (.offline, "fault 1014"), (.cutAnswer, "XMLRPCFailure"),
        (.truncated, "XMLRPCFailure"), (.slow(piece: 100, pause: .milliseconds(1)), "value 1"),
        (.huge(bytes: 3 << 20), "text of \(3 << 20)"),
    ]

    @Test("each strikes the request that it is meant for, and no other", arguments: fates)
    func strikes(_ trouble: Trouble, _ expected: String) async throws {
        try await withDirectory { root in
            try await RehearsalHub.withHub(settings: quickSettings(root)) { hub in
                await hub.expect([TroubleRule(trouble, at: 2)])
                #expect(await fate(hub) == "value 1")
                #expect(await fate(hub) == expected)
                #expect(await fate(hub) == "value 1")
                #expect(await hub.requests == 3)
            }
        }
    }

    @Test(
        "what comes after the call leaves it done, what comes before does not",
        arguments: [
            (Trouble.reset, 0), (.page(status: 502), 0), (.offline, 0), (.resetAfter, 1), (.cutAnswer, 1),
            (.pageAfter(status: 502), 1), (.truncated, 1), (.huge(bytes: 1 << 20), 1),
        ])
    func carriedOut(_ trouble: Trouble, _ count: Int) async throws {
        try await withDirectory { root in
            try await RehearsalHub.withHub(settings: quickSettings(root)) { hub in
                let session = try await Loopback.login(hub)
                await hub.expect([TroubleRule(trouble, at: 1)])
                _ = try? await Loopback.call(
                    hub, "imageBuilderBuild",
                    [
                        .string("t"), .array([.string("x86_64")]), .array([.string("minimal-raw-xz")]), .string("N"),
                        .string("1"),
                    ], session: session)
                #expect(await hub.imageBuilds.count == count)
            }
        }
    }

    @Test("sessions expire and are forgotten as on a real hub")
    func sessions() async throws {
        try await withDirectory { root in
            try await RehearsalHub.withHub(settings: quickSettings(root)) { hub in
                let session = try await Loopback.login(hub)
                await hub.expect([TroubleRule(.expired, at: 1), TroubleRule(.closed, at: 3)])
                #expect(await fate(hub, session: session) == "fault 1007")
                #expect(await fate(hub, session: session) == "fault 1007")
                #expect(await fate(hub, session: session) == "fault 1002")
                #expect(await fate(hub, session: session) == "fault 1002")
            }
        }
    }

    @Test("rules count from when they are given, and the first that strikes counts")
    func rules() {
        var book = TroubleBook([
            TroubleRule(.reset, at: 2, times: 2), TroubleRule(.offline, at: 3), TroubleRule(.closed, at: 5),
        ])
        #expect((1...6).map { _ in book.next() } == [nil, .reset, .reset, nil, .closed, nil])
        #expect(book.requests == 6)
    }
}
