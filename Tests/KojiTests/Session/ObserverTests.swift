import Koji
import Synchronization
import Testing

@Suite("An observer of a session", .timeLimit(.minutes(1)))
struct ObserverTests {
    /// Writes down what it sees, indented where a call is made in the middle of another.
    final class Log: HubCallObserver {
        private let state = Mutex<[String]>([])
        var lines: [String] { state.withLock { $0 } }
        func note(_ line: String) { state.withLock { $0.append(line) } }

        func begins(_ call: HubCall) -> any HubCallWatch {
            let outer = HubCallScope.current as? Watch
            let indent = outer.map { $0.indent + "  " } ?? ""
            let shown = call.params.map { "\($0.count) params" } ?? "no params"
            note("\(indent)\(call.method) to \(call.server), \(shown)")
            return Watch(log: self, method: call.method, indent: indent)
        }
    }

    struct Watch: HubCallWatch {
        let log: Log
        let method: String
        let indent: String
        func repeats(after message: String) { log.note("\(indent)\(method) is repeated") }
        func ends(_ failure: KojiFailure?) { log.note("\(indent)\(method): \(failure?.kind.rawValue ?? "good")") }
    }

    static let hub = "https://hub.example.org/kojihub"

    @Test("a reading call is seen from its beginning to its end, with its repeats")
    func reading() async throws {
        let log = Log()
        let script = ScriptedTransport([.none(.reset), .offline, .one, .fault(1000, "no")])
        let session = script.session(.anonymous, observer: log)
        _ = try await session.read("get", [.int(1), .int(2)])
        await #expect(throws: KojiFailure.self) { try await session.read("get") }
        #expect(
            log.lines == [
                "get to \(Self.hub), 2 params", "get is repeated", "get is repeated", "get: good",
                "get to \(Self.hub), 0 params", "get: fault",
            ])
    }

    @Test("a login is seen in the call that needs it, without what it is made with; a logout, too")
    func login() async throws {
        let log = Log()
        let script = ScriptedTransport([.session(1), .one, .none(.reset), .one, .one])
        let session = script.session(observer: log)
        _ = try await session.write("make", [.int(1)])
        _ = try await session.write("make", [])
        await session.logout()
        #expect(
            log.lines == [
                "make to \(Self.hub), 1 params", "  login to \(Self.hub), no params", "  login: good", "make: good",
                "make to \(Self.hub), 0 params", "make is repeated", "make: good",
                "logout to \(Self.hub), no params", "logout: good",
            ])
    }

    @Test("a refused login is a failure of both")
    func refused() async {
        let log = Log()
        let session = ScriptedTransport([.fault(1002, "no")]).session(observer: log)
        await #expect(throws: KojiFailure.self) { try await session.write("make") }
        #expect(log.lines.suffix(2) == ["  login: fault", "make: loginRefused"])
    }

    @Test("many calls in one request are one call")
    func multicall() async throws {
        let log = Log()
        let script = ScriptedTransport([.value(.array([.array([.int(1)]), .array([.int(2)])]))])
        _ = try await script.session(.anonymous, observer: log).readAll([
            XMLRPCCall(method: "a", params: []), XMLRPCCall(method: "b", params: []),
        ])
        #expect(log.lines == ["multiCall to \(Self.hub), 1 params", "multiCall: good"])
    }
}
