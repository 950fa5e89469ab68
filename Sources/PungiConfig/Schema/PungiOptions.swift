/// Every option of a Pungi configuration, by subject.
///
/// Source: the schema and the rules around it as they were measured on Pungi's validator; a test holds this table
/// against that measurement, option by option.
package enum PungiOptions {
    /// The whole configuration.
    package static let root = MappingShape(options: all)

    package static let all: [ConfigOption] =
        release + compose + runroot + gather + packageSet + createrepo + variants + isos + buildinstall + imageFallbacks
        + koji + volumes + checksumsAndPaths + ostree + imageSections + otherSections

    /// The options by name.
    package static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    static let releaseTypes = ["fast", "ga", "updates", "updates-testing", "eus", "aus", "els", "tus", "e4s"]

    // MARK: What is made

    static let release: [ConfigOption] = [
        .required("release_name", .string),
        .required("release_short", .string),
        .required("release_version", .string),
        ConfigOption("release_type", .word(releaseTypes), standard: "ga"),
        .removed("release_is_layered", "a release is layered when the base product's options are set"),
        ConfigOption("release_internal", .boolean, standard: false),
        ConfigOption("release_discinfo_description", .string),
        ConfigOption("treeinfo_version", .string),
        ConfigOption("base_product_name", .string),
        ConfigOption("base_product_short", .string),
        ConfigOption("base_product_version", .string),
        ConfigOption("base_product_type", .string, standard: "ga"),
    ]

    static let compose: [ConfigOption] = [
        ConfigOption("compose_type", .word(["test", "ci", "nightly", "production", "development"])),
        ConfigOption("create_jigdo", .boolean, standard: false),
        ConfigOption("check_deps", .boolean, standard: true),
        ConfigOption("require_all_comps_packages", .boolean, standard: false),
        .removed(
            "bootable", "it has no effect any more",
            advice: "set buildinstall_method instead if the installer must be bootable"),
        ConfigOption("repoclosure_strictness", .perArch(.word(["off", "lenient", "fatal"])), standard: []),
        ConfigOption("repoclosure_backend", .word(["dnf"]), standard: "dnf"),
        .removed("old_composes_per_release_type", "this is always so now"),
        ConfigOption("hashed_directories", .boolean, standard: false),
        ConfigOption("skip_phases", .list(of: .word(PhaseNames.skippable)), standard: []),
        ConfigOption("failable_deliverables", .perArch(.strings), standard: []),
        ConfigOption("tree_arches", .strings, standard: []),
        ConfigOption("tree_variants", .strings, standard: []),
    ]

    static let runroot: [ConfigOption] = {
        let method = Shape.word(["local", "koji", "openssh"])
        return [
            .removed(
                "runroot", "it has no effect any more",
                advice: "set runroot_method to use runroot; without it tools run on the compose host"),
            ConfigOption("global_runroot_method", method),
            ConfigOption(
                "runroot_method",
                .either([
                    method,
                    .options([
                        ConfigOption("buildinstall", method), ConfigOption("ostree_installer", method),
                        ConfigOption("ostree", method),
                        ConfigOption("createiso", method),
                    ]),
                ])),
            ConfigOption("runroot_ssh_username", .string, standard: "root"),
            ConfigOption("runroot_ssh_hostnames", .openMapping, standard: .emptyMapping),
            ConfigOption("runroot_ssh_init_template", .string),
            ConfigOption("runroot_ssh_install_packages_template", .string),
            ConfigOption("runroot_ssh_run_template", .string),
            ConfigOption("runroot_tag", .string),
            ConfigOption("runroot_channel", .optionalString),
            ConfigOption(
                "runroot_weights",
                .options([
                    ConfigOption("buildinstall", .number), ConfigOption("createiso", .number),
                    ConfigOption("ostree", .number),
                    ConfigOption("ostree_installer", .number),
                ]), standard: .emptyMapping),
        ]
    }()

    // MARK: Packages

    static let gather: [ConfigOption] = {
        let method = Shape.word(["deps", "nodeps"])
        return [
            .required(
                "gather_method",
                .either([
                    .table(
                        .either([
                            .word(["hybrid"]), .table(method, keys: .gatherSource, takesOthers: true),
                        ])),
                    .word(["deps", "nodeps", "hybrid"]),
                ])),
            .removed("gather_source", "it has no effect any more"),
            ConfigOption("gather_fulltree", .boolean, standard: false),
            ConfigOption("gather_selfhosting", .boolean, standard: false),
            ConfigOption("gather_prepopulate", .fileOrRepository),
            ConfigOption("gather_source_mapping", .string),
            ConfigOption("gather_backend", .word(["dnf"]), standard: "dnf"),
            ConfigOption("gather_profiler", .boolean, standard: false),
            ConfigOption("gather_allow_reuse", .boolean, standard: false),
            ConfigOption("greedy_method", .word(["none", "all", "build"]), standard: "none"),
            ConfigOption("additional_packages", .packages, standard: []),
            ConfigOption("filter_packages", .packages, standard: []),
            ConfigOption("filter_modules", .packages, standard: []),
            ConfigOption("multilib", .perArch(.strings), standard: []),
            ConfigOption("multilib_whitelist", .table(.strings, keys: .oneLine), standard: .emptyMapping),
            ConfigOption("multilib_blacklist", .table(.strings, keys: .oneLine), standard: .emptyMapping),
            ConfigOption("filter_system_release_packages", .boolean, standard: true),
            .removed(
                "keep_original_comps", "it has no effect any more",
                advice: "drop the groups element of that variant in variants.xml instead"),
            ConfigOption("gather_lookaside_repos", .perArch(.stringOrStrings), standard: []),
            ConfigOption("variant_as_lookaside", .list(of: .row([.string, .string], atLeast: 2))),
        ]
    }()

    static let packageSet: [ConfigOption] = [
        .required("pkgset_source", .word(["koji", "repos"])),
        ConfigOption("pkgset_allow_reuse", .boolean, standard: true),
        ConfigOption("pkgset_repos", .table(.stringOrStrings)),
        ConfigOption("pkgset_koji_tag", .stringOrStrings),
        ConfigOption("pkgset_koji_builds", .stringOrStrings),
        ConfigOption("pkgset_koji_scratch_tasks", .stringOrStrings),
        ConfigOption("pkgset_koji_module_tag", .stringOrStrings, standard: []),
        ConfigOption("pkgset_koji_module_builds", .table(.strings, keys: .oneLine)),
        ConfigOption("pkgset_koji_inherit", .boolean, standard: true),
        ConfigOption("pkgset_koji_inherit_modules", .boolean, standard: false),
        ConfigOption("pkgset_exclusive_arch_considers_noarch", .boolean, standard: true),
        ConfigOption("pkgset_inherit_exclusive_arch_to_noarch", .boolean, standard: true),
        ConfigOption("pkgset_scratch_modules", .table(.strings, keys: .oneLine)),
        ConfigOption("mbs_api_url", .string),
        ConfigOption("sigkeys", .list(of: .optionalString, atLeast: 1), standard: [.none]),
        ConfigOption("signed_packages_retries", .number, standard: 0),
        ConfigOption("signed_packages_wait", .number, standard: 30),
    ]

    static let createrepo: [ConfigOption] = [
        ConfigOption("createrepo_c", .boolean, standard: true),
        ConfigOption("createrepo_checksum", .word(["sha1", "sha256", "sha512"]), standard: "sha256"),
        ConfigOption("createrepo_enable_cache", .boolean, standard: true),
        ConfigOption("createrepo_use_xz", .boolean, standard: false),
        ConfigOption("createrepo_num_threads", .number, standard: 2),
        ConfigOption("createrepo_num_workers", .number, standard: 3),
        ConfigOption("createrepo_database", .boolean),
        ConfigOption("createrepo_extra_args", .strings, standard: []),
        // Pungi's schema takes other keys only because a line of it stands one level too deep.
        ConfigOption("createrepo_extra_modulemd", .table(.repository, takesOthers: true)),
        ConfigOption("createrepo_deltas", .either([.boolean, .perArch(.boolean)])),
        ConfigOption("product_id", .fileOrRepository),
        ConfigOption("product_id_allow_missing", .boolean, standard: false),
        ConfigOption("product_id_allow_name_prefix", .boolean, standard: true),
    ]

    static let variants: [ConfigOption] = [
        .required("variants_file", .fileOrRepository),
        ConfigOption("comps_file", .fileOrRepository),
        ConfigOption("comps_filter_environments", .boolean, standard: true),
        ConfigOption("module_defaults_dir", .fileOrRepository),
        ConfigOption("module_defaults_override_dir", .string),
        ConfigOption("module_obsoletes_dir", .fileOrRepository),
    ]
}

extension Shape {
    /// Files from a repository of a version control system.
    static let repository = Shape.options([
        ConfigOption("scm", .word(["file", "cvs", "git", "rpm", "koji"])), ConfigOption("repo", .string),
        ConfigOption("branch", .optionalString), ConfigOption("file", .string), ConfigOption("dir", .string),
        ConfigOption("command", .string),
        ConfigOption("options", .options([ConfigOption("credential_helper", .string)])),
    ])

    /// A file beside the config, or one from a repository.
    static let fileOrRepository = Shape.either([.string, .repository])

    /// Packages of variants and arches.
    static let packages = Shape.perArch(.strings)

    /// A dnf repository: its URL, a variant's uid, or a mapping with more to say.
    static let dnfRepository = Shape.either([
        .string,
        .options([
            ConfigOption("name", .string), .required("baseurl", .string), ConfigOption("exclude", .string),
            ConfigOption("gpgcheck", .boolean), ConfigOption("enabled", .string),
        ]),
    ])

    static let dnfRepositories = Shape.either([.dnfRepository, .list(of: .dnfRepository)])
}
