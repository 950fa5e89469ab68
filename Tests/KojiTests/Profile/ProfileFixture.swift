import Foundation
import Koji

/// Loads a profile from files below a directory of their own: `etc/...` and `home/...`.
enum ProfileFixture {
    static func load(
        _ name: String, _ files: [String: String], config: String? = nil, prepare: (URL) throws -> Void = { _ in }
    ) throws -> Result<KojiProfile, KojiFailure> {
        try load(name, bytes: files.mapValues { Array($0.utf8) }, config: config, prepare: prepare)
    }

    static func load(
        _ name: String, bytes files: [String: [UInt8]], config: String? = nil,
        prepare: (URL) throws -> Void = { _ in }
    ) throws -> Result<KojiProfile, KojiFailure> {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("koji-profile-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        for (path, bytes) in files {
            let file = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
        }
        try prepare(root)
        let places = KojiProfile.Places(
            file: config.map { "\(root.path)/\($0)" }, home: "\(root.path)/home", etc: "\(root.path)/etc")
        do {
            return .success(try KojiProfile.load(name, from: places))
        } catch {
            return .failure(error)
        }
    }
}
