import ComposePhase
import Foundation
import PhaseService
import Testing

@Suite("The latest link")
struct LatestLinkTests {
    private func link(
        version: String = "44", base: (short: String, version: String)? = nil,
        directory: String = "Fedora-IoT-44-20261120.n.0",
        status: ComposeStatus = .finished, linked: Set<ComposeStatus> = [.finished, .finishedIncomplete],
        isRehearsal: Bool = false
    ) -> LatestLink? {
        LatestLink(
            short: "Fedora-IoT", version: version, base: base, directory: directory, status: status, linked: linked,
            isRehearsal: isRehearsal)
    }

    @Test("its name is the one that Pungi gives it")
    func names() {
        for (version, name) in [
            ("44", "latest-Fedora-IoT-44"), ("8.10", "latest-Fedora-IoT-8"), ("8.10.1", "latest-Fedora-IoT-8.10"),
            ("Rawhide", "latest-Fedora-IoT-Rawhide"),
        ] { #expect(link(version: version)?.name == name) }
        #expect(link(version: "1.2", base: ("RHEL", "9"))?.name == "latest-Fedora-IoT-1-RHEL-9")
        #expect(link()?.target == "Fedora-IoT-44-20261120.n.0")
    }

    @Test("there is none for a rehearsal, a bad end or a status that is not named")
    func none() {
        #expect(link(isRehearsal: true) == nil)
        #expect(link(status: .doomed, linked: [.doomed]) == nil)
        #expect(link(status: .finishedIncomplete, linked: [.finished]) == nil)
        #expect(link(linked: []) == nil)
        #expect(link(directory: "a/b") == nil && link(directory: "..") == nil && link(version: "4/4") == nil)
    }

    @Test("it is replaced in one step, and nothing but a link is")
    func made() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("link-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appendingPathComponent("latest-Fedora-IoT-44").path
        for compose in ["Fedora-IoT-44-20261120.n.0", "Fedora-IoT-44-20261121.n.0", "Fedora-IoT-44-20261121.n.0"] {
            try #require(link(directory: compose)).make(in: directory.path)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == compose)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).count == 1)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(throws: AtomicFile.Failure.self) { try link()?.make(in: directory.path) }
        #expect(throws: AtomicFile.Failure.self) { try link()?.make(in: directory.path + "/nowhere") }
    }
}
