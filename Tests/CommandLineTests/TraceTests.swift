import Foundation
import TestSupport
import Testing

/// Whole runs with a collector of traces on loopback that decodes what it gets by OpenTelemetry's own classes.
@Suite("Traces of runs", .timeLimit(.minutes(2)), .needsPeers)
struct TraceTests {
    /// The collector's process, and what it got.
    final class Collector {
        private let process = Process()
        private let life = Pipe()
        private let file: URL
        let port: String

        init(in directory: URL, _ mode: String = "good") throws {
            file = directory.appendingPathComponent("spans-\(UUID().uuidString).jsonl")
            process.executableURL = PythonPeer.python
            process.arguments = [
                Checkout.root.appendingPathComponent("Tests/Peers/trace_collector.py").path, file.path, mode,
            ]
            let said = Pipe()
            process.standardOutput = said
            process.standardInput = life
            try process.run()
            port = String(decoding: said.fileHandleForReading.availableData, as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }

        deinit {
            try? life.fileHandleForWriting.close()
            process.terminate()
            process.waitUntilExit()
        }

        func environment(_ more: [String: String] = [:]) -> [String: String] {
            ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(port)", "OTEL_EXPORTER_OTLP_TIMEOUT": "3000"]
                .merging(more) { $1 }
        }

        func requests() throws -> [[String: Any]] {
            guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
            return try text.split(separator: "\n").map {
                try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
            }
        }

        func spans() throws -> [Span] {
            try requests().filter { $0["status"] as? Int == 200 }.flatMap { request in
                let body = request["body"] as? [String: Any]
                let resources = body?["resourceSpans"] as? [[String: Any]] ?? []
                return resources.flatMap { $0["scopeSpans"] as? [[String: Any]] ?? [] }
                    .flatMap { $0["spans"] as? [[String: Any]] ?? [] }.map(Span.init)
            }
        }
    }

    /// A span as it arrived.
    struct Span {
        let name: String
        let trace: String
        let id: String
        let parent: String?
        let isError: Bool
        let events: [String]
        let attributes: [String: String]

