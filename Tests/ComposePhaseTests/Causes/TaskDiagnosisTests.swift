import Koji
import Testing

@testable import ComposePhase

@Suite("Diagnosis of failed tasks")
struct TaskDiagnosisTests {
    private static func cause(_ kind: CauseClass, _ rule: String) -> FailureCause {
        FailureCause(rule: rule, kind: kind, remedy: "Do it again.", evidence: "a line")
    }

    private static func child(_ arch: String, _ kind: CauseClass, mayFail: Bool = false) -> TaskDiagnosis.Child {
        TaskDiagnosis.Child(
            name: arch, task: TaskID(14), mayFail: mayFail, reason: "`image-builder` failed",
            cause: cause(kind, "rule-\(arch)"), log: "https://hub.example/build.log")
    }

    private static func diagnosis(
        _ children: [TaskDiagnosis.Child], all: Bool = false, own: CauseClass = .unknown
    ) -> TaskDiagnosis {
        TaskDiagnosis(task: TaskID(12), children: children, allArchesFailed: all, own: cause(own, "own"))
    }

    @Test("passing trouble is it only if every arch that had to be made met passing trouble")
    func transient() {
        let cases: [(TaskDiagnosis, String)] = [
            (Self.diagnosis([Self.child("x86_64", .builder)]), "rule-x86_64"),
            (Self.diagnosis([Self.child("x86_64", .builder), Self.child("aarch64", .network)]), "rule-x86_64"),
            (Self.diagnosis([Self.child("x86_64", .builder), Self.child("aarch64", .content)]), "rule-aarch64"),
            (Self.diagnosis([Self.child("x86_64", .builder), Self.child("aarch64", .unknown)]), "rule-aarch64"),
            // What may fail does not decide,
            (
                Self.diagnosis([Self.child("s390x", .content, mayFail: true), Self.child("x86_64", .hub)]),
                "rule-x86_64"
            ),
            (
                Self.diagnosis([Self.child("s390x", .content, mayFail: true), Self.child("x86_64", .hub)], all: true),
                "rule-x86_64"
            ),
            // unless nothing else was asked for and all failed.
            (Self.diagnosis([Self.child("s390x", .repository, mayFail: true)], all: true), "rule-s390x"),
            // One that may fail, and the task failed for another reason.
            (Self.diagnosis([Self.child("s390x", .builder, mayFail: true)], own: .config), "own"),
            (Self.diagnosis([], own: .config), "own"),
        ]
        for (diagnosis, rule) in cases { #expect(diagnosis.cause.rule == rule, "\(diagnosis)") }
    }

    @Test("a message says what failed, the cause in words, the line, the remedy and the log")
    func message() {
        #expect(
            Self.diagnosis([Self.child("aarch64", .builder)]).message
                == "task 12 failed: aarch64 (task 14): `image-builder` failed; trouble on the builder (rule-aarch64): "
                + "a line. Do it again. Log: https://hub.example/build.log")
        #expect(
            Self.diagnosis([Self.child("s390x", .hub, mayFail: true)], own: .config).message.hasPrefix(
                "task 12 failed: an error in the configuration (own): a line. Do it again.; s390x (task 14, may fail): "
            ))
        #expect(
            Self.diagnosis([], own: .config).message
                == "task 12 failed: an error in the configuration (own): a line. Do it again.")
    }

    @Test("a fault that is its own evidence is said once")
    func once() {
        let child = TaskDiagnosis.Child(
            name: "x86_64", task: TaskID(3), mayFail: false, reason: "no arches",
            cause: FailureCause(rule: "no-arches", kind: .config, remedy: nil, evidence: "no arches"), log: nil)
        #expect(child.sentence == "x86_64 (task 3): no arches; an error in the configuration (no-arches)")
    }

    @Test("the logs that tell are read, the best first, and no more than four")
    func logs() {
        #expect(
            BuilderLogs.ofInterest([
                "x-1.x86_64.raw.xz", "state.log", "root.log", "hw_info.log", "mock_output.log", "build.log",
            ]) == ["build.log", "mock_output.log", "root.log"])
        #expect(
            BuilderLogs.ofInterest(["root.log", "x.osbuild.log", "osbuild-manifest.json", "b-osbuild.log", "build.log"])
                == ["build.log", "b-osbuild.log", "x.osbuild.log", "root.log"])
        #expect(BuilderLogs.ofInterest((0..<90).map { "osbuild-\($0).log" }).count == BuilderLogs.mostLogs)
        #expect(BuilderLogs.ofInterest([]).isEmpty)
    }

    @Test("arches that may fail are read from the request, whatever it holds")
    func failable() {
        let six: [XMLRPCValue] = [.string("t"), .array([]), .array([]), .string("n"), .string("v")]
        let arches: XMLRPCValue = .array([.string("s390x"), .int(3)])
        #expect(TaskDiagnosis.failableArches(six + [.object(["failable_arches": arches])]) == ["s390x"])
        #expect(TaskDiagnosis.failableArches(six + [.object(["failable_arches": .string("s390x")])]).isEmpty)
        #expect(TaskDiagnosis.failableArches(six + [.null]).isEmpty)
        #expect(TaskDiagnosis.failableArches(six).isEmpty)
        #expect(TaskDiagnosis.failableArches(nil).isEmpty)
    }
}
