import Foundation
import TestSupport
import Testing

/// Every call of a run meets every kind of fault, one at a time.
///
/// The whole campaign is run by `scripts/fault-campaign koji`; `scripts/test` runs a seeded tenth of it in a process of
/// its own: beside other tests, a clock that is a hundred times as fast would run away from a busy machine.
@Suite("Fault campaign", .enabled(if: CampaignExtent.asked != nil, "scripts/test runs it alone"))
struct FaultCampaignTests {
    private struct Case: Sendable {
        let fault: HubFault
        let call: Int
    }

    private struct Result: Sendable {
        let test: Case
        let report: CampaignRun.Report

        /// Submitted exactly as often as wanted, and right or explained.
        func problem(names: Set<String>, images: Int) -> String? {
            let doubled = report.submits.filter { $0.value > 1 }
            if !doubled.isEmpty { return "submitted more than once: \(doubled)" }
            if report.isComplete {
                if Set(report.submits.keys) != names {
                    return "complete without \(names.subtracting(report.submits.keys))"
                }
                return report.images == images ? nil : "complete with \(report.images) of \(images) images recorded"
            }
            if report.reasons.isEmpty { return "ended without a reason" }
            return report.leftRunning == 0 ? nil : "gave up and left \(report.leftRunning) running"
        }
    }

    @Test("one task a submit, and a right end or a reason, whatever call goes wrong", .timeLimit(.minutes(10)))
    func campaign() async throws {
        let run = try CampaignRun.prepared()
        let calm = try await run.perform(nil, at: 0)
        #expect(calm.isComplete && calm.images == 6, "\(calm)")
        let names = Set(calm.submits.keys)
        #expect(names.count == 3)
        // A few more than an undisturbed run makes: faults lengthen it.
        var cases = HubFault.allCases.flatMap { fault in (1...calm.requests + 2).map { Case(fault: fault, call: $0) } }
        let isWhole = CampaignExtent.asked == "all"
        let seed = UInt64.random(in: 0...UInt64.max)
        if !isWhole {
            var random = SeededGenerator(seed: seed)
            cases = Array(cases.shuffled(using: &random).prefix(cases.count / 10))
        }
        let results = try await perform(cases, run)
        for result in results {
            if let problem = result.problem(names: names, images: calm.images) {
                Issue.record(
                    "\(result.test.fault.rawValue) at call \(result.test.call), seed \(seed): \(problem); \(result.report)"
                )
            }
            // No session's key, and nothing of a proxy's page, in anything that is said.
            for line in result.report.said + result.report.reasons {
                #expect(!line.contains(/[0-9]+-[A-Za-z0-9]{19}/) && !line.contains("<html"), "\(line)")
            }
        }
        if isWhole { show(results, calls: calm.requests + 2) }
    }

    private func perform(_ cases: [Case], _ run: CampaignRun) async throws -> [Result] {
        try await withThrowingTaskGroup(of: Result.self) { group in
            var results: [Result] = []
            var rest = cases[...]
            func start(_ test: Case) {
                group.addTask { Result(test: test, report: try await run.perform(test.fault, at: test.call)) }
            }
            for test in rest.prefix(4) { start(test) }
            rest = rest.dropFirst(4)
            while let result = try await group.next() {
                results.append(result)
                if let next = rest.popFirst() { start(next) }
            }
            return results
        }
    }

    /// A table for docs/reliability.md.
    private func show(_ results: [Result], calls: Int) {
        print("| fault, at each of \(calls) calls | runs | complete | ended with a reason | most submits of an image |")
        print("| --- | --- | --- | --- | --- |")
        for fault in HubFault.allCases {
            let own = results.filter { $0.test.fault == fault }
            let complete = own.count { $0.report.isComplete }
            let most = own.flatMap { $0.report.submits.values }.max() ?? 0
            print("| \(fault.rawValue) | \(own.count) | \(complete) | \(own.count - complete) | \(most) |")
        }
        for reason in Set(results.filter { !$0.report.isComplete }.flatMap(\.report.reasons)).sorted() {
            print("reason: \(reason)")
        }
    }
}

/// How much of the campaign is run: `tenth` or `all`; nil is none of it.
enum CampaignExtent {
    static let asked = ProcessInfo.processInfo.environment["PHASE_CAMPAIGN"]
}
