import Koji
import Testing

@testable import ComposePhase

@Suite("What the environment says of traces")
struct TraceSettingsTests {
    struct Read {
        let settings: TraceSettings?
        let warnings: [String]

        init(_ environment: [String: String]) {
            var warnings: [String] = []
            settings = TraceSettings.read({ environment[$0] }, warn: { warnings.append($0) })
            self.warnings = warnings
        }

        var collector: TraceSettings.Collector? {
            if case .collector(let collector)? = settings?.destination { collector } else { nil }
        }
    }

    static let endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT"

    @Test(
        "traces are off",
        arguments: [
            [:], [endpoint: ""], [endpoint: "  "], [endpoint: "http://c:4318", "OTEL_SDK_DISABLED": "true"],
            [endpoint: "http://c:4318", "OTEL_SDK_DISABLED": "TRUE"],
            [endpoint: "http://c:4318", "OTEL_TRACES_EXPORTER": "none"],
            [endpoint: "http://c:4318", "TRACEPARENT": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"],
            ["TRACEPARENT": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"], ["OTEL_SERVICE_NAME": "x"],
        ])
    func off(_ environment: [String: String]) {
        let read = Read(environment)
        #expect(read.settings == nil)
        #expect(read.warnings == [])
    }

    @Test(
        "the URL is the one for traces as it is, or the one for everything with the path for traces",
        arguments: [
            ([endpoint: "http://c:4318"], "http://c:4318/v1/traces"),
            ([endpoint: "http://c:4318/"], "http://c:4318/v1/traces"),
            ([endpoint: "https://c/otlp"], "https://c/otlp/v1/traces"),
            (["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c/x"], "http://c/x"),
            ([endpoint: "http://a", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c/x"], "http://c/x"),
            (["OTEL_TRACES_EXPORTER": "otlp"], "http://localhost:4318/v1/traces"),
        ])
    func url(_ environment: [String: String], url: String) {
        let read = Read(environment)
        #expect(read.collector?.url == url)
        #expect(read.warnings == [])
    }

    @Test(
        "console shows spans, as Pungi does",
        arguments: [
            [endpoint: "console"], ["OTEL_TRACES_EXPORTER": "console"],
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "console"],
        ])
    func console(_ environment: [String: String]) { #expect(Read(environment).settings?.destination == .console) }

    @Test("what is asked for is what is sent, else it is said what is sent")
    func asked() throws {
        var read = Read([
            Self.endpoint: "http://c", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json", "OTEL_EXPORTER_OTLP_TIMEOUT": "2500",
            "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Basic%20czNjcjN0, x-scope = a=b",
            "OTEL_SERVICE_NAME": "nightly",
            "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=prod,service.name=other,team=r%C3%A9leng",
            "OTEL_EXPORTER_OTLP_CERTIFICATE": "/etc/ca.pem",
        ])
        #expect(read.warnings == [])
        let collector = try #require(read.collector)
        #expect(collector.encoding == .json && collector.timeout == 2.5 && collector.authorities == "/etc/ca.pem")
        #expect(
            collector.headers == [HTTPHeader("authorization", "Basic czNjcjN0"), HTTPHeader("x-scope", "a=b")])
        #expect(
            read.settings?.resource == [
                "service.name": "nightly", "deployment.environment": "prod", "team": "réleng",
            ])
        read = Read([Self.endpoint: "http://c"])
        #expect(read.collector?.encoding == .protobuf && read.collector?.timeout == 10)
        #expect(read.settings?.resource == ["service.name": "phase-runner"])
        read = Read([
            Self.endpoint: "http://c", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json",
            "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT": "1000",
            "OTEL_EXPORTER_OTLP_TIMEOUT": "5", "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "a=b",
            "OTEL_EXPORTER_OTLP_HEADERS": "c=d",
        ])
        #expect(read.collector?.encoding == .protobuf && read.collector?.timeout == 1)
        #expect(read.collector?.headers == [HTTPHeader("a", "b")])
    }

    @Test(
        "what is wrong is said in one sentence that holds no secret, and the rest counts",
        arguments: [
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "http/protobuf"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "soon", "10000"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "0", "10000"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "99999999999999999999", "10000"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "s3cr3t", "no header"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "a=s3cr3t%0A", "no header"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "a=%zz", "no header"), ("OTEL_EXPORTER_OTLP_HEADERS", "a b=c", "no header"),
            ("OTEL_RESOURCE_ATTRIBUTES", "a=b,c", "left out"), ("OTEL_RESOURCE_ATTRIBUTES", "=b", "left out"),
            ("OTEL_RESOURCE_ATTRIBUTES", "a=%ff", "left out"), ("TRACEPARENT", "00-00-00-00\u{1b}[2J", "of its own"),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip", "uncompressed"),
            ("OTEL_EXPORTER_OTLP_CLIENT_KEY", "/k", "without a client's certificate"),
        ])
    func wrong(name: String, value: String, words: String) {
        let read = Read([Self.endpoint: "http://c", name: value])
        #expect(read.warnings.count == 1 && read.warnings[0].contains(words), "\(read.warnings)")
        #expect(!read.warnings.joined().contains("s3cr3t") && !read.warnings.joined().contains("\u{1b}"))
        #expect(read.collector?.url == "http://c/v1/traces")
        #expect(read.collector?.headers == [])
        #expect(read.settings?.resource == ["service.name": "phase-runner"])
        #expect(read.settings?.parent == nil)
    }

    @Test(
        "an endpoint or an exporter that is none sends nothing, and says so",
        arguments: [
            [endpoint: "collector:4318"], [endpoint: "ftp://user:s3cr3t@c"], [endpoint: "Console"],
            [endpoint: "http://c", "OTEL_TRACES_EXPORTER": "zipkin"],
        ])
    func none(_ environment: [String: String]) {
        let read = Read(environment)
        #expect(read.settings == nil)
        #expect(read.warnings.count == 1 && read.warnings[0].contains("no traces are sent"), "\(read.warnings)")
        #expect(!read.warnings.joined().contains("s3cr3t"))
    }

    @Test("TRACESTATE goes with its parent, and is left out where it is none")
    func state() {
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        var read = Read([Self.endpoint: "console", "TRACEPARENT": parent, "TRACESTATE": "a=b,c=d"])
        #expect(read.settings?.parent?.state == "a=b,c=d")
        read = Read([Self.endpoint: "console", "TRACEPARENT": parent, "TRACESTATE": String(repeating: "a", count: 600)])
        #expect(read.settings?.parent?.state == nil && read.settings?.parent?.traceParent == parent)
        #expect(read.warnings.count == 1)
    }
}
