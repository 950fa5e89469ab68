package import Koji

/// Asks a hub what a preflight wants to know: four rounds of requests, however many tasks there are.
package struct HubInquiry: Sendable {
    /// How much is asked.
    package enum Extent: Sendable {
        /// Whether the hub can be used at all, and which options it takes.
        case hubAlone
        /// Targets, tags, names, releases and builders, too.
        case everything
    }

    private let session: KojiSession

    /// The channel that the plugin puts image builds into.
    private static let channel = "image"

    package init(session: KojiSession) { self.session = session }

    /// The facts that could be learnt; what went wrong stands in their place, so that all of it can be told at once.
    ///
    /// - Parameter freeze: the packages whose newest builds are looked up in each build tag.
    package func ask(
        _ questions: PreflightQuestions, about extent: Extent = .everything, freeze: FreezeFile? = nil
    ) async -> HubFacts {
        var facts = HubFacts()
        do {
            facts.methods = .known(try await session.methods())
        } catch {
            // Nobody is there to ask the rest of.
            facts.methods = .unknown(error.message)
            facts.version = .unknown(error.message)
            facts.user = .unknown(error.message)
            return facts
        }
        async let own = askAboutUser(questions, facts.methods.value ?? [])
        let seen = await askAround(questions, extent)
        let user = await own
        facts.version = seen.version
        facts.channelIsEnabled = seen.channelIsEnabled
        facts.builders = seen.builders
        facts.user = user.user
        facts.mayBuild = user.mayBuild
        facts.unknownOptions = user.unknownOptions
        if case .everything = extent { await askAboutTargets(questions, seen.targets, freeze, &facts) }
        return facts
    }

    // MARK: Oneself

    private func askAboutUser(_ questions: PreflightQuestions, _ methods: Set<String>) async -> HubFacts {
        var facts = HubFacts()
        do {
            try await session.login()
            var batch = HubBatch()
            let user = batch.add(.loggedInUser)
            let rights = [batch.add(.permission("image")), batch.add(.permission("admin"))]
            let answers = try await session.ask(batch)
            facts.user = .init(answers[user])
            let granted = rights.map { answers[$0] }
            facts.mayBuild =
                granted.contains { (try? $0.get()) == true } ? .known(true) : .init(granted[0].map { _ in false })
        } catch {
            facts.user = .unknown(error.message)
            facts.mayBuild = .unknown("nobody is logged in")
            facts.unknownOptions = .unknown("nobody is logged in")
            return facts
        }
        let isOffered = methods.contains(KojiSession.imageBuilderBuild)
        guard facts.mayBuild.value == true, isOffered, !questions.newOptions.isEmpty else { return facts }
        do {
            let unknown = try await session.unknownBuildOptions(among: Set(questions.newOptions.keys))
            facts.unknownOptions = unknown.map { .known($0) } ?? .unknown("the hub's answer does not tell")
        } catch {
            facts.unknownOptions = .unknown(error.message)
        }
        return facts
    }

    // MARK: What anybody may ask

    private struct Seen {
        var version: HubFacts.Answer<String> = .unknown("not asked")
        var channelIsEnabled: HubFacts.Answer<Bool?> = .unknown("not asked")
        var builders: [String: HubFacts.Answer<HubFacts.Builders>] = [:]
        var targets: [String: HubFacts.Answer<BuildTarget?>] = [:]
    }

    private func askAround(_ questions: PreflightQuestions, _ extent: Extent) async -> Seen {
        var seen = Seen()
        var batch = HubBatch()
        let version = batch.add(.version)
        guard case .everything = extent else {
            do {
                seen.version = .init(try await session.ask(batch)[version])
            } catch {
                seen.version = .unknown(error.message)
            }
            return seen
        }
        let channel = batch.add(.channel(Self.channel))
        let hosts = questions.arches.keys.map { ($0, batch.add(.hosts(channel: Self.channel, arch: $0))) }
        let targets = questions.targets.keys.map { ($0, batch.add(.buildTarget($0))) }
        do {
            let answers = try await session.ask(batch)
            seen.version = .init(answers[version])
            seen.channelIsEnabled = .init(answers[channel].map { $0?.isEnabled })
            for (arch, ticket) in hosts {
                seen.builders[arch] = .init(
                    answers[ticket].map { .init(enabled: $0.count, ready: $0.count(where: \.isReady)) })
            }
            for (name, ticket) in targets { seen.targets[name] = .init(answers[ticket]) }
        } catch {
            seen.version = .unknown(error.message)
            seen.channelIsEnabled = .unknown(error.message)
            for arch in questions.arches.keys { seen.builders[arch] = .unknown(error.message) }
            for name in questions.targets.keys { seen.targets[name] = .unknown(error.message) }
        }
        return seen
    }

    // MARK: Targets, names, releases

    private func askAboutTargets(
        _ questions: PreflightQuestions, _ targets: [String: HubFacts.Answer<BuildTarget?>], _ freeze: FreezeFile?,
        _ facts: inout HubFacts
    ) async {
        var batch = HubBatch()
        var tags: [String: TagTickets] = [:]
        var packages: [String: [String: HubBatch.Ticket<PackageEntry?>]] = [:]
        for case (let name, .known(let target?)) in targets {
            if tags[target.buildTag] == nil {
                tags[target.buildTag] = TagTickets(target.buildTag, freeze?.builds.keys.sorted() ?? [], &batch)
            }
            for package in questions.targets[name]?.packages ?? [] {
                packages[name, default: [:]][package] = batch.add(
                    .packageConfig(tag: target.destTag, package: package))
            }
        }
        let builds = questions.releases.compactMap { build in
            build.release.map { (build.task, batch.add(.build(nvr: "\(build.name)-\(build.version)-\($0)"))) }
        }
        let next = questions.releases.compactMap { build in
            build.release == nil
                ? (build.task, batch.add(.nextRelease(name: build.name, version: build.version))) : nil
        }
        let answers: HubBatch.Answers
        do {
            answers = try await session.ask(batch)
        } catch {
            for name in targets.keys { facts.targets[name] = .unknown(error.message) }
            for build in questions.releases { facts.releases[build.task] = .unknown(error.message) }
            return
        }
        for (name, answer) in targets {
            switch answer {
            case .unknown(let reason): facts.targets[name] = .unknown(reason)
            case .known(nil): facts.targets[name] = .known(nil)
            case .known(let target?):
                facts.targets[name] = .known(
                    HubFacts.Target(
                        buildTag: target.buildTag, destTag: target.destTag,
                        tag: tags[target.buildTag]?.facts(answers) ?? .unknown("not asked"),
                        packages: (packages[name] ?? [:]).mapValues { .init(answers[$0].map(Self.listing)) }))
            }
        }
        for (tag, tickets) in tags where !tickets.toolchain.isEmpty {
            facts.toolchain[tag] = tickets.toolchain.mapValues { .init(answers[$0].map { $0.first?.nvr }) }
        }
        for (task, ticket) in builds { facts.releases[task] = .init(answers[ticket].map { .build($0?.state) }) }
        for (task, ticket) in next { facts.releases[task] = Self.next(answers[ticket]) }
    }

    private static func listing(_ entry: PackageEntry?) -> HubFacts.Listing {
        entry.map { $0.isBlocked ? .blocked : .listed } ?? .missing
    }

    /// Fault 1005: the last release is none that can be counted on from, so the task would fail.
    private static func next(_ answer: Result<String, KojiFailure>) -> HubFacts.Answer<HubFacts.NextRelease> {
        switch answer {
        case .success(let release): return .known(.next(release))
        case .failure(let failure):
            guard let fault = failure.fault, fault.code == 1005 else { return .unknown(failure.message) }
            return .known(.none(fault.text))
        }
    }
}

