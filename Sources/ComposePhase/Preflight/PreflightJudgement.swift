import Koji

/// From questions and a hub's answers to checks: which of the things that fail hours later on a builder can be seen now.
///
/// What is asked for and why it matters: the refusals that real hubs and builders were seen to give (as failed tasks,
/// long after the submit was taken).
struct PreflightJudgement {
    let questions: PreflightQuestions
    let facts: HubFacts
    /// Whether options that the plugin does not take may be left out.
    let dropsUnknownOptions: Bool

    func checks() -> [PreflightCheck] {
        [hub, login, permission] + plugin + channel + builders + targets + releases
    }

    // MARK: The hub

    private var hub: PreflightCheck {
        switch (facts.version, facts.methods) {
        case (.known(let version), _):
            PreflightCheck(.hub, "version", .passed, "Koji \(version)\(facts.isRehearsal ? ", a rehearsal hub" : "")")
        case (.unknown(let reason), .known):
            PreflightCheck(.hub, "version", .warning, "it answers, but not its version: \(reason)")
        case (.unknown(let reason), .unknown):
            PreflightCheck(
                .hub, "reachable", .failed, reason,
                remedy: "check the server of the Koji profile, the network and whether the hub is in maintenance")
        }
    }

    private var login: PreflightCheck {
        switch facts.user {
        case .known(let user?): PreflightCheck(.login, user.name, .passed, "logged in as \(user.name)")
        case .known(nil):
            PreflightCheck(
                .login, "anonymous", .failed, "the profile logs nobody in (authtype = noauth)",
                remedy: "use a profile with authtype = kerberos or ssl; only users submit tasks")
        case .unknown(let reason):
            // Why the hub could not be reached is said once.
            facts.methods.value == nil
                ? PreflightCheck(.login, "not tried", .notChecked, "the hub was not reached")
                : PreflightCheck(.login, "refused", .failed, reason)
        }
    }

    private var permission: PreflightCheck {
        let name = facts.user.value.flatMap { $0?.name } ?? "USER"
        switch facts.mayBuild {
        case .known(true): return PreflightCheck(.permission, "image", .passed, "may submit image builds")
        case .known(false):
            return PreflightCheck(
                .permission, "image", .failed, "\(name) has neither the permission 'image' nor 'admin'",
                remedy: "an administrator grants it with: koji grant-permission image \(name)")
        case .unknown(let reason): return PreflightCheck(.permission, "image", .notChecked, reason)
        }
    }

    private var plugin: [PreflightCheck] {
        guard case .known(let methods) = facts.methods else {
            return [PreflightCheck(.plugin, "koji-image-builder", .notChecked, "the hub's methods are not known")]
        }
        let missing = questions.methods.subtracting(methods).sorted()
        guard missing.isEmpty else {
            return [
                PreflightCheck(
                    .plugin, "koji-image-builder", .failed, "the hub does not offer \(missing.joined(separator: ", "))",
                    remedy: "the plugin koji-image-builder is not loaded there; ask the hub's administrators")
            ]
        }
        let loaded = PreflightCheck(.plugin, "koji-image-builder", .passed, "loaded")
        guard !questions.newOptions.isEmpty else { return [loaded] }
        guard case .known(let unknown) = facts.unknownOptions else {
            let names = questions.newOptions.keys.sorted().joined(separator: ", ")
            return [
                loaded,
                PreflightCheck(
                    .plugin, "options", .notChecked,
                    "whether it takes \(names) cannot be learnt without the permission to submit"),
            ]
        }
        return [loaded] + questions.newOptions.keys.sorted().map { option($0, isUnknown: unknown.contains($0)) }
    }

    private func option(_ name: String, isUnknown: Bool) -> PreflightCheck {
        let tasks = questions.newOptions[name]
        guard isUnknown else { return PreflightCheck(.plugin, name, .passed, "taken", tasks: tasks) }
        let since = PreflightQuestions.optionVersions[name].map { "came with version \($0) of the plugin" } ?? ""
        if name == "failable_arches" {
            return PreflightCheck(
                .plugin, name, .warning, "not taken: a failed arch fails its whole image there",
                remedy: "the option \(since)", tasks: tasks)
        }
        if dropsUnknownOptions {
            return PreflightCheck(
                .plugin, name, .warning, "not taken, and left out: the images are built without it",
                remedy: "the option \(since)", tasks: tasks)
        }
        return PreflightCheck(
            .plugin, name, .failed, "not taken: the hub would refuse the tasks",
            remedy: "the option \(since); leave it out of the config, or use --unknown-options drop", tasks: tasks)
    }

