package import Foundation

/// A Python program of `Tests/Peers` that answers what the real kobo, productmd, koji or `re` would answer.
///
/// The peers live in the virtual environment `.venv`, made by `scripts/test`.
package enum PythonPeer {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// The interpreter with the peers' packages.
    package static let python = Checkout.root.appendingPathComponent(".venv/bin/python3")

    /// Whether the virtual environment is there.
    package static let isInstalled = FileManager.default.isExecutableFile(atPath: python.path)

    /// `scripts/test` sets this, so that a missing environment is a failure there and not a skipped test.
    package static let isRequired = ProcessInfo.processInfo.environment["PHASE_RUNNER_REQUIRE_PEERS"] == "1"

    /// Runs `Tests/Peers/SCRIPT` with `arguments` and `input` on stdin; gives what it printed on stdout.
    ///
    /// A status other than 0 is a ``Failure`` with what it printed on stderr.
    package static func run(_ script: String, _ arguments: [String] = [], input: Data = Data()) throws -> Data {
        let path = Checkout.root.appendingPathComponent("Tests/Peers/\(script)").path
        let result = try run(program: python, [path] + arguments, input: input)
        guard result.status == 0 else {
            throw Failure(description: "\(script) ended with \(result.status): \(result.stderr)")
        }
        return result.stdout
    }

    /// What a finished program left.
    package struct Result: Sendable {
        package let status: Int32
        package let stdout: Data
        package let stderr: String
    }

    /// Runs any program to its end. Input and output go through files, so that no pipe can fill up.
    package static func run(
        program: URL, _ arguments: [String], input: Data = Data(), environment: [String: String] = [:],
        directory: URL? = nil
    ) throws -> Result {
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("peer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let files = ["in", "out", "err"].map { scratch.appendingPathComponent($0) }
        try input.write(to: files[0])
        try Data().write(to: files[1])
        try Data().write(to: files[2])
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.currentDirectoryURL = directory
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, stdout: try Data(contentsOf: files[1]),
            stderr: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
    }
}
