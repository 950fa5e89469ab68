import Foundation
import TestSupport

/// Programs that do one thing and end.
enum Command {
    /// Runs a program to its end; gives what it printed.
    ///
    /// - Throws: ``PartFailure`` with what it said if it ends with another status than 0.
    @discardableResult
    static func run(
        _ program: InstalledProgram, _ arguments: [String], input: String = "", environment: [String: String] = [:],
        in directory: URL
    ) async throws -> String {
        let path = try program.required()
        let result = try await offThread {
            try PythonPeer.run(
                program: path, arguments, input: Data(input.utf8), environment: environment, directory: directory)
        }
        guard result.status == 0 else {
            let said = String(decoding: result.stdout, as: UTF8.self) + result.stderr
            throw PartFailure("\(path.path) \(arguments) ended with \(result.status):\n\(said)")
        }
        return String(decoding: result.stdout, as: UTF8.self)
    }
}
