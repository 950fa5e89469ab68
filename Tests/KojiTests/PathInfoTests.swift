import Foundation
import Koji
import Testing

@Suite("Paths and numbers of tasks")
struct PathInfoTests {
    private let build = PathInfo.buildDirectory(name: "Fedora-Cloud", version: "43", release: "20261122.n.0")

    @Test("a task's directory has its number modulo 10000 without leading zeros")
    func tasks() {
        #expect(PathInfo.taskDirectory(TaskID(5)) == "work/tasks/5/5")
        #expect(PathInfo.taskDirectory(TaskID(10_000)) == "work/tasks/0/10000")
        #expect(PathInfo.taskDirectory(TaskID(123_450_042)) == "work/tasks/42/123450042")
        #expect(PathInfo.taskDirectory(TaskID(7), volume: "arch") == "vol/arch/work/tasks/7/7")
        #expect(PathInfo.taskDirectory(TaskID(7), volume: "DEFAULT") == "work/tasks/7/7")
        #expect(PathInfo.taskFile(TaskID(7), name: "a.log") == "work/tasks/7/7/a.log")
        #expect(PathInfo.scratchDirectory(owner: "bob", child: TaskID(17)) == "scratch/bob/task_17")
    }

    @Test("a build's files lie below packages, on another volume below vol")
    func builds() {
        #expect(build == "packages/Fedora-Cloud/43/20261122.n.0")
        #expect(
            PathInfo.buildDirectory(name: "a", version: "1", release: "2", volume: "X") == "vol/X/packages/a/1/2")
        for plain in [nil, "DEFAULT", ""] {
            #expect(PathInfo.buildDirectory(name: "a", version: "1", release: "2", volume: plain) == "packages/a/1/2")
        }
        #expect(PathInfo.image("a.qcow2", in: build) == build + "/images/a.qcow2")
        #expect(
            PathInfo.imageLog("oz.log", arch: "x86_64", in: build) == build + "/data/logs/image/x86_64/oz.log")
        #expect(PathInfo.file("a.tar", type: "tar", in: build) == build + "/files/tar/a.tar")
        #expect(PathInfo.repo(tag: "f43-build", id: 12, arch: "x86_64") == "repos/f43-build/12/x86_64")
    }

    @Test(
        "every byte that is not unreserved is percent-encoded, slashes stay",
        arguments: [
            ("", ""), ("packages/a-b_c.d~e/1", "packages/a-b_c.d~e/1"), ("a+b^c", "a%2Bb%5Ec"), ("a b%", "a%20b%25"),
            ("é", "%C3%A9"), ("a?b#c&d=e:@", "a%3Fb%23c%26d%3De%3A%40"), ("\n\u{0}", "%0A%00"),
        ])
    func encoding(path: String, expected: String) {
        #expect(PathInfo.percentEncoded(path) == expected)
    }

    @Test("a plain name cannot lead elsewhere")
    func names() {
        for name in ["a", "a..b", "...", ".hidden", "a b", "é"] { #expect(PathInfo.isPlainName(name)) }
        for name in ["", ".", "..", "/", "a/b", "../a", "a\u{0}b"] { #expect(!PathInfo.isPlainName(name)) }
    }

    @Test("task states have Koji's numbers and names, and an unknown number is not final")
    func states() throws {
        let expected: [(Int, TaskState, String, Bool)] = [
            (0, .free, "FREE", false), (1, .open, "OPEN", false), (2, .closed, "CLOSED", true),
            (3, .canceled, "CANCELED", true), (4, .assigned, "ASSIGNED", false), (5, .failed, "FAILED", true),
        ]
        #expect(TaskState.allCases.count == expected.count)
        for (number, state, name, isFinal) in expected {
            #expect(TaskState(number: number) == state)
            #expect(state.rawValue == number)
            #expect(state.name == name)
            #expect(state.isFinal == isFinal)
        }
        for number in [-1, 6, 99] { #expect(!TaskState(number: number).isFinal) }
        #expect(try JSONEncoder().encode([TaskState.failed]) == Data("[5]".utf8))
    }

    @Test("task ids are plain numbers in order")
    func ids() throws {
        #expect(try JSONEncoder().encode([TaskID(7)]) == Data("[7]".utf8))
        #expect(try JSONDecoder().decode([TaskID].self, from: Data("[8]".utf8)) == [TaskID(8)])
        #expect(TaskID(9) < TaskID(10))
        #expect("\(TaskID(10))" == "10")
    }
}