        init(_ json: [String: Any]) {
            name = json["name"] as? String ?? ""
            trace = json["traceId"] as? String ?? ""
            id = json["spanId"] as? String ?? ""
            parent = json["parentSpanId"] as? String
            isError = (json["status"] as? [String: Any])?["code"] as? Int == 2
            events = (json["events"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
            let pairs = (json["attributes"] as? [[String: Any]] ?? []).compactMap { pair in
                ((pair["value"] as? [String: Any])?.values.first).map { (pair["key"] as? String ?? "", "\($0)") }
            }
            attributes = Dictionary(pairs) { $1 }
        }
    }

    static let trace = "0af7651916cd43dd8448eb211c80319c"
    static let outside = "b7ad6b7169203331"
    static let parent = ["TRACEPARENT": "00-\(trace)-\(outside)-01"]

    static func run(_ options: [String] = [], in directory: URL, _ environment: [String: String]) throws
        -> Program.Result
    {
        try Program.run(
            [
                "run", "--rehearse", "--task-seconds", "0.2-0.4", "--production", "--label", "RC-20261122.0", "--date",
                "20261122", "--poll-interval", "0.2", "--target-dir", directory.path,
            ] + options + [Program.fixture("fedora-iot/fedora-iot.conf")], environment: environment)
    }

    @Test(
        "a whole run is one trace below the span that it was started in, and holds no secret",
        arguments: ["http/protobuf", "http/json"])
    func whole(_ encoding: String) throws {
        try Program.withDirectory { directory in
            let collector = try Collector(in: directory)
            let result = try Self.run(
                in: directory,
                collector.environment(Self.parent).merging([
                    "OTEL_EXPORTER_OTLP_PROTOCOL": encoding, "OTEL_EXPORTER_OTLP_HEADERS": "x-scope-orgid=releng",
                    "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=test",
                ]) { $1 })
            #expect(result.status == 0, "\(result.stderr)")
            let requests = try collector.requests()
            #expect(requests.allSatisfy { $0["path"] as? String == "/v1/traces" })
            #expect(
                requests.allSatisfy { ($0["headers"] as? [String: String])?["x-scope-orgid"] == "releng" })
            #expect("\(requests)".contains("deployment.environment"))
            let spans = try collector.spans()
            let ids = Set(spans.map(\.id))
            #expect(ids.count == spans.count)
            #expect(Set(spans.map(\.trace)) == [Self.trace])
            #expect(spans.filter { !ids.contains($0.parent ?? "") }.map(\.name) == ["imagebuilder"])
            let run = try #require(spans.first { $0.name == "imagebuilder" })
            #expect(run.parent == Self.outside && !run.isError)
            #expect(run.attributes["compose_id"] == "Fedora-IoT-44-20261122.0")
            #expect(run.attributes["phase_runner.status"] == "FINISHED")
            let images = spans.filter { $0.name.hasPrefix("image ") }
            #expect(images.count == 3 && images.allSatisfy { $0.parent == run.id })
            for image in images {
                let arches = spans.filter { $0.parent == image.id && $0.name.hasPrefix("arch ") }
                #expect(arches.map(\.name).sorted() == ["arch aarch64", "arch x86_64"])
                #expect(arches.allSatisfy { $0.attributes["koji.builder"] != nil })
                let submit = spans.filter { $0.parent == image.id && $0.name == "ClientSession.imageBuilderBuild" }
                #expect(
                    submit.count == 1 && submit[0].attributes["multicall"].map { $0 == "0" || $0 == "false" } == true)
                #expect(submit[0].attributes["arguments"]?.contains("f44-image-builder") == true, "\(submit)")
            }
            let logins = spans.filter { $0.name == "ClientSession.login" }
            #expect(logins.count == 1 && logins[0].attributes["arguments"] == nil)
        }
    }

    @Test("failures, retries and troubles of the hub stand in the spans that met them")
    func troubles() throws {
        try Program.withDirectory { directory in
            let collector = try Collector(in: directory)
            let settings = directory.appendingPathComponent("s.yaml")
            try "retry: {attempts: 2, first_wait: 1s}\n".write(to: settings, atomically: true, encoding: .utf8)
            let result = try Self.run(
                [
                    "--failing", "Fedora-IoT-raw/x86_64:loop-device*1", "--failing",
                    "Fedora-IoT-ostree/x86_64:package-missing",
                    "--keep-going", "--trouble", "reset@9", "--settings", settings.path,
                ], in: directory, collector.environment())
            #expect(result.status == 1, "\(result.stderr)")
            let spans = try collector.spans()
            let run = try #require(spans.first { $0.name == "imagebuilder" })
            #expect(run.isError && run.parent == nil && run.attributes["phase_runner.status"] == "DOOMED")
            let raw = try #require(spans.first { $0.name == "image IoT/Fedora-IoT-raw/iot-raw-xz" })
            #expect(raw.events.contains("to be tried again") && !raw.isError)
            #expect(raw.attributes["phase_runner.attempts"] == "2")
            let ostree = try #require(spans.first { $0.name.contains("ostree") })
            #expect(ostree.isError && ostree.attributes["phase_runner.cause"] == "package-missing")
            #expect(spans.filter { $0.name == "arch x86_64" && $0.isError }.count == 2)
            #expect(spans.contains { $0.events.contains("retry") && $0.name.hasPrefix("ClientSession.") })
        }
    }

