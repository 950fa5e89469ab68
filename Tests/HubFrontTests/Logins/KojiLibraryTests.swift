import Foundation
import TestSupport
import Testing

extension FrontTests {
    /// The control: what the real Python library is refused with, so is every client.
    @Suite("The real koji library")
    struct KojiLibraryTests {
        struct Answer: Decodable {
            let user: String?
            let authtype: Int?
            let error: String?
            let text: String?
            /// What the library logged: the exception of a Kerberos login alone does not say why.
            var said: String?
        }

        private struct Question: Encodable {
            let keys: [String: String]
            let proxyuser: String?
            var headers: [String: String]?
        }

        private func answer(_ login: LoginTry, headers: [String: String]? = nil) async throws -> Answer {
            let stage = try Stage.current()
            return try await Scratch.with("library") { scratch in
                let question = Question(
                    keys: try login.keys(on: stage), proxyuser: login.other?.rawValue, headers: headers)
                let environment = try login.environment(on: stage, in: scratch)
                let script = Checkout.root.appendingPathComponent("Tests/Peers/koji_login_peer.py").path
                let input = try JSONEncoder().encode(question)
                let result = try await offThread {
                    try PythonPeer.run(program: PythonPeer.python, [script], input: input, environment: environment)
                }
                try #require(result.status == 0, "\(result.stderr)")
                var answer = try JSONDecoder().decode(Answer.self, from: result.stdout)
                answer.said = result.stderr
                return answer
            }
        }

        @Test("logs in, and is who the proof says", arguments: LoginTry.accepted)
        func accepted(_ login: LoginTry) async throws {
            let answer = try await answer(login)
            #expect(answer.user == "alice", "\(answer)")
            // The numbers by which Koji calls the ways to log in.
            #expect(answer.authtype == (login.site == .tickets ? 3 : 2))
        }

        @Test("headers of the front that come from outside count for nothing", arguments: [Stage.Site.tls13, .tickets])
        func forged(_ site: Stage.Site) async throws {
            let headers = [
                "Rehearsal-Front": "of this front", "Rehearsal-Remote-User": KerberosRealm.principal("alice"),
                "Rehearsal-Client-Verify": "SUCCESS", "Rehearsal-Client-Name": "alice",
            ]
            let answer = try await answer(LoginTry("forged", site, .nothing), headers: headers)
            #expect(answer.user == nil)
            #expect(answer.text == (site == .tickets ? "401" : "could not verify client: NONE"))
        }

        @Test("is refused as a user of a production hub is", arguments: Refusal.all)
        func refused(_ refusal: Refusal) async throws {
            let answer = try await answer(refusal.login)
            #expect(answer.user == nil)
            #expect(answer.text?.contains(refusal.library) == true, "\(answer)")
        }
    }
}
