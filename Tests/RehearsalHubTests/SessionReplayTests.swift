import Koji
import TestSupport
import Testing

@testable import RehearsalHub

/// The recorded life of sessions, played to our hub: each request in its order, under the session that has the recorded
/// number here too.
@Suite("Recorded sessions", .needsShared)
struct SessionReplayTests {
    /// A hub without a server, and the keys that its sessions have here.
    private struct Player {
        var hub: StepHub
        var keys: [Int: String] = [:]

        init() throws {
            hub = StepHub { $0.invitePeople() }
            hub.claim = try hub.login()
            _ = try hub.submit()
            hub.claim = nil
        }

        /// Opens the session with this number, as its user had done before the recording.
        mutating func open(_ id: Int) throws {
            guard keys[id] == nil else { return }
            hub.state.lastSession = id - 1
            let session = try hub.sslLogin(.certificate("imguser"))
            #expect(session.id == id)
            keys[id] = session.key
            // In the recording this one had made a task under number 1.
            if id == 3 {
                let claim = SessionClaim(id: id, key: session.key, callnum: "1")
                hub.claim = claim
                _ = try hub.submit()
                hub.claim = nil
            }
        }

        mutating func play(_ exchange: Transcript.Exchange) throws -> XMLRPCResponse {
            var claim: SessionClaim?
            if let id = exchange.headers["Koji-Session-Id"].flatMap({ Int($0) }) {
                try open(id)
                if exchange.answer.faultCode == 1007 { hub.state.sessions[id]?.isExpired = true }
                let callnum = exchange.headers["Koji-Session-Callnum"] ?? exchange.headers["Koji-Callnum"]
                claim = SessionClaim(id: id, key: keys[id] ?? "", callnum: callnum)
            }
            let front: FrontClaim? = exchange.call.method == "sslLogin" ? .certificate("imguser") : nil
            let answer = hub.state.answer(exchange.call, claim: claim, front: front)
            if case .value(let login) = answer, exchange.call.method == "sslLogin" {
                keys[login["session-id"].wholeNumber ?? 0] = login["session-key"].textValue
            }
            return answer
        }
    }

    @Test("callnums, expiry, renewal and exclusive sessions go as they were recorded")
    func sessions() throws {
        var player = try Player()
        let exchanges = try Transcript.exchanges(of: "05-session")
        #expect(exchanges.count > 30)
        for exchange in exchanges {
            if exchange.name == "expired-relogin", exchange.call.method == "sslLogin" {
                player.hub.state.lastSession = 12
            }
            switch (try player.play(exchange), exchange.answer) {
            case (.fault(let ours), .fault(let theirs)): #expect(ours == theirs, "\(exchange.name)")
            case (.value(let ours), .value(let theirs)):
                #expect(Python.className(ours) == Python.className(theirs), "\(exchange.name)")
                #expect(
                    Set((ours.members ?? [:]).keys) == Set((theirs.members ?? [:]).keys), "\(exchange.name)")
                for name in ["session-id", "name", "authtype", "krb_principal", "callnum", "exclusive", "expired"] {
                    #expect(ours[name] == theirs[name], "\(exchange.name): \(name)")
                }
            case (let ours, let theirs): Issue.record("\(exchange.name): \(ours) instead of \(theirs)")
            }
        }
    }
}
