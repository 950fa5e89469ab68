import Foundation
import Koji
import Testing

@testable import RehearsalHub

@Suite("Failures with a cause")
struct FailureCauseTests {
    @Test(
        "rules are read as they are written on a command line",
        arguments: [
            ("Fedora-IoT", "Fedora-IoT", nil, nil, nil), ("Fedora-IoT/aarch64", "Fedora-IoT", "aarch64", nil, nil),
            ("*", "*", nil, nil, nil), ("Fedora-*", "Fedora-*", nil, nil, nil),
            ("*IoT*/x86_64", "*IoT*", "x86_64", nil, nil),
            ("Fedora-IoT*2", "Fedora-IoT", nil, nil, 2), ("**3", "*", nil, nil, 3),
            ("Fedora-IoT/aarch64:loop-device*1", "Fedora-IoT", "aarch64", "loop-device", 1),
            ("Fedora-IoT:timeout", "Fedora-IoT", nil, "timeout", nil),
            ("*:build-exists", "*", nil, "build-exists", nil),
            ("Fedora-IoT:host-lost", "Fedora-IoT", nil, "host-lost", 1),
            ("*/x86_64:host-lost*3", "*", "x86_64", "host-lost", 3),
        ] as [(String, String, String?, String?, Int?)])
    func rules(text: String, name: String, arch: String?, cause: String?, times: Int?) throws {
        let rule = try FailureRule(parsing: text)
        #expect(rule.name == name && rule.arch == arch && rule.cause?.name == cause && rule.times == times)
    }

    @Test(
        "what cannot be read is told with how it is written",
        arguments: [
            ("", "write NAME"), ("/x86_64", "write NAME"), ("Fedora-IoT/", "write NAME"), (":timeout", "write NAME"),
            ("Fedora-IoT:tiemout", "no cause is called `tiemout`; the causes are loop-device, "),
            ("Fedora-IoT:", "no cause is called ``"), ("Fedora-IoT/x86_64:no-arches", "name no arch"),
        ])
    func refused(text: String, message: String) {
        do {
            _ = try FailureRule(parsing: text)
            Issue.record("it was read")
        } catch {
            #expect(error.description.contains(message), "\(error)")
        }
    }

    @Test("the names of causes are unique")
    func names() {
        #expect(Set(RehearsedCause.all.map(\.name)).count == RehearsedCause.all.count)
    }

