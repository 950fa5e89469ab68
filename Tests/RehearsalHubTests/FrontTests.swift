import Koji
import Testing

@testable import RehearsalHub

@Suite("The word of the web server in front")
struct FrontTests {
    struct Case: Sendable, CustomStringConvertible {
        let description: String
        var path = "/kojihub/ssllogin"
        var secret: String? = "between us"
        var headers: [String: String] = [
            "Rehearsal-Client-Verify": "SUCCESS", "Rehearsal-Client-Name": "imguser",
        ]
        /// Nil: the login succeeds.
        let fault: String?
        var type = 2
    }

    static let cases = [
        Case(description: "a certificate", fault: nil),
        Case(
            description: "a ticket",
            headers: ["Rehearsal-Remote-User": "imguser@EXAMPLE.COM", "Rehearsal-Client-Verify": "NONE"],
            fault: nil, type: 3),
        Case(
            description: "an empty remote user",
            headers: [
                "Rehearsal-Remote-User": "", "Rehearsal-Client-Verify": "SUCCESS", "Rehearsal-Client-Name": "imguser",
            ], fault: nil),
        Case(description: "another path", path: "/kojihub", fault: "could not verify client: NONE"),
        Case(description: "no secret", secret: nil, fault: "could not verify client: NONE"),
        Case(description: "a wrong secret", secret: "guessed", fault: "could not verify client: NONE"),
        Case(description: "an empty secret", secret: "", fault: "could not verify client: NONE"),
        Case(
            description: "a whole subject",
            headers: [
                "Rehearsal-Client-Verify": "FAILED:unable to verify", "Rehearsal-Client-Name": "imguser",
                "Rehearsal-Client-Subject": "CN=imguser,O=Example",
            ], fault: "could not verify client: FAILED:unable to verify"),
    ]

    @Test("is believed with the secret and at the login's path only", arguments: cases)
    func headers(_ example: Case) async throws {
        try await withDirectory { directory in
            try await RehearsalHub.withHub(settings: quickSettings(directory) { $0.invitePeople() }) { hub in
                var headers = example.headers
                headers["Rehearsal-Front"] = example.secret
                let answer = try await Loopback.post(hub, "sslLogin", path: example.path, headers: headers)
                switch try XMLRPCResponse.decode(answer.body) {
                case .fault(let fault): #expect(fault.text == example.fault)
                case .value(let login):
                    #expect(example.fault == nil)
                    let session = SessionClaim(
                        id: login["session-id"].wholeNumber ?? 0, key: login["session-key"].textValue ?? "",
                        callnum: nil)
                    // Later calls need no more than the session, and the front's word changes nothing there.
                    let info = try await Loopback.call(hub, "getSessionInfo", session: session)
                    #expect(info["authtype"] == .number(example.type))
                }
            }
        }
    }

    @Test("is ignored by a hub that was told no secret")
    func noSecret() async throws {
        try await withDirectory { directory in
            try await RehearsalHub.withHub(settings: quickSettings(directory)) { hub in
                let headers = [
                    "Rehearsal-Front": "", "Rehearsal-Client-Verify": "SUCCESS", "Rehearsal-Client-Name": "rehearsal",
                ]
                let answer = try await Loopback.post(hub, "sslLogin", path: "/kojihub/ssllogin", headers: headers)
                #expect(try XMLRPCResponse.decode(answer.body).faultCode == 1002)
            }
        }
    }
}