    // MARK: Where it is built

    private var channel: [PreflightCheck] {
        switch facts.channelIsEnabled {
        case .known(true?): [PreflightCheck(.channel, "image", .passed, "enabled")]
        case .known(false?):
            [
                PreflightCheck(
                    .channel, "image", .failed, "disabled: the hub refuses every image build",
                    remedy: "an administrator enables it with: koji enable-channel image")
            ]
        case .known(nil):
            [
                PreflightCheck(
                    .channel, "image", .failed, "the hub has no such channel",
                    remedy: "an administrator adds one with: koji add-channel image")
            ]
        case .unknown(let reason): [PreflightCheck(.channel, "image", .notChecked, reason)]
        }
    }

    private var builders: [PreflightCheck] {
        questions.arches.keys.sorted().map { arch in
            let tasks = questions.arches[arch]
            switch facts.builders[arch] ?? .unknown("not asked") {
            case .unknown(let reason): return PreflightCheck(.builders, arch, .notChecked, reason, tasks: tasks)
            case .known(let builders) where builders.enabled == 0:
                return PreflightCheck(
                    .builders, arch, .failed, "no enabled builder in the channel image: tasks would wait for ever",
                    remedy: "see what there is with: koji list-hosts --arch \(arch); an administrator adds one with:"
                        + " koji add-host-to-channel HOST image",
                    tasks: tasks, arch: arch)
            case .known(let builders) where builders.ready == 0:
                return PreflightCheck(
                    .builders, arch, .warning,
                    "none of \(builders.enabled) ready: busy, or silent; tasks wait until one is",
                    remedy: "see which with: koji list-hosts --channel image --arch \(arch)", tasks: tasks, arch: arch)
            case .known(let builders):
                return PreflightCheck(
                    .builders, arch, .passed, "\(builders.ready) of \(builders.enabled) ready", tasks: tasks, arch: arch
                )
            }
        }
    }

    // MARK: Targets and their tags

    private var targets: [PreflightCheck] {
        questions.targets.keys.sorted().flatMap { name -> [PreflightCheck] in
            guard let wanted = questions.targets[name] else { return [] }
            switch facts.targets[name] ?? .unknown("not asked") {
            case .unknown(let reason):
                return [PreflightCheck(.target, name, .notChecked, reason, tasks: wanted.tasks)]
            case .known(nil):
                return [
                    PreflightCheck(
                        .target, name, .failed, "the hub has no such target",
                        remedy: "see what there is with: koji list-targets; the config names it as target,"
                            + " imagebuilder_target or global_target",
                        tasks: wanted.tasks)
                ]
            case .known(let target?):
                return tag(of: target, named: name, wanted) + packages(of: target, wanted)
            }
        }
    }

    private func tag(
        of target: HubFacts.Target, named name: String, _ wanted: PreflightQuestions.Target
    ) -> [PreflightCheck] {
        let where_ = "build tag \(target.buildTag)"
        guard case .known(let tag) = target.tag else {
            if case .unknown(let reason) = target.tag {
                return [PreflightCheck(.target, name, .notChecked, "\(where_): \(reason)", tasks: wanted.tasks)]
            }
            return []
        }
        var checks: [PreflightCheck] = []
        for arch in wanted.arches.subtracting(tag.arches).sorted() {
            checks.append(
                PreflightCheck(
                    .target, name, .failed, "\(where_) has no arch \(arch) (it has \(list(tag.arches)))",
                    remedy: "take \(arch) out of the blocks, or have it added to the tag with: koji edit-tag"
                        + " \(target.buildTag) --arches=\"\(list(tag.arches.union([arch]), " "))\"",
                    tasks: wanted.tasks))
        }
        checks += group(of: tag, target, name, wanted)
        switch tag.newChroot {
        case false?: break
        case true?:
            checks.append(
                PreflightCheck(
                    .target, name, .failed,
                    "\(where_) sets mock.new_chroot: image-builder gets no loop devices there",
                    remedy: "an administrator sets it with: koji edit-tag \(target.buildTag) -x mock.new_chroot=0",
                    tasks: wanted.tasks))
        case nil:
            checks.append(
                PreflightCheck(
                    .target, name, .warning,
                    "\(where_) does not set mock.new_chroot; where builders use systemd-nspawn, image-builder fails",
                    remedy: "an administrator sets it with: koji edit-tag \(target.buildTag) -x mock.new_chroot=0",
                    tasks: wanted.tasks))
        }
        if !tag.hasRepository {
            checks.append(
                PreflightCheck(
                    .target, name, .warning, "\(where_) has no ready repository: tasks wait until one is made",
                    remedy: "have one made with: koji regen-repo \(target.buildTag)", tasks: wanted.tasks))
        }
        if checks.allSatisfy({ $0.verdict == .passed }) {
            checks.append(
                PreflightCheck(
                    .target, name, .passed, "\(where_) (\(list(tag.arches))), destination \(target.destTag)",
                    tasks: wanted.tasks))
        }
        return checks
    }

