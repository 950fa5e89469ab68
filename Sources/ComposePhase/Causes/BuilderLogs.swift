package import Koji

/// The ends of the logs that a builder left of a task, as the hub has them.
package struct BuilderLogs: Sendable {
    private let session: KojiSession

    package init(session: KojiSession) { self.session = session }

    /// The most logs of one task that are read.
    static let mostLogs = 4
    /// So much is read from the end of each, in bytes.
    static let tailBytes = 64 << 10

    /// The ends of the logs of a task, the one that most likely tells first. A log that cannot be had is left out.
    package func tails(of task: TaskID) async -> [(name: String, tail: String)] {
        guard let files = try? await session.output(of: task) else { return [] }
        var tails: [(name: String, tail: String)] = []
        for name in Self.ofInterest(files.filter { $0.size > 0 }.map(\.name)) {
            guard let bytes = try? await session.outputTail(of: task, name: name, bytes: Self.tailBytes) else {
                continue
            }
            let text = String(decoding: bytes.suffix(Self.tailBytes), as: UTF8.self)
            // The first line of a part is no whole line.
            let isPart = bytes.count >= Self.tailBytes
            tails.append((name, isPart ? String(text.drop { !$0.isNewline }) : text))
        }
        return tails
    }

    /// Those logs of a task that may tell, the best first: what image-builder and osbuild wrote, what mock wrote, and
    /// how the buildroot came to be. The builder's other logs (`state.log`, `hw_info.log`, `mock_config.log`) tell of
    /// nothing that went wrong.
    static func ofInterest(_ names: [String]) -> [String] {
        func rank(_ name: String) -> Int? {
            guard name.hasSuffix(".log") else { return nil }
            switch name {
            case "build.log": return 0
            case "mock_output.log": return 2
            case "root.log": return 3
            default: return name.contains("osbuild") || name.contains("image-builder") ? 1 : nil
            }
        }
        let ranked = names.compactMap { name in rank(name).map { (rank: $0, name: name) } }
        return ranked.sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }.prefix(mostLogs).map(\.name)
    }
}
