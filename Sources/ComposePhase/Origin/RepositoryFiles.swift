package import Koji

/// Short files of the repositories that builders use: over HTTP, or from a path of this host.
package struct RepositoryFiles: Sendable {
    /// How far away repositories may be.
    package enum Reach: Sendable {
        case everywhere
        /// Only files and servers of this host: a rehearsal asks nobody else.
        case thisHost
    }

    /// Why there is no file.
    package enum Trouble: Error, Sendable, Hashable {
        /// It is not to be asked for, by the ``Reach``.
        case outOfReach
        /// In words.
        case unreadable(String)
    }

    private let transport: any HTTPTransport
    private let reach: Reach
    private let patience: @Sendable () async -> Void

    /// The largest file that is taken, in bytes; a repomd.xml has some thousand.
    static let limit = 8 << 20

    /// - Parameter patience: returns when an answer is given up; a server that drips bytes must hold no image up.
    package init(
        transport: any HTTPTransport, reach: Reach = .everywhere,
        patience: @escaping @Sendable () async -> Void = { try? await Task.sleep(for: .seconds(60)) }
    ) {
        self.transport = transport
        self.reach = reach
        self.patience = patience
    }

    /// The file at `path` below a repository.
    package func read(_ path: String, below repository: String) async throws(Trouble) -> [UInt8] {
        if let directory = Self.localPath(repository) {
            if let bytes = try Self.readLocal("\(directory)/\(path)") { return bytes }
            // Nobody made the repositories of a rehearsed compose.
            throw reach == .thisHost ? .outOfReach : .unreadable("there is no \(directory)/\(path) on this host")
        }
        guard reach == .everywhere || Self.isThisHost(repository) else { throw .outOfReach }
        let url =
            repository.hasSuffix("/")
            ? repository + PathInfo.percentEncoded(path) : "\(repository)/\(PathInfo.percentEncoded(path))"
        let shown = ShownURL.text(url)
        guard let answer = await answer(HTTPRequest(url: url, silence: 20)) else {
            throw .unreadable("\(shown) does not answer in time")
        }
        switch answer {
        case .failure(let failure): throw .unreadable(failure.message)
        case .success(let response):
            guard response.status == 200 else { throw .unreadable("\(shown) answers \(response.status)") }
            guard response.body.count <= Self.limit else {
                throw .unreadable("\(shown) has \(response.body.count) bytes, more than any such file")
            }
            return response.body
        }
    }

    /// nil when the patience is over.
    private func answer(_ request: HTTPRequest) async -> Result<HTTPResponse, HTTPFailure>? {
        await withTaskGroup(of: Result<HTTPResponse, HTTPFailure>?.self) { group in
            group.addTask {
                do throws(HTTPFailure) {
                    return .success(try await transport.send(request))
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                await patience()
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    private static func localPath(_ repository: String) -> String? {
        if repository.hasPrefix("/") { return repository }
        return repository.hasPrefix("file:///") ? String(repository.dropFirst("file://".count)) : nil
    }

    private static func readLocal(_ path: String) throws(Trouble) -> [UInt8]? {
        do {
            return try AtomicFile.read(path, limit: limit)
        } catch {
            throw .unreadable("\(error)")
        }
    }

    private static func isThisHost(_ url: String) -> Bool {
        let lower = ShownURL.text(url).lowercased()
        guard let slashes = lower.firstRange(of: "://") else { return false }
        let host = lower[slashes.upperBound...].prefix { $0 != "/" }
        return ["localhost", "127.0.0.1", "[::1]"].contains { host == $0 || host.hasPrefix("\($0):") }
    }
}
