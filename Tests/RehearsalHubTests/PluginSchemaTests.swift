import Foundation
import Koji
import TestSupport
import Testing

@testable import RehearsalHub

@Suite("The plugin's argument schema")
struct PluginSchemaTests {
    struct Probe: Sendable, CustomStringConvertible {
        var generation = PluginGeneration.v11
        var types = ["probe"]
        var version: XMLRPCValue = .string("0")
        var opts: [String: XMLRPCValue] = [:]
        let firstLine: String?
        var end = ""
        var description: String { "\(generation) \(firstLine ?? "accepted")" }
    }

    static let probes = [
        Probe(
            opts: [
                "scratch": .bool(true), "repos": .strings(["u"]), "release": .string("1"), "distro": .string("d"),
                "skip_tag": .bool(true), "seed": .number(0), "preview": .bool(false),
                "failable_arches": .strings(["aarch64"]), "blueprint": .object(["any": .null]),
                "ostree": .object(["parent": .string("p"), "ref": .string("r"), "url": .string("u")]),
                "bootc": .object(["ref": .string("r"), "default-fs": .string("xfs")]),
            ],
            firstLine: nil),
        Probe(types: [], firstLine: "[] is too short", end: "On instance[2]:\n    []"),
        Probe(types: ["a", "b"], firstLine: "['a', 'b'] is too long", end: "On instance[2]:\n    ['a', 'b']"),
        Probe(version: .number(43), firstLine: "43 is not of type 'string'", end: "On instance[4]:\n    43"),
        Probe(
            opts: ["release": .null], firstLine: "None is not of type 'string'",
            end: "On instance[5]['release']:\n    None"),
        Probe(
            opts: ["seed": .bool(true)], firstLine: "True is not of type 'integer'",
            end: "On instance[5]['seed']:\n    True"),
        Probe(
            opts: ["x-probe": .number(0), "scratch": .string("x")],
            firstLine: "Additional properties are not allowed ('x-probe' was unexpected)"),
        Probe(
            generation: .v7, opts: ["bootc": .object([:]), "x-probe": .number(0), "seed": .number(0)],
            firstLine: "Additional properties are not allowed ('bootc', 'x-probe' were unexpected)"),
        Probe(
            generation: .v6,
            opts: [
                "failable_arches": .array([]), "bootc": .object([:]), "preview": .bool(true), "seed": .number(0),
                "x-probe": .number(0), "scratch": .string("x"),
            ],
            firstLine: "Additional properties are not allowed "
                + "('bootc', 'failable_arches', 'preview', 'seed', 'x-probe' were unexpected)"),
        Probe(
            opts: ["bootc": .object(["no_such": .string("x")])],
            firstLine: "Additional properties are not allowed ('no_such' was unexpected)",
            end: "On instance[5]['bootc']:\n    {'no_such': 'x'}"),
        Probe(
            opts: ["repos": .array([.string("u"), .number(1)])], firstLine: "1 is not of type 'string'",
            end: "On instance[5]['repos'][1]:\n    1"),
    ]

    @Test("each generation knows its keys, and says so in the hub's words", arguments: probes)
    func probe(_ probe: Probe) throws {
        let request: [XMLRPCValue] = [
            .string("probe"), .array([]), .strings(probe.types), .string("probe"), probe.version, .object(probe.opts),
        ]
        let error = PluginSchema(probe.generation).firstError(in: .array(request))
        #expect(error?.text.split(separator: "\n").first.map(String.init) == probe.firstLine)
        if let text = error?.text { #expect(text.hasSuffix(probe.end)) }
    }

    @Test("a long part of the schema is broken as Python's pprint breaks it")
    func prettyPrinting() {
        let value: XMLRPCValue = .object([
            "description": .string("Override builds prerelease/preview state, and some more words behind it."),
            "list": .strings(["a", "b"]),
        ])
        #expect(
            Python.pretty(value) == """
                {'description': 'Override builds prerelease/preview state, and some '
                                'more words behind it.',
                 'list': ['a', 'b']}
                """)
    }

    /// Every recorded 1019 of a submit, answered again: the whole text must be the same.
    @Test("recorded refusals are given word for word", .needsShared)
    func recorded() throws {
        var compared = 0
        let files = [("22-probe-options", nil as PluginGeneration?), ("08-imageBuilderBuild", .v11)]
        for (file, fixed) in files {
            for exchange in try Transcript.exchanges(of: file) where exchange.call.method == "imageBuilderBuild" {
                guard case .fault(let expected) = exchange.answer, expected.code == 1019,
                    expected.text.contains("schema")
                else { continue }
                let generation =
                    fixed ?? (exchange.name.hasPrefix("v7") ? .v7 : exchange.name.hasPrefix("v1") ? .v6 : .v11)
                var hub = StepHub { $0.plugin = generation }
                try hub.logIn()
                let (positional, keywords) = exchange.call.arguments
                #expect(hub.fault("imageBuilderBuild", positional, keywords) == expected, "\(exchange.name)")
                compared += 1
            }
        }
        #expect(compared > 30)
    }
}
