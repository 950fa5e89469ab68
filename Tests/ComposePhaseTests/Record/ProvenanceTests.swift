import Foundation
import Koji
import ProductMD
import PungiConfig
import Testing

@testable import ComposePhase

@Suite("Provenance")
struct ProvenanceTests {
    private static func image(_ arch: String, osbuild: String?) -> CollectedImage {
        var image = CollectedImage(
            task: ImageTaskID("IoT/Fedora-IoT/iot-raw-xz"), hubTask: TaskID(8), archTask: TaskID(9), variant: "IoT",
            subvariant: "IoT", arch: arch, type: "raw-xz", format: "raw.xz",
            path: "IoT/\(arch)/images/Fedora-IoT-44-1.\(arch).raw.xz", size: 5, mtime: 6, checksums: ["sha256": "ab"],
            nvr: "Fedora-IoT-44-1", buildID: 7, source: "https://hub/files/a")
        guard let osbuild else { return image }
        image.archiveID = 11
        image.sideFiles = [
            SideFile(kind: .manifest, path: "metadata/imagebuilder/IoT/\(arch)/m.json", size: 3, sha256: "cd")
        ]
        image.origin = BuildOrigin(
            host: "b1", buildroot: 3, toolchain: ["image-builder": "image-builder-41-1.fc44", "osbuild": osbuild],
            repositories: [.init(url: "https://r", revision: "100", checksum: nil)],
            ostree: .init(url: "https://o", ref: "r", commit: nil), seed: 44)
        return image
    }

    private static func provenance(freeze: FreezeFile? = nil) throws -> Provenance {
        let settings = try SettingsReader.read(
            try ConfigDocument.parse(bytes: Array(PlanWorld.head.utf8), path: "compose.conf", tracing: false)
        ).0
        let identity = try ComposeIdentity(
            settings: settings,
            request: ComposeRequest(
                type: .nightly, label: nil, hasNoLabel: false, isSupported: false, date: "20260102", respin: 0))
        return Provenance(
            compose: identity, hub: "https://hub/kojihub", weburl: "https://hub/koji", isRehearsal: false,
            freeze: freeze)
    }

    private static func document(_ images: [CollectedImage], freeze: FreezeFile?) throws -> String {
        var provenance = try provenance(freeze: freeze)
        provenance.add(images)
        return String(decoding: JSONWriter.pretty(provenance.json), as: UTF8.self)
    }

    @Test("the document has everything that is known of an image, and null for the rest")
    func whole() throws {
        let text = try Self.document(
            [Self.image("x86_64", osbuild: "osbuild-165-1.fc44"), Self.image("aarch64", osbuild: nil)],
            freeze: FreezeFile(path: "/etc/freeze.yaml", builds: ["osbuild": "osbuild-164-1.fc44"]))
        let expected = """
            {
                "header": {
                    "type": "phase-runner.imagebuilder-provenance",
                    "version": "1.1"
                },
                "payload": {
                    "compose": {
                        "date": "20260102",
                        "id": "Fedora-44-20260102.n.0",
                        "respin": 0,
                        "type": "nightly"
                    },
                    "freeze": {
                        "deviations": [
                            {
                                "frozen": "osbuild-164-1.fc44",
                                "image": "IoT/aarch64/images/Fedora-IoT-44-1.aarch64.raw.xz",
                                "installed": null,
                                "package": "osbuild"
                            },
                            {
                                "frozen": "osbuild-164-1.fc44",
                                "image": "IoT/x86_64/images/Fedora-IoT-44-1.x86_64.raw.xz",
                                "installed": "osbuild-165-1.fc44",
                                "package": "osbuild"
                            }
                        ],
                        "file": "/etc/freeze.yaml",
                        "holds": false
                    },
                    "hub": "https://hub/kojihub",
                    "images": {
                        "IoT/aarch64/images/Fedora-IoT-44-1.aarch64.raw.xz": {
                            "arch": "aarch64",
                            "arch_task": 9,
                            "archive": null,
                            "build": 7,
                            "checksums": {
                                "sha256": "ab"
                            },
                            "format": "raw.xz",
                            "nvr": "Fedora-IoT-44-1",
                            "origin": null,
                            "plan_task": "IoT/Fedora-IoT/iot-raw-xz",
                            "side_files": [],
                            "size": 5,
                            "source": "https://hub/files/a",
                            "subvariant": "IoT",
                            "task": 8,
                            "type": "raw-xz",
                            "variant": "IoT"
                        },
                        "IoT/x86_64/images/Fedora-IoT-44-1.x86_64.raw.xz": {
                            "arch": "x86_64",
                            "arch_task": 9,
                            "archive": 11,
                            "build": 7,
                            "checksums": {
                                "sha256": "ab"
                            },
                            "format": "raw.xz",
                            "nvr": "Fedora-IoT-44-1",
                            "origin": {
                                "buildroot": 3,
                                "host": "b1",
                                "ostree": {
                                    "commit": null,
                                    "ref": "r",
                                    "url": "https://o"
                                },
                                "repositories": [
                                    {
                                        "checksum": null,
                                        "revision": "100",
                                        "url": "https://r"
                                    }
                                ],
                                "seed": 44,
                                "toolchain": {
                                    "image-builder": "image-builder-41-1.fc44",
                                    "osbuild": "osbuild-165-1.fc44"
                                }
                            },
                            "plan_task": "IoT/Fedora-IoT/iot-raw-xz",
                            "side_files": [
                                {
                                    "kind": "manifest",
                                    "path": "metadata/imagebuilder/IoT/x86_64/m.json",
                                    "sha256": "cd",
                                    "size": 3
                                }
                            ],
                            "size": 5,
                            "source": "https://hub/files/a",
                            "subvariant": "IoT",
                            "task": 8,
                            "type": "raw-xz",
                            "variant": "IoT"
                        }
                    },
                    "rehearsal": false,
                    "weburl": "https://hub/koji"
                }
            }
            """
        #expect(text.trimmingCharacters(in: .newlines) == expected)
    }

