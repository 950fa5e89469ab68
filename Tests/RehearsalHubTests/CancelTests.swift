import Koji
import Testing

@testable import RehearsalHub

@Suite("Cancelling and doing again")
struct CancelTests {
    @Test("an open task is cancelled with its children and its build; nothing happens afterwards")
    func cancelOpen() throws {
        var hub = StepHub()
        try hub.logIn()
        let id = try hub.submit(["release": .string("7")])
        hub.wait(4.5)
        #expect(try hub.call("cancelTask", [.number(id)]) == .null)
        #expect(try [id, 2, 3].map { try hub.stateOf($0) } == [.canceled, .canceled, .canceled])
        #expect(try hub.task(id).waiting == true && hub.task(2).awaited == true)
        #expect(hub.state.builds.map(\.state) == [.canceled])
        #expect(hub.state.running["x86_64"] == 0)
        hub.waitForEnd()
        #expect(try hub.stateOf(id) == .canceled)
        #expect(hub.resultFault(id) == .generic("Task 1 is canceled"))
        #expect(try hub.call("cancelTask", [.number(id)]) == .null)
    }

    @Test("who may not cancel is told so, and nothing changes")
    func refusals() throws {
        var hub = StepHub()
        try hub.logIn()
        let id = try hub.submit()
        let own = hub.claim
        hub.claim = nil
        #expect(hub.fault("cancelTask", [.number(id)]) == .notAllowed("Cannot cancel task, not owner"))
        hub.claim = own
        #expect(hub.fault("cancelTask", [.number(99)]) == .generic("No such task: 99"))
        #expect(
            hub.fault("cancelTaskFull", [.number(id)])
                == .notAllowed("admin permission required (logged in as rehearsal)"))
        #expect(
            hub.fault("setTaskPriority", [.number(id), .number(5)])
                == .notAllowed("admin permission required (logged in as rehearsal)"))
        #expect(try hub.stateOf(id) == .free)
        let admin = try hub.login("rehearsal-admin", "secret")
        _ = try hub.call("cancelTaskFull", [.number(id)], as: admin)
        #expect(try hub.stateOf(id) == .canceled)
    }

    @Test("only top-level tasks that failed or were canceled are submitted again")
    func resubmit() throws {
        var hub = StepHub { $0.failures = [FailureRule(stage: .arch, times: 1)] }
        try hub.logIn()
        let failed = try hub.submit(arches: ["x86_64"], ["release": .string("5")])
        hub.waitForEnd()
        #expect(hub.fault("resubmitTask", [.number(2)]) == .generic("only top-level tasks may be resubmitted"))
        let again = try #require(try hub.call("resubmitTask", [.number(failed)]).wholeNumber)
        #expect(try hub.task(again).request == hub.task(failed).request)
        hub.waitForEnd()
        #expect(try hub.stateOf(again) == .closed)
        #expect(
            hub.fault("resubmitTask", [.number(again)])
                == .generic("only canceled or failed tasks may be resubmitted"))
        #expect(hub.state.builds.map(\.task) == [TaskID(again)])
    }

    @Test("a failed or canceled record is taken again, a complete one never")
    func sameNVR() throws {
        var hub = StepHub { $0.failures = [FailureRule(stage: .arch, times: 1)] }
        try hub.logIn()
        let opts: [String: XMLRPCValue] = ["release": .string("100")]
        let first = try hub.submit(arches: ["x86_64"], opts)
        hub.waitForEnd()
        #expect(hub.state.builds.map(\.state) == [.failed])
        let second = try hub.submit(arches: ["x86_64"], opts)
        hub.wait(2.5)
        let third = try hub.submit(arches: ["x86_64"], opts)
        hub.waitForEnd()
        #expect(try hub.stateOf(second) == .closed)
        #expect(hub.state.builds.count == 1)
        #expect(hub.resultFault(third) == .generic("Build already in progress (task \(second))"))
        #expect(try hub.call("listBuilds", [], ["taskID": .number(first)]) == .array([]))
        let fourth = try hub.submit(arches: ["x86_64"], opts)
        hub.waitForEnd()
        #expect(
            hub.resultFault(fourth)?.text == """
                Build already exists (id=1, state=COMPLETE): {'name': 'Fedora-Minimal', 'version': '43', \
                'release': '100', 'epoch': 0, 'task_id': \(fourth), 'owner': 2, 'state': 0, 'completion_time': None, \
                'pkg_id': 1, 'extra': None, 'start_time': 'NOW', 'source': None, 'volume_id': 0, 'draft': False}
                """)
        #expect(try hub.call("listBuilds", [], ["taskID": .number(fourth)]) == .array([]))
    }

    @Test(
        "the next release follows the newest record that counts",
        arguments: [([], "1"), (["1"], "2"), (["9.fc43"], "10.fc43"), (["3", "7"], "8"), (["1-2"], nil)]
            as [([String], String?)])
    func nextRelease(_ releases: [String], _ expected: String?) throws {
        var hub = StepHub()
        try hub.logIn()
        for release in releases { _ = try hub.submit(["release": .string(release), "skip_tag": .bool(true)]) }
        hub.waitForEnd()
        let info: XMLRPCValue = .object(["name": .string("Fedora-Minimal"), "version": .string("43")])
        if let expected {
            #expect(try hub.call("getNextRelease", [info]) == .string(expected))
        } else {
            #expect(hub.fault("getNextRelease", [info]) == .build("Unable to increment release value: 1-2"))
        }
    }
}
