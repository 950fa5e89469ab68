import Koji
import ProductMD
import Testing

@testable import ComposePhase

@Suite("Adopting the tasks of a Pungi that died")
struct AdoptionTests {
    static func task(_ name: String) -> ImageTask {
        ImageTask(
            id: ImageTaskID("V/\(name)/raw"), variant: "V", subvariant: "V", manifestType: nil,
            method: "imageBuilderBuild",
            params: [
                "f44", .array(["x86_64"]), .array(["raw"]), .string(name), "44",
                ["repos": .array([]), "failable_arches": .array(["x86_64"])],
            ], failableArches: ["x86_64"], canFail: true,
            arches: [ArchTask(arch: "x86_64", failable: true, repos: [], ostreeRef: nil, command: [])])
    }

    static func info(_ id: Int, _ name: String, _ state: TaskState, parent: Int? = nil, version: String = "44")
        -> TaskInfo
    {
        TaskInfo(
            id: TaskID(id), parent: parent.map { TaskID($0) }, method: "imageBuilderBuild", label: nil, arch: "noarch",
            state: state, hostID: nil, started: nil,
            request: [
                .string("f44"), .array([.string("x86_64")]), .array([.string("raw")]), .string(name), .string(version),
                .object(["repos": .array([])]),
            ])
    }

    @Test("a task is known by its request but for failable_arches; of equal ones the best is taken")
    func match() {
        let found = [
            Self.info(1, "a", .failed), Self.info(2, "a", .closed), Self.info(3, "a", .open),
            Self.info(4, "b", .canceled), Self.info(5, "b", .failed), Self.info(6, "c", .open, version: "43"),
            Self.info(7, "d", .open, parent: 3),
        ]
        let matches = Adoption.match(["a", "b", "c", "d"].map(Self.task), found)
        #expect(matches == [Self.task("a").id: TaskID(2), Self.task("b").id: TaskID(5)])
    }

    @Test("fewer arches and another release go into the request, and failable arches follow")
    func attempt() {
        let task = Self.task("a")
        #expect(task.params(for: Attempt(arches: ["x86_64"])) == task.params)
        let other = task.params(for: Attempt(number: 2, arches: ["aarch64"], release: "7"))
        #expect(other[1] == .array(["aarch64"]))
        #expect(other[5] == ["repos": .array([]), "release": "7"])
    }
}
