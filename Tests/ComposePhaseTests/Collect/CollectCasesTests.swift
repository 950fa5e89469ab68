import Foundation
import Koji
import ProductMD
import PungiConfig
import TestSupport
import Testing

@testable import ComposePhase

/// What the real Pungi recorded of the images of its cases, through our collector: real files, linked as the config says.
@Suite("Collecting agrees with Pungi")
struct CollectCasesTests {
    /// Of the cases' own making: `oracle NAME`, and a time.
    private static let mtime = 1_700_000_000

    static let runs: [PungiCasesTests.Run] = PungiCasesTests.runs(of: "collect ")

    /// Where Pungi writes what nobody can read.
    static let unreadable: Set<String> = [
        "duplicate-images", "arches", "failable-kinds", "fallbacks", "nested-variants",
    ]

    /// What a hub has after all tasks of a plan went well.
    struct Hub: ResultSource {
        let top: URL
        let plan: PhasePlan

        private func output(_ task: ImageTask, _ arch: String) -> (nvr: [String], file: String) {
            let options = task.params[5].object ?? [:]
            let type = task.params[2].array?.first?.string ?? ""
            let nvr = [
                task.params[3].string ?? "", task.params[4].string ?? "", options["release"]?.string ?? "1",
            ]
            return (nvr, "\(nvr.joined(separator: "-")).\(arch).\(ImageTypeOutputs.suffix(of: type) ?? "img")")
        }

        private func children(_ task: ImageTask) -> [(id: TaskID, arch: String)] {
            let index = plan.tasks.firstIndex { $0.id == task.id } ?? 0
            return task.arches.enumerated().map { (TaskID(10_000 + 10 * index + $0.offset + 1), $0.element.arch) }
        }

        private func isScratch(_ task: ImageTask) -> Bool { task.params[5]["scratch"]?.bool == true }

        func write() throws {
            for task in plan.tasks {
                for child in children(task) {
                    let (nvr, file) = output(task, child.arch)
                    let place =
                        isScratch(task)
                        ? PathInfo.taskFile(child.id, name: file)
                        : "packages/\(nvr.joined(separator: "/"))/images/\(file)"
                    let url = top.appendingPathComponent(place)
                    try FileManager.default.createDirectory(
                        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                    try Data("oracle \(file)\n".utf8).write(to: url)
                    try FileManager.default.setAttributes(
                        [.modificationDate: Date(timeIntervalSince1970: Double(CollectCasesTests.mtime))],
                        ofItemAtPath: url.path)
                }
            }
        }

        func results(of task: ImageTask, hubTask: TaskID) async throws(TaskFailure) -> HubResults {
            let children = children(task)
            let parts = output(task, "").nvr
            return HubResults(
                build: isScratch(task)
                    ? nil : .init(id: 1, name: parts[0], version: parts[1], release: parts[2], volume: "DEFAULT"),
                arches: children.map { child in
                    let (nvr, file) = output(task, child.arch)
                    return .init(
                        id: child.id, arch: child.arch, state: .closed,
                        output: .init(name: nvr[0], version: nvr[1], release: nvr[2], files: [file]), fault: nil)
                }, archives: [:])
        }
    }

    /// Serves a folder.
    struct Folder: HTTPTransport {
        let top: URL

        func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse { HTTPResponse(status: 404) }

        func download(_ download: HTTPDownload) async throws(HTTPFailure) -> HTTPDownloadResult {
            let path = download.url.replacingOccurrences(of: "http://files/", with: "")
            guard let data = try? Data(contentsOf: top.appendingPathComponent(path)) else {
                return HTTPDownloadResult(status: 404, bytes: 0)
            }
            data.withUnsafeBytes { bytes in
                _ = Foundation.write(download.descriptor, bytes.baseAddress, bytes.count)
                download.onBytes(bytes)
            }
            return HTTPDownloadResult(status: 200, bytes: data.count)
        }
    }

