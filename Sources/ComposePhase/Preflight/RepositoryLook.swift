package import Koji

/// Looks at the repositories that builders will ask for, from this host.
package struct RepositoryLook: Sendable {
    private let transport: any HTTPTransport

    package init(transport: any HTTPTransport) { self.transport = transport }

    /// A check for each repository and each ostree repository of the plan; all are asked at once.
    package func checks(_ questions: PreflightQuestions) async -> [PreflightCheck] {
        await withTaskGroup(of: (Int, [PreflightCheck]).self) { group in
            var number = 0
            for (url, repository) in questions.repositories.sorted(by: { $0.key < $1.key }) {
                let index = number
                group.addTask { (index, [await check(url, repository)]) }
                number += 1
            }
            for (url, ostree) in questions.ostrees.sorted(by: { $0.key < $1.key }) {
                let index = number
                group.addTask { (index, await look(url, ostree)) }
                number += 1
            }
            var looks: [(Int, [PreflightCheck])] = []
            for await look in group { looks.append(look) }
            return looks.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }

    // MARK: Package repositories

    private func check(_ url: String, _ repository: PreflightQuestions.Repository) async -> PreflightCheck {
        let tasks = repository.tasks
        func result(_ verdict: PreflightCheck.Verdict, _ finding: String, _ remedy: String? = nil) -> PreflightCheck {
            PreflightCheck(.repository, url, verdict, finding, remedy: remedy, tasks: tasks)
        }
        if repository.isOwn { return result(.notChecked, "this compose makes it") }
        guard Self.isWeb(url) else {
            return result(.notChecked, "not http or https: only builders can look")
        }
        switch await get(Self.path("repodata/repomd.xml", below: url)) {
        case .failure(let reason, _):
            return result(.failed, reason, "check repos and translate_paths of the config, and the server")
        case .success(let body):
            guard
                body.prefix(4096).split(separator: UInt8(ascii: "<")).contains(where: { $0.starts(with: "repomd".utf8) }
                )
            else {
                return result(
                    .failed, "its repodata/repomd.xml is no repository index", "look at what the server answers there")
            }
            return result(.passed, "has repodata/repomd.xml")
        }
    }

    // MARK: ostree

    /// The repository, then, if it is one, its refs.
    private func look(_ url: String, _ ostree: PreflightQuestions.OSTree) async -> [PreflightCheck] {
        func result(_ verdict: PreflightCheck.Verdict, _ finding: String, _ remedy: String? = nil) -> PreflightCheck {
            PreflightCheck(.ostree, url, verdict, finding, remedy: remedy, tasks: ostree.tasks)
        }
        if url.contains("$") {
            return [
                result(
                    .failed, "builders replace no variable in an ostree URL",
                    "write the URL out; only the ref may hold $arch")
            ]
        }
        guard Self.isWeb(url) else { return [result(.notChecked, "not http or https: only builders can look")] }
        switch await get(Self.path("config", below: url)) {
        case .failure(let reason, _):
            let refs = ostree.refs.isEmpty ? "" : "; its refs were not looked for"
            return [result(.failed, reason + refs, "check ostree.url of the block, and the server")]
        case .success(let body):
            guard String(decoding: body.prefix(4096), as: UTF8.self).contains("[core]") else {
                return [
                    result(
                        .failed, "its config is not that of an ostree repository", "look at what the server answers")
                ]
            }
        }
        var checks = [result(.passed, "is an ostree repository")]
        for ref in ostree.refs.sorted() { checks.append(await check(ref, at: url, ostree.tasks)) }
        return checks
    }

    private func check(_ ref: String, at url: String, _ tasks: [ImageTaskID]) async -> PreflightCheck {
        func result(_ verdict: PreflightCheck.Verdict, _ finding: String, _ remedy: String? = nil) -> PreflightCheck {
            PreflightCheck(.ostree, ref, verdict, finding, remedy: remedy, tasks: tasks)
        }
        switch await get(Self.path("refs/heads/\(ref)", below: url)) {
        case .success(let body):
            let commit = String(decoding: body.prefix(64), as: UTF8.self)
            guard commit.utf8.count == 64, commit.allSatisfy(\.isHexDigit) else {
                return result(.failed, "the ref names no commit", "look at what the server answers there")
            }
            return result(.passed, "commit \(commit.prefix(12))")
        case .failure(let reason, let isAbsent):
            // A mirror may hold its refs in the summary alone.
            if isAbsent, case .success(let summary) = await get(Self.path("summary", below: url)),
                Array(summary).firstRange(of: Array(ref.utf8)) != nil
            {
                return result(.passed, "named in the summary")
            }
            return result(
                .failed, isAbsent ? "\(ShownURL.text(url)) has no such ref" : reason,
                "check ostree.ref of the block; the commit must be there before the image is built")
        }
    }

    // MARK: Asking

    private enum Outcome {
        case success([UInt8])
        /// In words, and whether the server says that there is no such file.
        case failure(String, isAbsent: Bool)
    }

    /// A short file; what is wrong in words.
    private func get(_ url: String) async -> Outcome {
        do {
            let response = try await transport.send(HTTPRequest(url: url, silence: 20))
            if response.status == 200 { return .success(response.body) }
            let isAbsent = response.status == 404 || response.status == 410
            return .failure("\(ShownURL.text(url)) answers \(response.status)", isAbsent: isAbsent)
        } catch {
            return .failure(error.message, isAbsent: false)
        }
    }

    private static func isWeb(_ url: String) -> Bool {
        ["http://", "https://"].contains { url.lowercased().hasPrefix($0) }
    }

    private static func path(_ path: String, below url: String) -> String {
        let escaped = PathInfo.percentEncoded(path)
        return url.hasSuffix("/") ? url + escaped : "\(url)/\(escaped)"
    }
}
