import Foundation
import ProductMD
import Testing

@testable import ComposePhase

@Suite("The last compose")
struct LastComposeTests {
    private func found(_ composes: [String], of id: String = "Fedora-44-20260102.n.0", rehearsal: Bool = false) throws
        -> String
    {
        let top = FileManager.default.temporaryDirectory.appendingPathComponent("last-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: top) }
        let plan = try PlanWorld.image("").plan()
        for entry in composes {
            let words = entry.split(separator: " ").map(String.init)
            let layout = ComposeLayout(top: "\(top.path)/\(words[0])")
            try AtomicFile.makeDirectories(layout.path(ComposeLayout.work))
            var mine = plan
            mine.compose.id = words[0]
            if words.contains("damaged") {
                try AtomicFile.write(Array("{".utf8), to: layout.path(ComposeLayout.plan))
            } else if !words.contains("planless") {
                try AtomicFile.write(
                    JSONWriter.pretty(PlanDocument.encode(mine)), to: layout.path(ComposeLayout.plan))
            }
            if words.contains("rehearsal") { try AtomicFile.write([], to: layout.path(ComposeLayout.rehearsal)) }
        }
        var compose = plan.compose
        compose.id = id
        return switch LastCompose.find(of: compose, beside: "\(top.path)/\(id)", isRehearsal: rehearsal) {
        case .found(let last): last.directory == "\(top.path)/\(last.id)" ? last.id : "\(last.directory)?"
        case .none: "none"
        case .unreadable(let reason): reason.contains("plan.json:1:") ? "unreadable" : reason
        }
    }

    @Test("is the newest by date and respin, of the same release and type, with a plan")
    func newest() throws {
        #expect(try found([]) == "none")
        #expect(
            try found([
                "Fedora-44-20260101.n.0", "Fedora-44-20260101.n.10", "Fedora-44-20260101.n.9",
                "Fedora-44-20251231.n.11",
            ])
                == "Fedora-44-20260101.n.10")
        for other in [
            "Fedora-45-20260101.n.0", "Fedora-IoT-44-20260101.n.0", "Fedora-44-20260101.t.0", "Fedora-44-20260101.0",
            "Fedora-44-updates-20260101.n.0", "Fedora-44", "latest-Fedora-44",
        ] {
            #expect(try found([other]) == "none", "\(other)")
        }
        #expect(try found(["Fedora-44-20260101.n.0", "Fedora-44-20260101.n.1 planless"]) == "Fedora-44-20260101.n.0")
    }

    @Test("rehearsals and real composes do not mix")
    func rehearsals() throws {
        let composes = ["Fedora-44-20260101.n.0", "Fedora-44-20260101.n.1 rehearsal"]
        #expect(try found(composes) == "Fedora-44-20260101.n.0")
        #expect(try found(composes, rehearsal: true) == "Fedora-44-20260101.n.1")
    }

    @Test("whose plan cannot be read is told with the place")
    func damaged() throws {
        #expect(try found(["Fedora-44-20260101.n.0", "Fedora-44-20260101.n.1 damaged"]) == "unreadable")
    }
}