    @Test("images.json and composeinfo.json are Pungi's", .needsShared, arguments: runs)
    func agree(run: PungiCasesTests.Run) async throws {
        let answer = try JSONReader.read([UInt8](Data(contentsOf: run.expected)), name: run.name)
        guard run.status == 0, let expected = answer["images.json"] else { return }
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("case-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let layout = ComposeLayout(top: directory.appendingPathComponent("compose").path)
        try FileManager.default.createDirectory(atPath: layout.top, withIntermediateDirectories: true)
        let document = try ConfigDocument.load(path: run.folder.appendingPathComponent(run.config).path)
        let planner = try PungiCasesTests.planner(run, document, composeDirectory: layout.top)
        // What chooses phases is not the planner's.
        let plan = answer["skipped"] == nil ? planner.plan() : planner.plan().without(tasks: true)
        let settings = planner.settings
        let hub = Hub(top: directory.appendingPathComponent("koji"), plan: plan)
        try hub.write()
        let linkType = try #require(TreeFiles.LinkType(rawValue: settings.linkType))
        let files: any ResultFiles =
            run.options.contains("--http")
            ? CachedFiles(
                directory: directory.appendingPathComponent("cache").path,
                origin: WebFiles(topurl: "http://files", transport: Folder(top: hub.top), sleep: { _ in }),
                linkType: linkType, sleep: { _ in }, warn: { _ in })
            : TreeFiles(top: hub.top.path, linkType: linkType, sleep: { _ in })
        let manifest = ImagesManifest.Compose(
            id: plan.compose.id, date: plan.compose.date, type: plan.compose.type,
            respin: plan.compose.respin)
        let collector = ImageCollector(
            results: hub, files: files, layout: layout, variants: planner.variants,
            checksums: settings.mediaChecksums, record: ImagesRecord(layout: layout, compose: manifest),
            warn: { _ in })
        var refused: [String] = []
        var images: [CollectedImage] = []
        for task in plan.tasks {
            do throws(TaskFailure) {
                images += try await collector.collect(
                    task, [HubPart(TaskID(1), arches: task.arches.map(\.arch))], replacing: []
                ).images
            } catch {
                refused.append(error.message)
            }
        }
        guard !Self.unreadable.contains(run.name) else {
            #expect(!refused.isEmpty)
            #expect(
                refused.allSatisfy { $0.contains("cannot be told apart") || $0.contains("one path is one image") },
                "\(refused)")
            return
        }
        #expect(refused == [])
        let path = layout.path(ComposeLayout.images)
        var bytes = try AtomicFile.read(path) ?? []
        if plan.tasks.isEmpty { bytes = try ImagesManifest(compose: manifest).encoded() }
        var found = try JSONReader.read(bytes, name: path)
        var wanted = expected
        if run.options.contains("--http") { (found, wanted) = (found.withoutTimes, wanted.withoutTimes) }
        #expect(found == wanted)
        try ChecksumFiles.write(for: images, settings: settings, compose: planner.compose, in: layout)
        for (path, content) in answer["checksum_files"]?.object ?? [:] {
            let bytes = try AtomicFile.read(layout.path(path))
            #expect(bytes.map { String(decoding: $0, as: UTF8.self) } == content.string, "\(path)")
        }
        guard let info = answer["composeinfo.json"] else { return }
        let ours = ComposeInfoRecord.document(
            settings: settings, variants: planner.variants, compose: planner.compose, layout: layout)
        #expect(try JSONReader.read(ours.encoded(), name: "composeinfo.json") == info)
    }
}

extension PhasePlan {
    fileprivate func without(tasks: Bool) -> PhasePlan {
        var plan = self
        if tasks { plan.tasks = [] }
        return plan
    }
}

extension JSONValue {
    /// Without what a download gives anew.
    fileprivate var withoutTimes: JSONValue {
        switch self {
        case .object(let members): .object(members.filter { $0.key != "mtime" }.mapValues(\.withoutTimes))
        case .array(let items): .array(items.map(\.withoutTimes))
        default: self
        }
    }
}
