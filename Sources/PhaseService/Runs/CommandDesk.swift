import ComposePhase
import Glibc

/// Runs verbs that only look (`plan`, `validate`, `preflight`, `report`) as short processes of their own: a configuration
/// that takes too long, or too much memory, takes nothing of the service.
actor CommandDesk {
    private let program: String
    private let environment: [String]
    private var running = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var number = 0

    /// What a verb printed.
    struct Output: Sendable {
        let status: Int
        let out: [UInt8]
        let err: [UInt8]
    }

    /// More than this is not taken from a process.
    static let mostBytes = 64 << 20
    /// So many more may wait for their turn.
    static let queue = 20

    init(program: String, environment: [String]) {
        self.program = program
        self.environment = environment
    }

    /// Runs a verb to its end.
    ///
    /// - Throws: 503 when too many wait, 504 when it takes too long, 500 when it cannot be started.
    func run(_ arguments: [String], _ settings: ServiceSettings) async throws -> Output {
        try await enter(settings.limits.commands)
        defer { leave() }
        number += 1
        let base = "\(settings.stateDirectory)/commands/\(getpid())-\(number)"
        let (out, err) = ("\(base).out", "\(base).err")
        defer {
            unlink(out)
            unlink(err)
        }
        let process: RunProcess
        do {
            try AtomicFile.makeDirectories("\(settings.stateDirectory)/commands")
            process = try RunProcess.start(
                program, arguments, environment: environment, output: out, errors: err, lock: nil)
        } catch {
            throw Problem(500, "It cannot be done", "\(error)")
        }
        let status = try await end(of: process, within: settings.limits.commandSeconds)
        return Output(status: status, out: try Self.content(out), err: Array(try Self.content(err).suffix(65536)))
    }

    private func end(of process: RunProcess, within seconds: Double) async throws -> Int {
        let clock = ContinuousClock()
        let limit = clock.now + .seconds(seconds)
        while true {
            if let status = process.ending() { return status }
            if clock.now > limit || Task.isCancelled {
                process.kill()
                throw Problem(
                    504, "It took too long", "the command did not end within \(Int(seconds)) seconds, and was ended")
            }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    private static func content(_ path: String) throws -> [UInt8] {
        do {
            return try AtomicFile.read(path, limit: mostBytes) ?? []
        } catch {
            throw Problem(500, "It cannot be done", "the command's output cannot be read: \(error)")
        }
    }

    // MARK: Turns

    private func enter(_ limit: Int) async throws(Problem) {
        if running < limit {
            running += 1
            return
        }
        guard waiting.count < Self.queue else {
            var problem = Problem(503, "Too much to do", "\(waiting.count) requests of this kind wait; ask again soon")
            problem.retryAfter = 10
            throw problem
        }
        // Whoever leaves hands its place over.
        await withCheckedContinuation { waiting.append($0) }
    }

    private func leave() {
        if waiting.isEmpty {
            running -= 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
