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
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(name)", swiftSettings: strict)
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
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    ],
    targets: [
        // C libraries of the system.
        system("CLibXML2", pkgConfig: "libxml-2.0", apt: "libxml2-dev"),
        system("CLibYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
        system("CLibPCRE2", pkgConfig: "libpcre2-8", apt: "libpcre2-dev"),

        // Safe Swift over them.
        module("LibXML", ["CLibXML2"]),
        module("LibYAML", ["CLibYAML"]),

        // The language of the configuration, the hub's protocol, the metadata.
        module(
            "PungiConfig",
            ["LibXML", "CLibPCRE2", .product(name: "OrderedCollections", package: "swift-collections")]),
        module("ProductMD"),

        // Tests.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        tests("LibXMLTests", ["LibXML", "TestSupport"]),
        tests("LibYAMLTests", ["LibYAML", "TestSupport"]),
        tests("PungiConfigTests", ["PungiConfig", "TestSupport"]),
        tests("ProductMDTests", ["ProductMD", "TestSupport"]),
    ]
)