/// The questions about one build tag.
private struct TagTickets {
    let config: HubBatch.Ticket<TagInfo>
    let repository: HubBatch.Ticket<RepoInfo?>
    let groups: HubBatch.Ticket<[TagGroup]>
    let toolchain: [String: HubBatch.Ticket<[BuildInfo]>]

    init(_ tag: String, _ packages: [String], _ batch: inout HubBatch) {
        config = batch.add(.buildConfig(tag: tag))
        repository = batch.add(.repo(tag: tag))
        groups = batch.add(.tagGroups(tag: tag))
        var toolchain: [String: HubBatch.Ticket<[BuildInfo]>] = [:]
        for package in packages { toolchain[package] = batch.add(.taggedBuilds(tag: tag, package: package)) }
        self.toolchain = toolchain
    }

    func facts(_ answers: HubBatch.Answers) -> HubFacts.Answer<HubFacts.BuildTag> {
        do throws(KojiFailure) {
            let tag = try answers[config].get()
            let group = try answers[groups].get().first { $0.name == "image-builder-build" && !$0.isBlocked }
            return .known(
                HubFacts.BuildTag(
                    arches: Set(tag.arches), newChroot: tag.newChroot,
                    group: group.map { Set($0.packages.filter { !$0.isBlocked }.map(\.name)) },
                    hasRepository: try answers[repository].get() != nil))
        } catch {
            return .unknown(error.message)
        }
    }
}

extension HubFacts.Answer {
    /// What the hub answered to one question.
    fileprivate init(_ result: Result<Value, KojiFailure>) {
        switch result {
        case .success(let value): self = .known(value)
        case .failure(let failure): self = .unknown(failure.message)
        }
    }
}
