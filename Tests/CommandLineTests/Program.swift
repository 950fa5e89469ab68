import Foundation
import TestSupport
import Testing

/// The built program, run as a user runs it.
enum Program {
    /// The executable beside the test bundle.
    static let executable: URL = {
        // The test bundle and the program are built into one folder.
        let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        let folder = (bundle ?? URL(fileURLWithPath: CommandLine.arguments[0])).deletingLastPathComponent()
        return folder.appendingPathComponent("phase-runner")
    }()

    struct Result {
        let status: Int32
        let stdout: String
        let stderr: String
    }

    static func run(_ arguments: [String], in directory: URL? = nil, environment: [String: String] = [:]) throws
        -> Result
    {
        let result = try PythonPeer.run(
            program: executable, arguments, environment: environment, directory: directory)
        let stdout = String(decoding: result.stdout, as: UTF8.self)
        let leaked = Secrets.leaked(in: stdout) ?? Secrets.leaked(in: result.stderr)
        #expect(leaked == nil, "the program said a secret: \(arguments)")
        return Result(status: result.status, stdout: stdout, stderr: result.stderr)
    }

    /// A new directory that is gone when `body` ends.
    static func withDirectory<Value>(_ body: (URL) throws -> Value) throws -> Value {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("cli-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer {
            // Profiles and the hub's own files are the tests'.
            let leaked = Secrets.leaked(below: directory, except: ["koji.conf", "hub"])
            #expect(leaked == nil, "a file that was left holds a secret")
            try? FileManager.default.removeItem(at: directory)
        }
        return try body(directory)
    }

    static func fixture(_ path: String) -> String {
        Checkout.fixtures.appendingPathComponent("pungi-configs/\(path)").path
    }
}
