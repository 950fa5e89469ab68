import Koji
import Testing

@Suite("How long a repeat waits, and how faults are shown")
struct RetryPolicyTests {
    @Test(
        "waits double from two seconds to a minute, a fifth more or less",
        arguments: [(0, 2.0), (1, 4), (2, 8), (3, 16), (4, 32), (5, 60), (6, 60), (1_000_000, 60)])
    func waits(number: Int, seconds: Double) {
        let policy = RetryPolicy.standard
        #expect(policy.wait(number, chance: 0.5) == seconds)
        #expect(abs(policy.wait(number, chance: 0) - seconds * 0.8) < 1e-9)
        #expect(abs(policy.wait(number, chance: 1) - seconds * 1.2) < 1e-9)
    }

    @Test(
        "a fault is shown by the line that tells most",
        arguments: [
            (1000, "No such task: 9", "fault 1000: No such task: 9"),
            (1, "Traceback (most recent call last):\n  File \"x\"\n\nValueError: odd\n\n", "fault 1: ValueError: odd"),
            (
                1019,
                "'x' is not of type 'integer'\n\nFailed validating 'type' in schema[5]:\n    {}\n\nOn instance[5]['seed']:\n    'x'",
                "fault 1019: 'x' is not of type 'integer' (instance[5]['seed'])"
            ),
            (1000, "", "fault 1000: no text"), (1000, "\n \n", "fault 1000: no text"),
        ])
    func summary(code: Int, text: String, shown: String) {
        #expect(XMLRPCFault(code: code, text: text).summary == shown)
    }

    @Test("a fault of many thousand characters is cut")
    func long() {
        #expect(XMLRPCFault(code: 1, text: String(repeating: "a", count: 100_000)).summary.count < 450)
    }

    @Test(
        "which failures make it useless to go on",
        arguments: [
            (KojiFailure.Kind.unreachable, nil, true), (.proxy, nil, true), (.offline, 1014, true),
            (.loginRefused, 1002, true), (.loginNotOffered, nil, true), (.profile, nil, true), (.fault, 1002, true),
            (.fault, 1006, true), (.fault, 1000, false), (.fault, 1019, false), (.permission, 1004, false),
            (.badAnswer, nil, false), (.alreadyDone, 1009, false), (.answerLost, nil, false),
            (.cancelled, nil, false),
        ] as [(KojiFailure.Kind, Int?, Bool)])
    func unusable(kind: KojiFailure.Kind, code: Int?, isUnusable: Bool) {
        let failure = KojiFailure(
            kind: kind, message: "", method: "", url: "", fault: code.map { XMLRPCFault(code: $0, text: "") })
        #expect(failure.isHubUnusable == isUnusable)
    }
}