    @Test(
        "a collector in trouble costs the run a warning and little time, and nothing else",
        arguments: ["status=500", "status=404", "hang", "page", "dead"])
    func broken(_ mode: String) throws {
        try Program.withDirectory { directory in
            var environment: [String: String]
            var collector: Collector?
            if mode == "dead" {
                environment = [
                    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_EXPORTER_OTLP_TIMEOUT": "3000",
                ]
            } else {
                let made = try Collector(in: directory, mode)
                environment = made.environment()
                collector = made
            }
            environment["OTEL_EXPORTER_OTLP_HEADERS"] = "authorization=s3cr3t"
            let start = ContinuousClock.now
            let result = try Self.run(in: directory, environment)
            #expect(result.status == 0, "\(result.stderr)")
            #expect(ContinuousClock.now - start < .seconds(60))
            let compose = directory.appendingPathComponent("Fedora-IoT-44-20261122.0")
            #expect(try RehearsalTests.text("STATUS", in: compose) == "FINISHED\n")
            let warnings = result.stderr.split(separator: "\n").filter {
                $0.contains("warning") && $0.contains("the collector")
            }
            // A request that is broken off at the end of the run is told by what it lost alone.
            let wanted = ["page": 0...0, "hang": 1...2][mode] ?? 2...2
            #expect(wanted ~= warnings.count, "\(warnings)")
            #expect((mode == "page") != result.stderr.contains("did not reach the collector"), "\(result.stderr)")
            // The test's own file holds the header.
            withExtendedLifetime(collector) {}
            for file in try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
            where file.pathExtension == "jsonl" { try FileManager.default.removeItem(at: file) }
        }
    }

    @Test("console shows the spans on stderr, and a parent that is none is a warning")
    func console() throws {
        try Program.withDirectory { directory in
            let result = try Self.run(
                in: directory, ["OTEL_EXPORTER_OTLP_ENDPOINT": "console", "TRACEPARENT": "00-no"])
            #expect(result.status == 0)
            #expect(result.stderr.contains("warning: TRACEPARENT=00-no is not what W3C"))
            let spans = try result.stderr.split(separator: "\n").filter { $0.hasPrefix("{") }.map {
                Span(try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]))
            }
            #expect(spans.last?.name == "imagebuilder" && spans.last?.parent == nil)
            #expect(Set(spans.map(\.trace)).count == 1)
        }
    }

    @Test("without a word of the environment there is no trace, and no warning")
    func off() throws {
        try Program.withDirectory { directory in
            let result = try Self.run(in: directory, Self.parent)
            #expect(result.status == 0)
            #expect(
                !result.stderr.contains("the collector") && !result.stderr.contains("TRACEPARENT"), "\(result.stderr)")
        }
    }

    @Test("a run that was killed and taken up is one trace, and every span of it has its parent")
    func killed() throws {
        try Program.withDirectory { directory in
            let world = try TakeUpTests.World(directory, seconds: "1")
            let collector = try Collector(in: directory)
            // Killed when its spans so far are there.
            var isKilled = false
            let first = try world.perform(
                world.run(), environment: collector.environment(Self.parent)
            ) { said, process in
                guard !isKilled, said.contains("iot-simplified-installer: task 3") else { return }
                isKilled = true
                kill(process, SIGKILL)
            }
            #expect(first.status == -SIGKILL)
            let second = try world.perform(world.resume(), environment: collector.environment())
            #expect(second.status == 0, "\(second.said)")
            for _ in 0..<2 {
                let nothing = try world.perform(world.resume(), environment: collector.environment())
                #expect(nothing.said.contains("nothing to take up"))
            }
            let spans = try collector.spans()
            let ids = Set(spans.map(\.id))
            #expect(ids.count == spans.count)
            #expect(Set(spans.map(\.trace)) == [Self.trace])
            #expect(spans.filter { !ids.contains($0.parent ?? "") }.allSatisfy { $0.name == "imagebuilder" })
            let runs = spans.filter { $0.name == "imagebuilder" }
            #expect(runs.count == 4 && runs.allSatisfy { $0.parent == Self.outside })
            #expect(runs.count { $0.isError } == 1, "the killed process's is an error")
            #expect(spans.count { $0.name.hasPrefix("image ") } == 3)
            #expect(spans.count { $0.name.hasPrefix("arch ") } == 6)
        }
    }
}