    @Test(
        "whether a freeze holds",
        arguments: [
            (["x86_64": "osbuild-164-1.fc44", "aarch64": "osbuild-164-1.fc44"], []),
            (["x86_64": "osbuild-164-1.fc44", "aarch64": "osbuild-164-2.fc44"], ["osbuild-164-2.fc44"]),
            (["x86_64": nil], [nil]), ([:], []),
        ] as [([String: String?], [String?])])
    func freeze(installed: [String: String?], deviations: [String?]) {
        let verdict = FreezeVerdict(
            FreezeFile(path: "f", builds: ["osbuild": "osbuild-164-1.fc44"]),
            installed.map { Self.image($0.key, osbuild: $0.value) })
        #expect(verdict.holds == deviations.isEmpty)
        #expect(verdict.deviations.map(\.deviation.installed) == deviations)
    }

    @Test("nothing frozen is null, and order of collecting does not matter")
    func order() throws {
        let images = ["x86_64", "aarch64", "s390x"].map { Self.image($0, osbuild: "osbuild-1-1") }
        let text = try Self.document(images, freeze: nil)
        #expect(text == (try Self.document(images.reversed(), freeze: nil)))
        #expect(text.contains("\"freeze\": null"))
    }

    @Test("while a run goes, the file follows what is collected, at most once in an interval")
    func following() async throws {
        let top = FileManager.default.temporaryDirectory.appendingPathComponent("provenance-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: top) }
        let layout = ComposeLayout(top: top.path)
        func written() throws -> JSONValue? {
            let path = layout.path(ComposeLayout.provenance)
            return try AtomicFile.read(path).map { try JSONReader.read($0, name: path)["payload"]?["images"] ?? .null }
        }
        let record = ProvenanceRecord(layout: layout, empty: try Self.provenance(), interval: 10)
        var state = ScheduleState(policy: SchedulePolicy())
        for entry in Story.entries {
            #expect(try written() == nil, "before anything is collected")
            _ = state.apply(entry.event, at: entry.instant)
            await record.scheduleChanged(state, by: entry.event, at: entry.instant)
        }
        #expect(try written()?.object?.keys.map { $0 } == [Story.image.path])
        let event = try #require(Story.events.last)
        let nothing = ScheduleState(policy: SchedulePolicy())
        let last = try #require(Story.entries.last).instant.seconds
        await record.scheduleChanged(nothing, by: event, at: Instant(seconds: last + 9))
        #expect(try written()?.object?.count == 1)
        await record.scheduleChanged(nothing, by: event, at: Instant(seconds: last + 10))
        #expect(try written()?.object?.isEmpty == true)
    }

    @Test("the record of a run keeps the freeze, and older records have none")
    func record() throws {
        let record = RunRecord(
            compose: "F", isFinal: false, isRehearsal: false, hub: "h", weburl: "w", profile: nil, user: nil,
            droppedOptions: [], policy: SchedulePolicy(), freeze: .init(file: "/f", policy: .fail), program: "1",
            started: 1)
        #expect(try RunRecord(json: record.json) == record)
        guard case .object(var document) = record.json, case .object(var payload)? = document["payload"] else {
            return #expect(Bool(false), "the record is no object")
        }
        payload["freeze"] = nil
        document["payload"] = .object(payload)
        #expect(try RunRecord(json: .object(document)).freeze == .init())
    }
}