    @Test("an arch task with a cause has the cause's fault and log, and after so many times it is gone")
    func cause() throws {
        let failure = try FailureRule(parsing: "*/aarch64:loop-device*1")
        var hub = StepHub { $0.failures = [failure] }
        try hub.logIn()
        let first = try hub.submit()
        hub.waitForEnd()
        #expect(hub.resultFault(first) == .generic("`image-builder` failed"))
        let failed = try #require(try hub.task(first).children.last)
        let log = try hub.call("downloadTaskOutput", [.number(failed.number), .string("build.log")])
        let text = String(decoding: try #require(Base64Text.decoded(log)), as: UTF8.self)
        #expect(text.contains("failed to set up loop device") && text.contains("nothing was built"))
        let second = try hub.submit()
        hub.waitForEnd()
        #expect(try hub.stateOf(second) == .closed)
    }

    @Test("a buildroot that could not be made tells so in root.log, and image-builder has left no log")
    func buildroot() throws {
        let failure = try FailureRule(parsing: "*:mock-locked")
        var hub = StepHub { $0.failures = [failure] }
        try hub.logIn()
        let id = try hub.submit(arches: ["x86_64"])
        hub.waitForEnd()
        #expect(hub.resultFault(id)?.code == 1012)
        let child = try #require(try hub.task(id).children.first)
        #expect(hub.resultFault(child.number)?.code == 1012)
        #expect(try hub.task(child.number).outputs.map(\.name).sorted() == ["mock_output.log", "root.log"])
    }

    @Test("a lost builder sends its task back to FREE, and the task starts over with new logs")
    func hostLost() throws {
        let failure = try FailureRule(parsing: "Fedora-Minimal/aarch64:host-lost")
        var hub = StepHub { $0.failures = [failure] }
        try hub.logIn()
        let id = try hub.submit(arches: ["aarch64"])
        var states: [TaskState] = []
        while let next = hub.state.nextChange {
            hub.state.advance(to: next)
            guard let child = hub.state.task(TaskID(2)) else { continue }
            if states.last != child.state { states.append(child.state) }
            if child.state == .free { #expect(child.host == nil) }
        }
        #expect(states == [.free, .assigned, .open, .free, .assigned, .open, .closed])
        #expect(try hub.stateOf(id) == .closed)
        let names = try hub.task(2).outputs.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(hub.state.running["aarch64"] == 0)
    }

    @Test("a lost builder gives its place to the task that waits for it")
    func hostLostWhenFull() throws {
        let failure = try FailureRule(parsing: "*:host-lost")
        var hub = StepHub {
            $0.capacity = ["x86_64": 1]
            $0.failures = [failure]
        }
        try hub.logIn()
        let ids = try (0..<3).map { _ in try hub.submit(arches: ["x86_64"]) }
        hub.waitForEnd()
        #expect(try ids.allSatisfy { try hub.stateOf($0) == .closed })
        #expect(hub.state.statistics.mostRunningArchTasks == 1)
    }

    @Test("without a builder of an arch its tasks stay free, and no host of that arch is listed")
    func noBuilder() throws {
        var hub = StepHub { $0.capacity = ["aarch64": 0] }
        try hub.logIn()
        let id = try hub.submit()
        let invented = try hub.submit(target: "f99")
        hub.waitForEnd()
        #expect(try [id, invented].map { try hub.stateOf($0) } == [.open, .open])
        let free = hub.state.tasks.filter { $0.state == .free }
        #expect(free.map(\.arch) == ["aarch64", "aarch64"])
        let hosts = try hub.call("listHosts", [], ["arches": .strings(["aarch64"])])
        #expect(hosts == .array([]))
        #expect(try #require(try hub.call("listHosts").items).count == 4)
    }

    @Test("without any builder even the parent stays free")
    func noBuilders() throws {
        var hub = StepHub { $0.capacity = Dictionary(uniqueKeysWithValues: $0.builderArches.map { ($0, 0) }) }
        try hub.logIn()
        let id = try hub.submit()
        hub.waitForEnd()
        #expect(try hub.stateOf(id) == .free)
    }

    @Test("a full builder is not ready and has the load of its capacity")
    func full() throws {
        var hub = StepHub { $0.capacity = ["x86_64": 2] }
        try hub.logIn()
        for _ in 0..<3 { _ = try hub.submit(arches: ["x86_64"]) }
        hub.wait(4)
        let host = try hub.call("listHosts", [], ["arches": .strings(["x86_64"])]).items?.first
        #expect(host?["task_load"] == .double(2) && host?["capacity"] == .double(2) && host?["ready"] == .bool(false))
        let ready = try hub.call("listHosts", [], ["arches": .strings(["x86_64"]), "ready": .bool(true)])
        #expect(ready == .array([]))
        #expect(hub.state.tasks.count { $0.arch == "x86_64" && $0.state == .free } == 1)
    }

    @Test("invented targets without a repository make the first task wait for one")
    func lacksRepos() throws {
        var hub = StepHub {
            $0.lacksRepos = true
            $0.times.repo = .seconds(30)...(.seconds(30))
        }
        try hub.logIn()
        let id = try hub.submit(target: "f99")
        hub.wait(20)
        #expect(try hub.task(id).children.map { try hub.task($0.number).method } == ["waitrepo"])
        hub.waitForEnd()
        let second = try hub.submit(target: "f99")
        hub.waitForEnd()
        #expect(try [id, second].map { try hub.stateOf($0) } == [.closed, .closed])
        #expect(try hub.task(second).children.count == 2)
    }

    @Test("times and bytes of files follow from what they are about, not from the task or the clock")
    func stamps() throws {
        func files(after seconds: Double) throws -> [String: XMLRPCValue] {
            var hub = StepHub()
            try hub.logIn()
            hub.wait(seconds)
            if seconds > 0 { _ = try hub.submit(name: "Other") }
            let id = try hub.submit(arches: ["x86_64"], ["release": .string("7"), "scratch": .bool(true)])
            hub.waitForEnd()
            let child = try #require(try hub.task(id).children.first)
            let stat = try hub.call("listTaskOutput", [.number(child.number)], ["stat": .bool(true)])
            var files: [String: XMLRPCValue] = [:]
            for (name, file) in try #require(stat.members) {
                let bytes = try hub.call("downloadTaskOutput", [.number(child.number), .string(name)])
                files[name] = .array([file["st_mtime"], file["st_size"], bytes])
            }
            return files
        }
        let first = try files(after: 0)
        #expect(first.count == 7)
        #expect(try files(after: 5000) == first)
        #expect(Set(first.values.map { $0.items?.first }).count == 1)
    }

    @Test(
        "dates are written as HTTP wants them",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (1_767_225_600, "Thu, 01 Jan 2026 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        ])
    func httpDates(seconds: Int, text: String) {
        #expect(HubTime(seconds: Double(seconds)).httpDate == text)
    }
}

/// Reads what `downloadTaskOutput` answers.
private enum Base64Text {
    static func decoded(_ value: XMLRPCValue) -> [UInt8]? {
        guard case .string(let text) = value else { return nil }
        return Data(base64Encoded: text).map(Array.init)
    }
}
