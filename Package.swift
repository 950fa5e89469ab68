// swift-tools-version: 6.2
// The module map of docs/architecture.md: arrows go one way only. Targets stand bottom up.
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A system library: a module map over its headers, linked as pkg-config says.
func system(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// A Swift module of ours, strict concurrency, warnings as errors.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(name)", resources: resources, swiftSettings: strict)
}

/// The tests of one module.
func tests(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "phase-runner",
    products: [
        .executable(name: "phase-runner", targets: ["phase-runner"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        // C libraries of the system.
        system("CLibXML2", pkgConfig: "libxml-2.0", apt: "libxml2-dev"),
        system("CLibYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
        system("CLibPCRE2", pkgConfig: "libpcre2-8", apt: "libpcre2-dev"),
        system("CLibCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
        system("CLibCurlSystem", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        .systemLibrary(name: "CMalloc", path: "Sources/CMalloc"),
        .systemLibrary(name: "CSpawn", path: "Sources/CSpawn"),
        .target(name: "CLibCurl", dependencies: ["CLibCurlSystem"], path: "Sources/CLibCurl"),

        // Safe Swift over them.
        module("LibXML", ["CLibXML2"]),
        module("LibYAML", ["CLibYAML"]),

        // The language of the configuration, the hub's protocol, the metadata.
        module(
            "PungiConfig",
            ["LibXML", "CLibPCRE2", .product(name: "OrderedCollections", package: "swift-collections")]),
        module("Koji", ["LibXML", "CLibCurl", "CLibCrypto"]),
        module("ProductMD"),

        // The engine.
        module(
            "ComposePhase",
            [
                "PungiConfig", "Koji", "ProductMD", "LibYAML", "CLibCrypto",
                .product(name: "OrderedCollections", package: "swift-collections"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            resources: [
                .embedInCode("Causes/failure-rules.yaml"), .embedInCode("Diagnostics/pages-config.yaml"),
                .embedInCode("Diagnostics/pages-plan.yaml"), .embedInCode("Diagnostics/pages-lint.yaml"),
                .embedInCode("Diagnostics/pages-migrate.yaml"), .embedInCode("Lint/image-types.yaml"),
            ]),

        // The durable journal.
        module("PhaseStore", ["ComposePhase", "ProductMD", .product(name: "GRDB", package: "GRDB.swift")]),

        // A hub to rehearse on.
        module(
            "RehearsalHub",
            [
                "Koji", "CLibCrypto",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]),

        // The service: API, page, metrics, nightly schedules.
        module(
            "PhaseService",
            [
                "PhaseStore", "ComposePhase", "PungiConfig", "Koji", "ProductMD", "LibYAML", "CLibCrypto", "CSpawn",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            resources: [.embedInCode("API/openapi.yaml")]
                + [
                    "page.html", "icon.svg", "page.css", "parts.css",
                    "clock.js", "curves.js", "dialogs.js", "documents.js", "dom.js", "failures.js", "login.js",
                    "nights.js", "now.js", "overview.js", "page.js", "progress.js", "results.js", "run.js",
                    "runcard.js",
                    "runs.js", "schedules.js", "service.js", "start.js", "streams.js", "table.js", "timeline.js",
                    "words.js",
                ].map { .embedInCode("Page/\($0)") }),

        // The command line.
        .executableTarget(
            name: "phase-runner",
            dependencies: [
                "PhaseService", "PhaseStore", "ComposePhase", "PungiConfig", "Koji", "ProductMD", "LibYAML",
                "RehearsalHub",
                "CMalloc",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Sources/phase-runner", swiftSettings: strict),

        // Tests.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        tests("LibXMLTests", ["LibXML", "TestSupport"]),
        tests("LibYAMLTests", ["LibYAML", "TestSupport"]),
        tests("PungiConfigTests", ["PungiConfig", "TestSupport"]),
        tests("KojiTests", ["Koji", "LibXML", "CLibCrypto", "TestSupport"]),
        tests("ProductMDTests", ["ProductMD", "TestSupport"]),
        tests("ComposePhaseTests", ["ComposePhase", "PungiConfig", "Koji", "ProductMD", "TestSupport"]),
        tests(
            "PhaseStoreTests",
            ["PhaseStore", "ComposePhase", "ProductMD", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")]),
        tests(
            "PhaseServiceTests",
            [
                "PhaseService", "PhaseStore", "ComposePhase", "PungiConfig", "ProductMD", "LibYAML", "TestSupport",
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]),
        tests("RehearsalHubTests", ["RehearsalHub", "Koji", "TestSupport"]),
        tests(
            "CampaignTests", ["ComposePhase", "PungiConfig", "Koji", "ProductMD", "RehearsalHub", "TestSupport"]),
        tests(
            "CommandLineTests",
            ["phase-runner", "PhaseService", "PhaseStore", "ComposePhase", "ProductMD", "TestSupport"]),
        tests("HubFrontTests", ["phase-runner", "RehearsalHub", "Koji", "TestSupport"]),
    ]
)
