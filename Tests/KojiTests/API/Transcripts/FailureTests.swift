import Koji
import TestSupport
import Testing

@Suite("What bad answers mean")
struct FailureTests {
    /// An answer as the table names it, without a recording.
    private static func made(_ name: String) -> RecordedExchange.Answer {
        let number = Int(name.drop { !$0.isNumber }) ?? 0
        if name.hasPrefix("fault") {
            return .response(ConstantTransport.document(.fault(XMLRPCFault(code: number, text: "no"))))
        }
        guard name.hasPrefix("status") else { return .none(name) }
        let type = HTTPHeader("Content-Type", "text/html")
        return .response(
            HTTPResponse(status: number, headers: HTTPHeaders([type]), body: Array("<html>private</html>".utf8)))
    }

    @Test("each answer has its kind, and those that make a hub unusable are known", arguments: FailureTable.rows)
    func table(row: FailureTable.Row) async throws {
        let transport = ConstantTransport(answer: Self.made(row.answer))
        let read = try #require(await transport.read().failure)
        #expect(read.kind == row.reading, "\(read)")
        #expect(read.isHubUnusable == row.isHubUnusable(row.reading), "\(read)")
        let change = try #require(await transport.change().failure)
        #expect(change.kind == row.changing, "\(change)")
        #expect(change.isHubUnusable == row.isHubUnusable(row.changing), "\(change)")
        #expect(!"\(read)\(change)".contains("private"))
    }

    @Test("logins", arguments: FailureTable.logins.sorted { $0.key < $1.key })
    func login(answer: String, kind: KojiFailure.Kind) async throws {
        let failure = try #require(
            await ConstantTransport(answer: Self.made(answer), refusesLogins: true).logIn().failure)
        #expect(failure.kind == kind, "\(failure)")
        #expect(failure.isHubUnusable)
    }

    @Test("every recorded failure is one of the table, and means what the table says", .needsShared)
    func recorded() async throws {
        var seen: [String: Int] = [:]
        for exchange in try RecordedExchange.all() {
            guard let answer = exchange.failure else { continue }
            let row = try #require(FailureTable.row(answer), "\(exchange.place): \(answer) is not in the table")
            seen[answer, default: 0] += 1
            let transport = ConstantTransport(answer: exchange.answer)
            let read = try #require(await transport.read().failure)
            #expect(read.kind == row.reading, "\(exchange.place): \(read)")
            #expect(read.isHubUnusable == row.isHubUnusable(row.reading), "\(exchange.place): \(read)")
            let change = try #require(await transport.change().failure)
            #expect(change.kind == row.changing, "\(exchange.place): \(change)")
            #expect(change.isHubUnusable == row.isHubUnusable(row.changing), "\(exchange.place): \(change)")
            for failure in [read, change] {
                // A page of a web server is never shown.
                #expect(failure.fault != nil || !failure.message.contains("<"), "\(exchange.place): \(failure)")
                #expect(failure.message.utf8.count < 800, "\(exchange.place): \(failure)")
            }
            if ["login", "sslLogin"].contains(exchange.call?.method), let kind = FailureTable.logins[answer] {
                let login = await ConstantTransport(answer: exchange.answer, refusesLogins: true).logIn().failure
                #expect(login?.kind == kind, "\(exchange.place)")
                #expect(login?.isHubUnusable == true, "\(exchange.place)")
            }
        }
        #expect(Set(seen.keys) == Set(FailureTable.rows.map(\.answer)))
        #expect(seen.values.reduce(0, +) == 181)
    }
}
