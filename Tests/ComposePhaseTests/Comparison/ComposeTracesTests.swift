import Foundation
import ProductMD
import PungiConfig
import TestSupport
import Testing

@testable import ComposePhase

@Suite("Plans of different composes")
struct ComposeTracesTests {
    /// Every way in which a date, respin or label gets into a plan.
    static let section = #"""
        global_target = "t"
        global_release = "!RELEASE_FROM_LABEL_DATE_TYPE_RESPIN"
        imagebuilder = {
            "^Everything$": [
                {"name": "a", "types": ["a"]},
                {"name": "b", "types": ["b"], "subvariant": "B", "release": "!RELEASE_FROM_DATE_RESPIN"},
                {"name": "c", "types": ["c"], "subvariant": "C", "version": "!VERSION_FROM_VERSION_DATE_RESPIN"},
                {"name": "d", "types": ["d"], "subvariant": "D", "version": "!OSTREE_VERSION_FROM_LABEL_DATE_TYPE_RESPIN"},
                {"name": "e", "types": ["e"], "subvariant": "E", "version": "!VERSION_FROM_VERSION", "release": ""},
            ],
        }
        """#

    static let composes: [(type: ComposeType, label: String?, respin: Int)] = [
        (.nightly, nil, 0), (.nightly, nil, 3), (.production, "RC-1.2", 0), (.production, "RC-20260102.0", 0),
        (.production, "Beta-1.4", 1), (.production, nil, 2), (.test, nil, 10),
    ]

    private func plan(_ compose: (type: ComposeType, label: String?, respin: Int), _ change: String = "") throws
        -> PhasePlan
    {
        var world = PlanWorld(Self.section + change)
        (world.type, world.label, world.respin) = compose
        world.hasNoLabel = true
        return try world.plan()
    }

    @Test("what comes of date, respin, type and label is the same", arguments: 0..<composes.count)
    func same(index: Int) throws {
        let old = try plan(Self.composes[index])
        for compose in Self.composes {
            let comparison = PlanComparison(old, try plan(compose))
            #expect(comparison.words.filter { !$0.hasPrefix("compose: type") } == [], "\(compose)")
            #expect(comparison.disregarded.composes == (compose != Self.composes[index]))
            #expect(comparison.repos == UseChange())
        }
    }

    @Test("what the configuration changes shows all the same")
    func different() throws {
        let change = #"imagebuilder_version = "45""#
        let comparison = PlanComparison(try plan((.nightly, nil, 0)), try plan((.nightly, nil, 1), change))
        #expect(
            comparison.words == ["a", "b"].map { "~ Everything/\($0)/\($0): version \"44\" -> \"45\"" })
    }

    static let texts = [
        ("20260102", true), ("x20260102y", true), ("20260102.n.3", true), ("44.20260102.3", true), ("120260102", false),
        ("202601023", false), ("20260102.n.34", true), ("http://h/F-44-20260102.n.3/compose", true), ("44", false),
        ("", false),
    ]

    @Test("marks stand only where the text is the compose's", arguments: texts)
    func marks(text: String, isMarked: Bool) {
        let compose = PlannedCompose(
            id: "F-44-20260102.n.3", date: "20260102", type: "nightly", respin: 3, label: nil, releaseShort: "F",
            releaseVersion: "44")
        let traces = ComposeTraces.pair(compose, compose, forgetsPlace: false).old
        #expect((traces.key(text) != text) == isMarked)
        let placeless = ComposeTraces.pair(compose, compose, forgetsPlace: true).old
        #expect(placeless.key("http://h/F-44-20260102.n.3/c") == placeless.key("/x/F-44-20260102.n.3/c"))
    }

    @Test("another generator is a change, where the composes make other texts of it")
    func generator() throws {
        let other = Self.section.replacing("_FROM_DATE_RESPIN", with: "_FROM_LABEL_DATE_TYPE_RESPIN")
        var (old, new) = (PlanWorld(Self.section), PlanWorld(other))
        #expect(
            PlanComparison(try old.plan(), try new.plan()).words
                == [#"~ Everything/b/b: release "20260102.0" -> "20260102.n.0""#])
        new.respin = 4
        #expect(
            PlanComparison(try old.plan(), try new.plan()).words
                == [#"~ Everything/b/b: release "20260102.0" -> "20260102.n.4""#])
        (old.type, old.label) = (.production, "RC-20260102.0")
        #expect(PlanComparison(try old.plan(), try new.plan()).words == [#"compose: type "production" -> "nightly""#])
    }

    @Test("random plans: each is the same as itself, and what comes one way goes the other")
    func random() throws {
        for seed in UInt64(0)..<150 {
            var random = RandomPlan(seed: seed)
            let (old, new) = (random.plan(), random.plan())
            #expect(PlanComparison(old, old).isSame, "seed \(seed)")
            let there = PlanComparison(old, new)
            let back = PlanComparison(new, old)
            #expect(Set(there.added.map(\.id)) == Set(back.gone.map(\.id)), "seed \(seed)")
            #expect(Set(there.gone.map(\.id)) == Set(back.added.map(\.id)), "seed \(seed)")
            #expect(there.changed.count == back.changed.count && there.unchanged == back.unchanged, "seed \(seed)")
            #expect(there.unchanged + there.changed.count + there.added.count == new.tasks.count, "seed \(seed)")
            let document = ComparisonDocument.encode(there, old: "a", new: "b")
            let text = JSONWriter.pretty(document)
            #expect(JSONWriter.pretty(try JSONReader.read(text, name: "seed \(seed)")) == text)
        }
    }

    @Test("2,000 images are compared in a moment")
    func many() throws {
        let one = try PlanWorld.image("").plan()
        var (old, new) = (one, one)
        old.tasks = (0..<2_000).map { number in
            var task = one.tasks[0]
            task.id = ImageTaskID("IoT/a/iot-raw-xz-\(number)")
            task.subvariant = "\(number)"
            return task
        }
        new.tasks = old.tasks.reversed()
        #expect(PlanComparison(old, new).isSame)
    }
}
