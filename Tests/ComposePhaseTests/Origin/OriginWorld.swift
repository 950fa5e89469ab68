import Koji
import ProductMD
import Synchronization

@testable import ComposePhase

/// A hub's buildroots and a server of repositories, both small, and everything that was asked of them.
enum OriginWorld {
    struct Roots: BuildrootSource {
        var roots: [TaskID: BuilderRoot] = [:]
        var troubles: [String] = []

        func roots(
            of tasks: [TaskID], keeping names: ToolchainNames
        ) async -> (roots: [TaskID: BuilderRoot], troubles: [String]) {
            (roots.filter { tasks.contains($0.key) }, troubles)
        }
    }

    /// Answers with files that may be changed, and notes what was asked for.
    final class Server: HTTPTransport {
        private let files: Mutex<[String: [UInt8]]>
        private let asked = Mutex<[String]>([])

        init(_ files: [String: String] = [:]) { self.files = Mutex(files.mapValues { Array($0.utf8) }) }

        var requests: [String] { asked.withLock { $0 } }

        func put(_ text: String, at url: String) { files.withLock { $0[url] = Array(text.utf8) } }

        func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
            asked.withLock { $0.append(request.url) }
            guard let body = files.withLock({ $0[request.url] }) else { return HTTPResponse(status: 404) }
            return HTTPResponse(status: 200, body: body)
        }

        func download(_ download: HTTPDownload) async throws(HTTPFailure) -> HTTPDownloadResult {
            HTTPDownloadResult(status: 404, bytes: 0)
        }
    }

    /// Time that tests move.
    final class Time: Sendable {
        private let seconds = Mutex(1000.0)
        var now: Double { seconds.withLock { $0 } }
        func pass(_ more: Double) { seconds.withLock { $0 += more } }
    }

    final class Warnings: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    static func repomd(_ revision: String) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
          <revision>\(revision)</revision>
          <data type="primary"><checksum type="sha256">ab</checksum><revision>no</revision></data>
        </repomd>
        """
    }

    /// A patience that never ends: the servers here answer at once.
    static func files(_ server: Server, reach: RepositoryFiles.Reach = .everywhere) -> RepositoryFiles {
        RepositoryFiles(
            transport: server, reach: reach, patience: { try? await Task.sleep(for: .seconds(86_400)) })
    }

    static let commit = String(repeating: "0123456789abcdef", count: 4)

    static let good: [String: String] = [
        "image-builder": "image-builder-41-1.fc44", "osbuild": "osbuild-164-1.fc44",
    ]

    static func freeze(
        _ policy: FreezeRule.Policy, _ builds: [String: String] = good
    ) -> FreezeRule { FreezeRule(file: FreezeFile(path: "freeze.yaml", builds: builds), policy: policy) }
}