    private func group(
        of tag: HubFacts.BuildTag, _ target: HubFacts.Target, _ name: String, _ wanted: PreflightQuestions.Target
    ) -> [PreflightCheck] {
        let groupName = "image-builder-build"
        guard let group = tag.group else {
            return [
                PreflightCheck(
                    .target, name, .failed,
                    "build tag \(target.buildTag) has no group \(groupName): no buildroot can be made",
                    remedy: "an administrator adds it with: koji add-group \(target.buildTag) \(groupName); koji"
                        + " add-group-pkg \(target.buildTag) \(groupName) image-builder",
                    tasks: wanted.tasks)
            ]
        }
        if group.contains("image-builder") { return [] }
        return [
            PreflightCheck(
                .target, name, .warning,
                "the group \(groupName) of \(target.buildTag) does not name image-builder (\(list(group)))",
                remedy: "without the program in the buildroot every image fails; add it with: koji add-group-pkg"
                    + " \(target.buildTag) \(groupName) image-builder",
                tasks: wanted.tasks)
        ]
    }

    private func packages(of target: HubFacts.Target, _ wanted: PreflightQuestions.Target) -> [PreflightCheck] {
        wanted.packages.sorted().map { name in
            let tasks = questions.releases.filter { $0.name == name && wanted.tasks.contains($0.task) }.map(\.task)
            switch target.packages[name] ?? .unknown("not asked") {
            case .unknown(let reason): return PreflightCheck(.package, name, .notChecked, reason, tasks: tasks)
            case .known(.listed):
                return PreflightCheck(.package, name, .passed, "listed in \(target.destTag)", tasks: tasks)
            case .known(.blocked):
                return PreflightCheck(
                    .package, name, .failed, "blocked in the destination tag \(target.destTag)",
                    remedy: "an administrator unblocks it with: koji unblock-pkg \(target.destTag) \(name)",
                    tasks: tasks)
            case .known(.missing):
                return PreflightCheck(
                    .package, name, .failed, "not in the package list of the destination tag \(target.destTag)",
                    remedy: "an administrator adds it with: koji add-pkg --owner=OWNER \(target.destTag) \(name)",
                    tasks: tasks)
            }
        }
    }

    // MARK: What is built

    private var releases: [PreflightCheck] {
        questions.releases.map { build in
            let name = "\(build.name)-\(build.version)" + (build.release.map { "-\($0)" } ?? "")
            switch facts.releases[build.task] ?? .unknown("not asked") {
            case .unknown(let reason):
                return PreflightCheck(.release, name, .notChecked, reason, tasks: [build.task])
            case .known(.none(let reason)):
                return PreflightCheck(
                    .release, name, .failed, "the hub cannot count on from the last release: \(reason)",
                    remedy: "give a release of its own: set release or imagebuilder_release", tasks: [build.task])
            case .known(.next(let release)):
                return PreflightCheck(
                    .release, name, .passed, "no release given; the hub's next one is now \(release)",
                    tasks: [build.task])
            case .known(.build(nil)):
                return PreflightCheck(.release, name, .passed, "free", tasks: [build.task])
            case .known(.build(.failed?)), .known(.build(.canceled?)):
                return PreflightCheck(
                    .release, name, .passed, "an earlier build of it failed or was canceled; it will be built anew",
                    tasks: [build.task])
            case .known(.build(.building?)):
                return PreflightCheck(
                    .release, name, .failed, "being built by another task, or left so by one that is gone",
                    remedy: "look at it with: koji buildinfo \(name); end it with: koji cancel \(name)",
                    tasks: [build.task])
            case .known(.build(.complete?)), .known(.build(.deleted?)):
                return PreflightCheck(
                    .release, name, .failed, "built before: the hub builds a name, version and release once",
                    remedy: "take another release (a new respin or label makes one)", tasks: [build.task])
            }
        }
    }

    private func list(_ words: Set<String>, _ separator: String = ", ") -> String {
        words.isEmpty ? "none" : words.sorted().joined(separator: separator)
    }
}
