import Foundation

/// A server of another package, run in the foreground as a child for the time of a closure.
struct ServerProcess {
    /// What failures call it, e.g. `the KDC`.
    let name: String
    let program: URL
    let arguments: [String]
    let environment: [String: String]
    /// The ports that it listens on when it is ready.
    let ports: [Int]
    /// The files that tell what went wrong.
    let logs: [String]
    let scratch: Scratch

    /// Another server sits on a port that was free a moment ago.
    struct PortTaken: Error {}

    /// Starts it, waits until all its ports take connections, runs `body`, ends it and waits for its end.
    ///
    /// The server is the child of a shell that ends it when the shell's input closes. So it ends with this process, too,
    /// however that ends.
    ///
    /// - Throws: ``PartFailure`` with its logs if it ends before it is ready; ``PortTaken`` if that is why.
    func run<Value>(_ body: () async throws -> Value) async throws -> Value {
        let output = scratch.path("output.log")
        try Data().write(to: URL(fileURLWithPath: output))
        let input = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", Self.keeper, "keeper", program.path] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = input
        let log = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardOutput = log
        process.standardError = log
        let running = Running(process: process)
        try await offThread {
            // A child inherits which signals are blocked, and threads of Swift's pool block those that end a server.
            var none = sigset_t()
            sigemptyset(&none)
            pthread_sigmask(SIG_SETMASK, &none, nil)
            try running.process.run()
        }
        let result: Result<Value, any Error>
        do {
            try await waitUntilReady(running)
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        try? input.fileHandleForWriting.close()
        try await offThread { running.process.waitUntilExit() }
        return try result.get()
    }

    private static let keeper = """
        exec 3<&0 </dev/null
        "$@" 3<&- &
        server=$!
        { read -r _ <&3; kill -TERM $server; } 2>/dev/null &
        watcher=$!
        wait $server
        status=$?
        kill $watcher 2>/dev/null
        exit $status
        """

    /// `Process` takes care of itself between threads.
    private struct Running: @unchecked Sendable { let process: Process }

    private func waitUntilReady(_ running: Running) async throws {
        let process = running.process
        let ports = ports
        // Only a machine that stands still needs that long; a server that cannot start says so by ending.
        let deadline = ContinuousClock.now + .seconds(30)
        let isReady = try await offThread {
            for port in ports {
                while !LoopbackPorts.answers(port) {
                    guard running.process.isRunning, ContinuousClock.now < deadline else { return false }
                    // Nothing tells that a port has opened; the processor is given to those who open it.
                    poll(nil, 0, 2)
                }
            }
            return true
        }
        guard !isReady || !process.isRunning else { return }
        let said = ([scratch.path("output.log")] + logs).map {
            (try? String(contentsOfFile: $0, encoding: .utf8)) ?? ""
        }
        .joined(separator: "\n")
        if said.contains("ddress already in use") { throw PortTaken() }
        let what = process.isRunning ? "does not listen on \(ports)" : "ended with \(process.terminationStatus)"
        throw PartFailure("\(name) \(what); its logs:\n\(said)")
    }

    /// Tries again with other ports while others take them.
    static func onFreePorts<Value>(_ count: Int, _ body: ([Int]) async throws -> Value) async throws -> Value {
        for _ in 0..<4 {
            do { return try await body(try LoopbackPorts.free(count)) } catch is PortTaken {}
        }
        return try await body(try LoopbackPorts.free(count))
    }
}
