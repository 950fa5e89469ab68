import Foundation
import TestSupport
import Testing

/// The drop-in for Pungi's phase, `contrib/pungi`: tests in Python with the real kobo and productmd, a stand-in of Pungi and
/// the rehearsal hub as processes of their own.
@Suite("Pungi's phase", .serialized, .needsPeers, .timeLimit(.minutes(5)))
struct PungiPhaseTests {
    @Test(
        "the phase does in Pungi what it should",
        arguments: [
            "test_launcher", "test_same_record", "test_after_pungi", "test_phase.Success", "test_phase.Skipped",
            "test_phase.Failures", "test_phase.Programs", "test_phase.Signals", "test_phase.Traces",
        ])
    func python(_ part: String) throws {
        let result = try PythonPeer.run(
            program: PythonPeer.python, ["-m", "unittest", part],
            environment: ["PHASE_RUNNER_PROGRAM": Program.executable.path, "PYTHONDONTWRITEBYTECODE": "1"],
            directory: Checkout.root.appendingPathComponent("contrib/pungi/tests"))
        #expect(result.status == 0, "\(result.stderr)")
    }
}
