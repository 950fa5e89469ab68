import ComposePhase
import FoundationEssentials
import Glibc
import Koji
import RehearsalHub

/// A built-in hub for the length of one run.
enum RehearsalSession {
    static func run<Value: Sendable>(
        _ options: RehearsalOptions?, log file: String?, _ operation: (RunningHub) async throws -> Value
    ) async throws -> Value {
        let root = try temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: root) }
        var settings = RehearsalSettings(root: root)
        if let options { settings.apply(options) }
        do {
            let log = try file.map { try HubLog(path: Paths.absolute($0)) }
            return try await RehearsalHub.withHub(
                settings: settings, log: { log?.write($0) }, operation: operation)
        } catch let failure as HubFailure {
            throw VerbFailure(.hubUnusable, failure.description)
        }
    }

    private static func temporaryDirectory() throws -> String {
        var template = Array("\(Console.environment("TMPDIR") ?? "/tmp")/phase-runner-hub.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw VerbFailure(
                .composeUnusable, "cannot make a directory for the rehearsal hub: \(String(cString: strerror(errno)))")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

}

/// The rehearsal hub's log in a file.
private final class HubLog: Sendable {
    private let descriptor: Int32

    init(path: String) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw VerbFailure(
                .composeUnusable, "cannot write the hub's log \(path): \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    func write(_ line: String) {
        try? AtomicFile.append(Array((line + "\n").utf8), to: descriptor, path: "hub log")
    }
}

extension RehearsalSettings {
    /// Takes the command line's wishes.
    mutating func apply(_ options: RehearsalOptions) {
        let shortest = Duration.seconds(options.taskSeconds.lower)
        let longest = Duration.seconds(options.taskSeconds.upper)
        times.build = shortest...longest
        times.free = .zero...min(longest, .seconds(1))
        troubles = options.trouble
        imageBytes = options.imageBytes
        generation = options.hubRelease
        plugin = options.hubPlugin
        hasImagePermission = !options.hubLacks.contains(.permission)
        isImageChannelEnabled = !options.hubLacks.contains(.channel)
        inventsTargets = !options.hubLacks.contains(.targets)
        failures = options.failing
        builderArches += options.builders.byArch.keys.filter { !builderArches.contains($0) }.sorted()
        capacity = options.builders.byArch
        lacksRepos = options.hubLacks.contains(.repo)
        // Long enough to be seen waiting.
        times.repo = max(longest, .seconds(3))...max(longest, .seconds(3))
    }
}
