import Foundation
import Koji
import TestSupport
import Testing

@testable import RehearsalHub

/// The real client library from PyPI meets trouble: what it is known to do on real hubs it does here.
@Suite("The real koji library in trouble", .needsPeers)
struct KojiLibraryTests {
    /// Logs in, submits one build, and prints the id or the class of the exception.
    private static let program = """
        import sys, koji
        opts = {"max_retries": 100, "retry_interval": 0.05, "anon_retry": True, "offline_retry": sys.argv[2] == "wait",
                "offline_retry_interval": 0.05, "timeout": 30}
        session = koji.ClientSession(sys.argv[1], dict(opts, user="rehearsal", password="rehearsal"))
        session.login()
        try:
            print(session.imageBuilderBuild("f43", ["x86_64"], ["minimal-raw-xz"], "Fedora-Minimal", "43"))
        except Exception as error:
            print(type(error).__name__)
        """

    struct Case: Sendable, CustomStringConvertible {
        let trouble: Trouble
        var generation = HubGeneration.newest
        var waits = false
        let outcome: String
        let tasks: Int
        var description: String { "\(trouble.name) on \(generation)" }
    }

    static let cases = [
        Case(trouble: .reset, outcome: "1", tasks: 1),
        Case(trouble: .resetAfter, outcome: "RetryError", tasks: 1),
        // The library sends only the header that released hubs do not read: two tasks for one submit.
        Case(trouble: .resetAfter, generation: .v1_35, outcome: "2", tasks: 2),
        Case(trouble: .cutAnswer, outcome: "RetryError", tasks: 1),
        Case(trouble: .page(status: 502), outcome: "1", tasks: 1),
        Case(trouble: .pageAfter(status: 502), outcome: "RetryError", tasks: 1),
        Case(trouble: .truncated, outcome: "RetryError", tasks: 1),
        Case(trouble: .fault(1014), outcome: "ServerOffline", tasks: 0),
        Case(trouble: .maintenance(for: .milliseconds(300)), waits: true, outcome: "1", tasks: 1),
        Case(trouble: .fault(1007), outcome: "1", tasks: 1),
        Case(trouble: .fault(1002), outcome: "AuthError", tasks: 0),
        Case(trouble: .slow(piece: 50, pause: .milliseconds(10)), outcome: "1", tasks: 1),
        Case(trouble: .refuse(for: .milliseconds(300)), outcome: "1", tasks: 1),
    ]

    @Test("a submit in trouble ends as it does on real hubs", arguments: cases)
    func submits(_ example: Case) async throws {
        try await withDirectory { directory in
            let settings = quickSettings("\(directory)/tree") {
                // No children while the test runs, so that the ids of submits follow each other.
                $0.times = TaskTimes(all: .seconds(3600))
                $0.generation = example.generation
                $0.troubles = [TroubleRule(example.trouble, method: "imageBuilderBuild")]
            }
            try await RehearsalHub.withHub(settings: settings) { hub in
                let result = try await offThread { [server = hub.server] in
                    try PythonPeer.run(
                        program: PythonPeer.python, ["-c", Self.program, server, example.waits ? "wait" : "no"],
                        environment: ["HOME": directory])
                }
                #expect(result.status == 0, "\(result.stderr)")
                #expect(String(decoding: result.stdout, as: UTF8.self) == "\(example.outcome)\n")
                #expect(await hub.imageBuilds.count == example.tasks)
                #expect(await hub.statistics().troubles == [example.trouble.name: 1])
            }
        }
    }
}
