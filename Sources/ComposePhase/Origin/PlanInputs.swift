import Koji
package import ProductMD

/// What a plan's images would be made from, as it is now: the state of each repository and of each ostree ref.
package struct PlanInputs: Sendable, Hashable {
    package struct Input: Sendable, Hashable {
        /// `repository URL`, `ref REF of URL`, `packages of TARGET`.
        package var name: String
        /// `revision N` or a commit; nil where it cannot be told.
        package var state: String?
        /// Why it cannot.
        package var trouble: String?

        package init(name: String, state: String?, trouble: String? = nil) {
            self.name = name
            self.state = state
            self.trouble = trouble
        }
    }

    /// In order of name.
    package let inputs: [Input]

    package init(_ inputs: [Input]) { self.inputs = inputs.sorted { $0.name < $1.name } }

    /// Looks at all of them, at the same time.
    ///
    /// - Parameter files: reads what lies in repositories.
    package static func look(at tasks: [ImageTask], _ files: RepositoryFiles) async -> PlanInputs {
        let refs = Set(
            tasks.flatMap { task in
                task.arches.compactMap { arch in
                    OriginInquiry.ostreeURL(of: task).flatMap { url in arch.ostreeRef.map { Ref(url: url, name: $0) } }
                }
            })
        var found = await withTaskGroup(of: Input.self) { group in
            for url in OriginInquiry.repositories(of: tasks) { group.addTask { await repository(url, files) } }
            for ref in refs { group.addTask { await commit(ref, files) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        // Without repositories of its own an image is made of its target's, whose state only the hub knows.
        let bare = Set(
            tasks.filter { task in task.arches.contains(where: \.repos.isEmpty) }.compactMap { RequestView($0).target })
        found += bare.map {
            Input(
                name: "packages of \($0)", state: nil,
                trouble: "the plan names no repository, so its images are made of the target's own")
        }
        return PlanInputs(found)
    }

    private struct Ref: Hashable, Sendable {
        let url: String
        let name: String
    }

    private static func repository(_ url: String, _ files: RepositoryFiles) async -> Input {
        let name = "repository \(ShownURL.text(url))"
        do throws(RepositoryFiles.Trouble) {
            let bytes = try await files.read(RepositoryIndex.path, below: url)
            do throws(RepositoryIndex.Unreadable) {
                let index = try RepositoryIndex.read(bytes, name: RepositoryIndex.path)
                // A revision may stay when its content does not, so both count.
                return Input(
                    name: name,
                    state: (index.revision.map { "revision \($0), " } ?? "") + "checksum \(index.checksum.prefix(16))")
            } catch {
                return Input(name: name, state: nil, trouble: error.message)
            }
        } catch {
            return Input(name: name, state: nil, trouble: error.words)
        }
    }

    private static func commit(_ ref: Ref, _ files: RepositoryFiles) async -> Input {
        let url = ShownURL.text(ref.url)
        let name = "ref \(ref.name) of \(url)"
        do throws(RepositoryFiles.Trouble) {
            let bytes = try await files.read("refs/heads/\(ref.name)", below: ref.url)
            guard let commit = OSTreeCommits.commit(inRef: bytes) else {
                return Input(name: name, state: nil, trouble: "there is no commit in it")
            }
            return Input(name: name, state: "commit \(commit)")
        } catch {
            return Input(name: name, state: nil, trouble: error.words)
        }
    }

    /// The document of `plan --inputs`.
    package func json(of compose: String) -> JSONValue {
        [
            "header": ["type": "phase-runner.inputs", "version": "1.0"],
            "payload": [
                "compose": .string(compose),
                "inputs": .array(
                    inputs.map { input in
                        [
                            "name": .string(input.name), "state": input.state.map { .string($0) } ?? .null,
                            "trouble": input.trouble.map { .string($0) } ?? .null,
                        ]
                    }),
            ],
        ]
    }
}

extension RepositoryFiles.Trouble {
    fileprivate var words: String {
        if case .unreadable(let reason) = self { reason } else { "it is not looked at" }
    }
}
