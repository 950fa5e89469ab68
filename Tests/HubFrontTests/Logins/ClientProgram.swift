import Foundation
import TestSupport
import Testing

/// A program that is given a Koji profile: the real koji, or ours.
enum ClientProgram {
    case koji
    case phaseRunner

    struct Outcome: Sendable, CustomStringConvertible {
        let status: Int32
        let out: String
        let err: String
        var description: String { "status \(status)\n\(out)\n\(err)" }
    }

    private var executable: URL {
        switch self {
        case .koji: return Checkout.root.appendingPathComponent(".venv/bin/koji")
        case .phaseRunner:
            // The test bundle and the program are built into one folder.
            let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
            let folder = (bundle ?? URL(fileURLWithPath: CommandLine.arguments[0])).deletingLastPathComponent()
            return folder.appendingPathComponent("phase-runner")
        }
    }

    /// Runs the program with the profile of `login`, for the user that it names.
    ///
    /// - Parameter arguments: `(profile options, scratch directory)` to all arguments.
    func run(
        _ login: LoginTry, _ arguments: (_ options: [String], _ scratch: Scratch) -> [String]
    ) async throws -> Outcome {
        let stage = try Stage.current()
        return try await Scratch.with("client") { scratch in
            let file = try scratch.write("koji.conf", try login.profile(on: stage))
            let other = login.other.map { ["--runas", $0.rawValue] } ?? []
            let options =
                switch self {
                case .koji: ["-c", file, "-p", LoginTry.profileName] + other
                case .phaseRunner: ["--koji-config", file, "--koji-profile", LoginTry.profileName] + other
                }
            let environment = try login.environment(on: stage, in: scratch)
            let (program, all) = (executable, arguments(options, scratch))
            let result = try await offThread {
                try PythonPeer.run(program: program, all, environment: environment, directory: scratch.url)
            }
            let out = String(decoding: result.stdout, as: UTF8.self)
            if case .phaseRunner = self {
                let leaked = Secrets.leaked(in: out) ?? Secrets.leaked(in: result.stderr)
                #expect(leaked == nil, "the program said a secret")
            }
            return Outcome(status: result.status, out: out, err: result.stderr)
        }
    }
}
