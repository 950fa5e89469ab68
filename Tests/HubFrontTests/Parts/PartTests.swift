import Foundation
import Testing

@Suite("The parts of the stage")
struct PartTests {
    private func run(_ script: String, ports: [Int], _ body: () async throws -> Void = {}) async throws {
        try await Scratch.with("part") { scratch in
            try await ServerProcess(
                name: "the server", program: URL(fileURLWithPath: "/bin/sh"), arguments: ["-c", script],
                environment: [:], ports: ports, logs: [scratch.path("own.log")], scratch: scratch
            ).run(body)
        }
    }

    @Test("a server that cannot start is a failure with its words")
    func broken() async throws {
        let ports = try LoopbackPorts.free(1)
        let failure = await #expect(throws: PartFailure.self) {
            try await run("echo no such setting >&2; exit 3", ports: ports) { Issue.record("it was not ready") }
        }
        #expect(failure?.description.contains("the server ended with 3") == true)
        #expect(failure?.description.contains("no such setting") == true)
    }

    @Test("a port that somebody took is told apart")
    func taken() async throws {
        let ports = try LoopbackPorts.free(1)
        await #expect(throws: ServerProcess.PortTaken.self) {
            try await run("echo '(98)Address already in use' >&2; exit 1", ports: ports)
        }
    }

    @Test("a server ends with a test that fails")
    func ended() async throws {
        struct Oops: Error {}
        try await Scratch.with("ended") { scratch in
            let pipe = try RequestLog(at: scratch.path("pid"))
            var pid: Int32 = 0
            await #expect(throws: Oops.self) {
                // Its pid comes as the status of a request, for which RequestLog waits.
                try await run("echo / NONE TLS HTTP $$ >\(pipe.path); exec tail -f /dev/null", ports: []) {
                    pid = Int32(try await pipe.next().status)
                    throw Oops()
                }
            }
            #expect(pid > 0 && kill(pid, 0) == -1 && errno == ESRCH)
        }
    }
}
