import Foundation
import TestSupport
import Testing

extension FrontTests {
    /// Ours, with the profiles that the real program takes. A process of its own for each: a process has one Kerberos
    /// identity.
    @Suite("phase-runner")
    struct PhaseRunnerTests {
        private static let config = Checkout.fixtures.appendingPathComponent("pungi-configs/fedora-minimal/fedora.conf")

        private func preflight(_ login: LoginTry) async throws -> ClientProgram.Outcome {
            try await ClientProgram.phaseRunner.run(login) { options, _ in
                ["preflight", "--nightly", "--date", "20261122", "--hub-only", "--hub-patience", "0"] + options
                    + [Self.config.path]
            }
        }

        @Test("preflight logs in and tells who one is", arguments: LoginTry.accepted)
        func preflight(accepted login: LoginTry) async throws {
            let result = try await preflight(login)
            #expect(result.status == 0, "\(result)")
            #expect(result.out.contains("logged in as alice"), "\(result)")
        }

        @Test("a refused login ends with 4 and says what to do", arguments: Refusal.all)
        func preflight(refused refusal: Refusal) async throws {
            let result = try await preflight(refusal.login)
            #expect(result.status == 4, "\(result)")
            #expect((result.out + result.err).contains(refusal.ours), "\(result)")
        }

        /// With a date for each: they share a hub, and a release is built once.
        @Test(
            "run builds everything",
            arguments: [("20261101", 0), ("20261102", 2), ("20261103", 3), ("20261104", 4)])
        func run(date: String, login: Int) async throws {
            let result = try await ClientProgram.phaseRunner.run(LoginTry.accepted[login]) { options, scratch in
                ["run", "--nightly", "--date", date, "--poll-interval", "0.1", "--target-dir", scratch.url.path]
                    + options + [Self.config.path]
            }
            #expect(result.status == 0, "\(result)")
            #expect(result.out.contains("REHEARSAL"), "\(result)")
        }

        @Test("the certificate is shown on the login request and on no other, by HTTP/1.1")
        func shown() async throws {
            let login = LoginTry("watched", .watched, .certificate(.good(.alice)))
            let requests = try Stage.current().requests
            let ours = try await preflight(login)
            #expect(ours.status == 0, "\(ours)")
            // The control, which shows its certificate to whoever asks; and a request is told after its answer, but long
            // before the next program's first.
            let control = try await ClientProgram.koji.run(login) { options, _ in options + ["hello"] }
            #expect(control.status == 0, "\(control)")
            var entries: [RequestLog.Entry] = []
            while entries.filter({ $0.path == "/kojihub/ssllogin" }).count < 2 {
                entries.append(try await requests.next())
            }
            entries.removeLast()
            #expect(try await requests.next().verification == "SUCCESS")
            #expect(entries.count > 3, "\(entries)")
            for entry in entries {
                let isLogin = entry.path == "/kojihub/ssllogin"
                #expect(entry.verification == (isLogin ? "SUCCESS" : "NONE"), "\(entry)")
                #expect(entry.path == "/kojihub" || isLogin, "\(entry)")
                #expect(entry.http == "HTTP/1.1" && entry.tls == "TLSv1.3" && entry.status == 200, "\(entry)")
            }
        }
    }
}
