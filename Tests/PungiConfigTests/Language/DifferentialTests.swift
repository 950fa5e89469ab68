import Foundation
import PungiConfig
import TestSupport
import Testing

/// The real kobo and Python beside ours, on inputs that nobody thought of.
///
/// `PHASE_RUNNER_LANGUAGE_SEED` repeats a run, `PHASE_RUNNER_LANGUAGE_CASES` sets how many there are of the largest test.
struct DifferentialTests {
    private static func setting(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    /// In parts, which run side by side; each has a seed of its own.
    private static let parts = 8
    private static let firstSeed = UInt64(
        setting("PHASE_RUNNER_LANGUAGE_SEED") ?? Int.random(in: 0..<1_000_000) * parts)
    private static let casesOfPart = (setting("PHASE_RUNNER_LANGUAGE_CASES") ?? 24_000) / parts

    @Test(
        "kobo accepts the same generated and mutated configurations and gives the same values", .needsPeers,
        arguments: 0..<parts)
    func kobo(part: Int) throws {
        if part == 0 { print("PHASE_RUNNER_LANGUAGE_SEED=\(Self.firstSeed)") }
        let seed = Self.firstSeed + UInt64(part)
        let count = Self.casesOfPart
        var generator = ConfigGenerator(seed: seed)
        var mutator = ConfigMutator(seed: seed, fixtures: try Self.fixtures())
        // A quarter as it is generated, the rest changed.
        let accepted = try KoboPeer.compare(
            (0..<count).map { $0 % 4 == 0 ? generator.next() : mutator.next() }, "seed \(seed), ")
        #expect(accepted > count / 8, "seed \(seed): too few of the configurations are good ones")
        #expect(accepted < count, "seed \(seed): too few of the configurations are bad ones")
    }

    /// The texts of our own configurations.
    private static func fixtures() throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: Checkout.fixtures.path).sorted()
        return try names.filter { $0.hasSuffix(".conf") }.map {
            try String(contentsOf: Checkout.fixtures.appendingPathComponent($0), encoding: .utf8)
        }
    }

    @Test("letters, digits and printable characters are those of Python's Unicode", .needsPeers)
    func unicode() throws {
        let seed = UInt64(Self.setting("PHASE_RUNNER_LANGUAGE_SEED") ?? Int.random(in: 0..<1_000_000))
        let count = 600
        print("PHASE_RUNNER_LANGUAGE_SEED=\(seed)")
        var random = SeededGenerator(seed: seed)
        func scalar() -> Unicode.Scalar {
            let limit: UInt32 = Bool.random(using: &random) ? 0x3200 : 0x20000
            return Unicode.Scalar(UInt32.random(in: 0x80..<limit, using: &random)) ?? "é"
        }
        let names = (0..<count).map { _ in
            let letter = scalar()
            return ConfigCase(Bool.random(using: &random) ? "x\(letter) = 1" : "\(letter) = 1")
        }
        let shown = (0..<20).map { _ in
            let letters = (0..<1000).map { _ in String(scalar()) }.joined()
            return ConfigCase("s = '%r' % '\(letters)'\nt = '%a' % '\(letters)'")
        }
        #expect(try KoboPeer.compare(names + shown) > 20, "seed \(seed)")
    }

    @Test("floats are written as Python writes them", .needsPeers)
    func floats() throws {
        let seed = UInt64(Self.setting("PHASE_RUNNER_LANGUAGE_SEED") ?? Int.random(in: 0..<1_000_000))
        print("PHASE_RUNNER_LANGUAGE_SEED=\(seed)")
        var random = SeededGenerator(seed: seed)
        var values: [Double] = [
            0, -0.0, 1e15, 1e16, 9.999e15, 1e17, 1e-4, 9.9e-5, 1e22, 1e23, .leastNonzeroMagnitude,
            .greatestFiniteMagnitude,
        ]
        for _ in 0..<3000 {
            let value = Double(bitPattern: random.next())
            if value.isFinite { values.append(value) }
            values.append(Double(Int64(bitPattern: random.next()) >> 20) / 1000)
        }
        let request: [String: Any] = ["mode": "repr", "floats": values.map(Self.hex)]
        let output = try PythonPeer.run("kobo_peer.py", input: JSONSerialization.data(withJSONObject: request))
        let texts = try #require(try JSONSerialization.jsonObject(with: output) as? [String])
        for (value, text) in zip(values, texts) { #expect(PythonFloat.text(value) == text) }
    }

    private static func hex(_ value: Double) -> String { String(format: "%a", value) }

    @Test("json.dumps writes our own configurations in the same way", .needsPeers)
    func dump() throws {
        let folder = Checkout.fixtures.appendingPathComponent("language")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0.hasSuffix(".conf") && $0 != "broken.conf"
        }
        try compareDumps(names.sorted().map { folder.appendingPathComponent($0).path })
    }

    @Test("json.dumps writes real configurations in the same way", .needsPeers, .needsShared)
    func dumpShared() throws {
        let folder = Checkout.shared.appendingPathComponent("real-configs")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
        let configs = paths.filter { $0.hasSuffix(".kobo.json") }.map { String($0.dropLast(".kobo.json".count)) }
        try compareDumps(configs.map { folder.appendingPathComponent($0).path })
    }

    private func compareDumps(_ paths: [String]) throws {
        #expect(!paths.isEmpty)
        let input = try JSONSerialization.data(withJSONObject: ["mode": "dump", "paths": paths])
        let output = try PythonPeer.run("kobo_peer.py", input: input)
        let texts = try #require(try JSONSerialization.jsonObject(with: output) as? [String])
        #expect(texts.count == paths.count)
        for (path, text) in zip(paths, texts) {
            #expect(try ConfigDocument.load(path: path).languageJSON() == text, "\(path)")
        }
    }
}
