import Foundation
import TestSupport
import Testing

@Suite("Signals", .timeLimit(.minutes(1)))
struct SignalTests {
    /// A run that is told to end as soon as its tasks are on the hub.
    @Test(
        "a signal cancels what was submitted, and the status tells which it was",
        arguments: [(SIGTERM, 143), (SIGINT, 130), (SIGHUP, 129)] as [(Int32, Int32)])
    func signalled(signal: Int32, status: Int32) throws {
        try Program.withDirectory { directory in
            let process = Process()
            process.executableURL = Program.executable
            process.arguments =
                RehearsalTests.iot.map { $0 == "0.2-0.6" ? "600" : $0 } + [
                    "--target-dir", directory.path, Program.fixture("fedora-iot/fedora-iot.conf"),
                ]
            let errors = Pipe()
            process.standardError = errors
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            var said = ""
            var isSent = false
            // Reads until the process has closed its end.
            while case let data = errors.fileHandleForReading.availableData, !data.isEmpty {
                said += String(decoding: data, as: UTF8.self)
                if !isSent, said.contains("iot-simplified-installer: task 3") {
                    isSent = true
                    kill(process.processIdentifier, signal)
                }
            }
            process.waitUntilExit()
            #expect(process.terminationStatus == status, "\(said)")
            #expect(said.components(separatedBy: ": canceled").count == 4, "all three are canceled: \(said)")
            let compose = directory.appendingPathComponent("Fedora-IoT-44-20261122.0")
            #expect(try RehearsalTests.text("STATUS", in: compose) == "TERMINATED\n")
        }
    }
}
