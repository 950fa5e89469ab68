import ComposePhase
import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// One call of one script.
struct ScriptCall: Sendable {
    /// The program's path.
    var program: String
    var event: String
    /// The JSON object.
    var input: [UInt8]
    /// Nil is our own.
    var directory: String?
    /// Where the run is in its trace; nil leaves what our own environment says.
    var trace: TraceContext?
    /// Seconds until it is ended.
    var timeout: Double
    /// Seconds from SIGTERM to SIGKILL.
    var grace = 2.0

    /// How it ended.
    enum Ending: Hashable, Sendable {
        case exited(Int32)
        case signaled(Int32)
        case timedOut
        case notStarted(String)
    }

    /// Runs the script to its end, or ends it.
    func run(_ log: ScriptLog) async -> Ending {
        let ending = await run(program, [event], log)
        // A script without an interpreter line is the shell's, as for Pungi, which starts scripts by a shell.
        guard ending == nil else { return ending ?? .exited(0) }
        return await run("/bin/sh", [program, event], log) ?? .notStarted("it is no program")
    }

    /// Nil if the kernel does not know how to run the file.
    private func run(_ path: String, _ arguments: [String], _ log: ScriptLog) async -> Ending? {
        do {
            return try await perform(path, arguments, log)
        } catch let failure as SubprocessError where failure.underlyingError == Errno(rawValue: ENOEXEC) {
            return nil
        } catch {
            return .notStarted(String(describing: error))
        }
    }

    private func perform(_ path: String, _ arguments: [String], _ log: ScriptLog) async throws -> Ending {
        var options = PlatformOptions()
        // A session of its own: Ctrl-C at our terminal is for us, and an end of the script is one of all that it started.
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(grace))
        ]
        let configuration = Configuration(
            executable: .path(FilePath(path)), arguments: Arguments(arguments), environment: environment,
            workingDirectory: directory.map { FilePath($0) }, platformOptions: options)
        let input = FileDescriptor(rawValue: try FilledPipe(self.input).take())
        let group = Mutex<pid_t?>(nil)
        let call = Task {
            try await Subprocess.run(
                configuration, input: .fileDescriptor(input, closeAfterSpawningProcess: true), output: .sequence,
                error: .combinedWithOutput
            ) { execution in
                group.withLock { $0 = execution.processIdentifier.value }
                for try await chunk in execution.standardOutput { log.add(chunk.withUnsafeBytes { Array($0) }) }
            }
        }
        let watchdog = Task {
            try await Task.sleep(for: .seconds(timeout))
            // Subprocess ends a call whose task is cancelled, by the steps above.
            call.cancel()
        }
        let result = await call.result
        watchdog.cancel()
        guard case .failure = await watchdog.result else {
            // What the script started and left behind when it died. Its number cannot be another's: it is taken as long as
            // the group has a member, and without one the call finds nothing.
            if let group = group.withLock({ $0 }) { kill(-group, SIGKILL) }
            return .timedOut
        }
        switch try result.get().terminationStatus {
        case .exited(let status): return .exited(status)
        case .signaled(let number): return .signaled(number)
        }
    }

    /// Ours, but for what a script must not see or cannot use.
    private var environment: Environment {
        var changes: [Environment.Key: String?] = ["KOJI_PASSWORD": nil]
        // Tickets in memory are this process's alone: with the variable a script would have none, not even its user's.
        if Console.environment("KRB5CCNAME")?.hasPrefix("MEMORY:") == true {
            changes.updateValue(nil, forKey: "KRB5CCNAME")
        }
        if let trace {
            changes["TRACEPARENT"] = trace.traceParent
            changes.updateValue(trace.state, forKey: "TRACESTATE")
        }
        return .inherit.updating(changes)
    }
}
