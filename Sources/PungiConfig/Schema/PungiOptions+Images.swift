extension PungiOptions {
    // MARK: Installation media

    static let isos: [ConfigOption] = [
        ConfigOption("createiso_allow_reuse", .boolean, standard: true),
        ConfigOption("extraiso_allow_reuse", .boolean, standard: true),
        ConfigOption("create_optional_isos", .boolean, standard: false),
        ConfigOption("symlink_isos_to", .string),
        ConfigOption("createiso_skip", .perArch(.boolean), standard: []),
        ConfigOption("createiso_max_size", .perArch(.number), standard: []),
        ConfigOption("createiso_max_size_is_strict", .perArch(.boolean), standard: []),
        ConfigOption("createiso_break_hardlinks", .boolean, standard: false),
        ConfigOption("createiso_use_xorrisofs", .boolean, standard: false),
        ConfigOption("iso_level", .either([.oneOfNumbers([1, 2, 3, 4]), .perArch(.oneOfNumbers([1, 2, 3, 4]))])),
        ConfigOption("iso_hfs_ppc64le_compatible", .boolean, standard: true),
        ConfigOption("iso_size", .either([.string, .number]), standard: 4_700_000_000),
        ConfigOption("split_iso_reserve", .either([.string, .number]), standard: 10_485_760),
        ConfigOption(
            "extra_isos",
            .table(
                .list(
                    of: .block([
                        .required("include_variants", .stringOrStrings),
                        ConfigOption("extra_files", .either([.extraFile, .list(of: .extraFile)])),
                        ConfigOption("filename", .string), ConfigOption("volid", .stringOrStrings),
                        ConfigOption("arches", .strings),
                        ConfigOption("failable_arches", .strings), ConfigOption("skip_src", .boolean, standard: false),
                        ConfigOption("inherit_extra_files", .boolean, standard: false),
                        ConfigOption("max_size", .number),
                    ])), takesOthers: true)),
    ]

    static let buildinstall: [ConfigOption] = [
        ConfigOption("buildinstall_allow_reuse", .boolean, standard: false),
        ConfigOption("buildinstall_method", .word(["lorax"])),
        ConfigOption("buildinstall_topdir", .string),
        ConfigOption("buildinstall_kickstart", .fileOrRepository),
        ConfigOption("buildinstall_use_guestmount", .boolean, standard: true),
        ConfigOption("buildinstall_skip", .perArch(.boolean), standard: []),
        ConfigOption("buildinstall_packages", .packages, standard: []),
        ConfigOption(
            "lorax_options",
            .perArch(
                .options([
                    ConfigOption("bugurl", .string), ConfigOption("nomacboot", .boolean),
                    ConfigOption("noupgrade", .boolean),
                    ConfigOption("add_template", .strings), ConfigOption("add_arch_template", .strings),
                    ConfigOption("add_template_var", .strings), ConfigOption("add_arch_template_var", .strings),
                    ConfigOption("rootfs_size", .integer), ConfigOption("version", .string),
                    ConfigOption("dracut_args", .strings),
                    ConfigOption("skip_branding", .boolean), ConfigOption("squashfs_only", .boolean),
                    ConfigOption("configuration_file", .fileOrRepository), ConfigOption("rootfs_type", .string),
                ])), standard: []),
        ConfigOption("lorax_extra_sources", .perArch(.stringOrStrings), standard: []),
        ConfigOption("lorax_use_koji_plugin", .boolean, standard: false),
        .removed("productimg", "that phase no longer exists"),
    ]

    // MARK: Fallbacks of the image sections

    /// `PHASE_ksurl`, `PHASE_target`, `PHASE_release`, `PHASE_version`: what blocks without them take.
    static let imageFallbacks: [ConfigOption] = [
        ConfigOption("global_ksurl", .url), ConfigOption("global_version", .string),
        ConfigOption("global_target", .string),
        ConfigOption("global_release", .optionalString),
        ConfigOption("image_build_ksurl", .url), ConfigOption("image_build_target", .string),
        ConfigOption("image_build_release", .optionalString), ConfigOption("image_build_version", .string),
        ConfigOption("live_media_ksurl", .url), ConfigOption("live_media_target", .string),
        ConfigOption("live_media_release", .optionalString), ConfigOption("live_media_version", .string),
        ConfigOption("kiwibuild_description_scm", .url), ConfigOption("kiwibuild_description_path", .string),
        ConfigOption("kiwibuild_target", .string), ConfigOption("kiwibuild_release", .optionalString),
        ConfigOption("kiwibuild_type", .string), ConfigOption("kiwibuild_type_attr", .strings),
        ConfigOption("kiwibuild_bundle_name_format", .string), ConfigOption("kiwibuild_version", .string),
        ConfigOption("kiwibuild_repo_releasever", .string),
        ConfigOption("kiwibuild_use_buildroot_repo", .boolean, standard: false),
        ConfigOption("osbuild_target", .string), ConfigOption("osbuild_release", .optionalString),
        ConfigOption("osbuild_version", .string),
        ConfigOption("imagebuilder_target", .string), ConfigOption("imagebuilder_release", .optionalString),
        ConfigOption("imagebuilder_version", .string), ConfigOption("imagebuilder_seed", .integer),
        ConfigOption("imagebuilder_scratch", .boolean),
    ]

    // MARK: Image sections: variant patterns to blocks

    /// A block of `imagebuilder`.
    package static let imageBuilderBlock: [ConfigOption] = [
        .required("name", .string), ConfigOption("target", .string), ConfigOption("arches", .strings),
        .required("types", .strings), ConfigOption("version", .string), ConfigOption("repos", .strings),
        ConfigOption("release", .string), ConfigOption("distro", .string), ConfigOption("scratch", .boolean),
        ConfigOption(
            "ostree",
            .options(
                [ConfigOption("parent", .string), ConfigOption("ref", .string), ConfigOption("url", .string)],
                takesOthers: true)),
        ConfigOption("failable", .strings), ConfigOption("subvariant", .string),
        ConfigOption("blueprint", .openMapping),
        ConfigOption("seed", .integer), ConfigOption("manifest_type", .string),
        .newerThanPungi("preview", .boolean), .newerThanPungi("skip_tag", .boolean),
        .newerThanPungi(
            "bootc",
            .options(
                ["ref", "build-ref", "installer-payload-ref", "default-fs"].map { ConfigOption($0, .string) },
                takesOthers: true)),
    ]

    static let osbuildBlock: [ConfigOption] = [
        .required("name", .string), ConfigOption("version", .string), .required("distro", .string),
        ConfigOption("target", .string),
        .required("image_types", .either([.list(of: .string, atLeast: 1, atMost: 1), .string])),
        ConfigOption("arches", .strings), ConfigOption("release", .string),
        ConfigOption(
            "repo",
            .list(
                of: .either([
                    .options([.required("baseurl", .string), ConfigOption("package_sets", .strings)]), .string,
                ]))),
        ConfigOption("failable", .strings), ConfigOption("subvariant", .string), ConfigOption("ostree_url", .string),
        ConfigOption("ostree_ref", .string), ConfigOption("ostree_parent", .string),
        ConfigOption("manifest_type", .string),
        ConfigOption("customizations", .openMapping),
        ConfigOption(
            "upload_options",
            .either([
                .options([
                    .required("region", .string), ConfigOption("snapshot_name", .string),
                    .required("share_with_accounts", .strings),
                ]),
                .options([.required("region", .string)]),
                .options([
                    .required("tenant_id", .string), .required("subscription_id", .string),
                    .required("resource_group", .string), ConfigOption("location", .string),
                    ConfigOption("image_name", .string),
                ]),
                .options([
                    .required("region", .string), ConfigOption("bucket", .string), ConfigOption("image_name", .string),
                    ConfigOption("share_with_accounts", .strings),
                ]),
                .options([ConfigOption("name", .string), ConfigOption("tag", .string)]),
            ])),
    ]

    static let kiwiBlock: [ConfigOption] = [
        ConfigOption("target", .string), ConfigOption("description_scm", .url),
        ConfigOption("description_path", .string),
        .required("kiwi_profile", .string), ConfigOption("release", .string), ConfigOption("arches", .strings),
        ConfigOption("repos", .strings), ConfigOption("failable", .strings), ConfigOption("subvariant", .string),
        ConfigOption("type", .string), ConfigOption("type_attr", .strings), ConfigOption("bundle_name_format", .string),
        ConfigOption("version", .string), ConfigOption("repo_releasever", .string),
        ConfigOption("manifest_type", .string),
        ConfigOption("use_buildroot_repo", .boolean),
    ]

    static let imageSections: [ConfigOption] = [
        ConfigOption("imagebuilder", .table(.list(of: .block(imageBuilderBlock)))),
        ConfigOption("osbuild", .table(.list(of: .block(osbuildBlock)), takesOthers: true)),
        ConfigOption("kiwibuild", .table(.list(of: .block(kiwiBlock)))),
        ConfigOption(
            "live_media",
            .table(
                .list(
                    of: .block([
                        ConfigOption("install_tree_from", .string), .required("kickstart", .string),
                        ConfigOption("ksversion", .string), ConfigOption("ksurl", .url),
                        ConfigOption("version", .string),
                        ConfigOption("scratch", .boolean), ConfigOption("skip_tag", .boolean),
                        .required("name", .string),
                        ConfigOption("subvariant", .string), ConfigOption("repo", .dnfRepositories),
                        ConfigOption("target", .string),
                        ConfigOption("arches", .strings), ConfigOption("failable", .strings),
                        ConfigOption("release", .optionalString), ConfigOption("nomacboot", .boolean),
                    ])))),
        ConfigOption("image_build_allow_reuse", .boolean, standard: false),
        ConfigOption(
            "image_build",
            .table(
                .list(
                    of: .block([
                        .required(
                            "image-build",
                            .options(
                                [
                                    ConfigOption("failable", .strings), ConfigOption("disc_size", .number),
                                    ConfigOption("distro", .string), ConfigOption("name", .string),
                                    ConfigOption("kickstart", .string),
                                    ConfigOption("ksurl", .url), ConfigOption("arches", .strings),
                                    ConfigOption("repo", .dnfRepositories).formerly(appended: ["repo_from"]),
                                    ConfigOption("install_tree_from", .string), ConfigOption("subvariant", .string),
                                    ConfigOption("format", .either([.stringPairs, .stringOrStrings])),
                                ], takesOthers: true)),
                        ConfigOption("factory-parameters", .openMapping),
                    ])))),
        ConfigOption(
            "image_container",
            .table(
                .blockOrBlocks(
                    [
                        .required("url", .url), .required("target", .string), ConfigOption("priority", .number),
                        ConfigOption("failable", .boolean), .required("git_branch", .string),
                        .required("image_spec", .openMapping),
                    ], takesOthers: true))),
        ConfigOption("osbs_allow_reuse", .boolean, standard: false),
        ConfigOption(
            "osbs",
            .table(
                .blockOrBlocks(
                    [
                        .required("url", .url), .required("target", .string), ConfigOption("scratch", .boolean),
                        ConfigOption("priority", .number),
                        ConfigOption("repo", .dnfRepositories).formerly(appended: ["repo_from"]),
                        ConfigOption("gpgkey", .string), .required("git_branch", .string),
                    ], takesOthers: true))),
        ConfigOption("osbs_registries", .table(.anything)),
    ]

    // MARK: OSTree

    static let ostree: [ConfigOption] = {
        /// Commits the tree of a variant to a repository.
        let old: [ConfigOption] = [
            .required("treefile", .string), .required("config_url", .string), ConfigOption("repo", .dnfRepositories),
            ConfigOption("keep_original_sources", .boolean), .required("ostree_repo", .string),
            ConfigOption("failable", .strings), ConfigOption("update_summary", .boolean),
            ConfigOption("force_new_commit", .boolean),
            ConfigOption("unified_core", .boolean), ConfigOption("version", .string),
            ConfigOption("config_branch", .string),
            ConfigOption("tag_ref", .boolean), ConfigOption("ostree_ref", .string),
        ]
        let new = old + [ConfigOption("arches", .strings), ConfigOption("runroot_packages", .strings)]
        let oldWithAliases = old.map {
            $0.name == "repo"
                ? $0.formerly(aliases: ["extra_source_repos"], appended: ["repo_from", "source_repo_from"]) : $0
        }
        let container: [ConfigOption] = [
            .required("treefile", .string), .required("config_url", .string), ConfigOption("repo", .dnfRepositories),
            ConfigOption("keep_original_sources", .boolean), ConfigOption("config_branch", .string),
            ConfigOption("arches", .strings),
            ConfigOption("failable", .strings), ConfigOption("version", .string), ConfigOption("tag_ref", .boolean),
            ConfigOption("runroot_packages", .strings), ConfigOption("subvariant", .string),
            ConfigOption("name", .string),
        ]
        return [
            ConfigOption("ostree", .either([.table(.blockOrBlocks(new)), .perArch(.options(oldWithAliases))])),
            ConfigOption("ostree_container", .table(.blockOrBlocks(container))),
            ConfigOption(
                "ostree_installer",
                .perArch(
                    .options([
                        ConfigOption("repo", .dnfRepositories), ConfigOption("release", .optionalString),
                        ConfigOption("failable", .strings), ConfigOption("installpkgs", .strings),
                        ConfigOption("add_template", .strings), ConfigOption("add_arch_template", .strings),
                        ConfigOption("add_template_var", .strings), ConfigOption("add_arch_template_var", .strings),
                        ConfigOption("rootfs_size", .string), ConfigOption("template_repo", .string),
                        ConfigOption("template_branch", .string), ConfigOption("extra_runroot_pkgs", .strings),
                        ConfigOption("skip_branding", .boolean),
                    ])), standard: []),
            ConfigOption("ostree_use_koji_plugin", .boolean, standard: false),
            ConfigOption("ostree_container_use_koji_plugin", .boolean, standard: false),
            ConfigOption("ostree_installer_use_koji_plugin", .boolean, standard: false),
            ConfigOption("ostree_installer_overwrite", .boolean, standard: false),
        ]
    }()

    // MARK: The rest

    static let koji: [ConfigOption] = [
        .removed("pdc_url", "PDC is gone, Koji is asked"),
        .removed("pdc_develop", "PDC is gone, Koji is asked"),
        .removed("pdc_insecure", "PDC is gone, Koji is asked"),
        ConfigOption("cts_url", .string), ConfigOption("cts_keytab", .string), ConfigOption("cts_oidc_token_url", .url),
        ConfigOption("cts_oidc_client_id", .string),
        ConfigOption("koji_profile", .string), ConfigOption("koji_event", .number), ConfigOption("koji_cache", .string),
    ]

    static let volumes: [ConfigOption] = [
        ConfigOption("disc_types", .openMapping, standard: .emptyMapping),
        ConfigOption("image_name_format", .either([.string, .table(.stringOrStrings)])),
        ConfigOption(
            "image_volid_formats", .strings,
            standard: ["{release_short}-{version} {variant}.{arch}", "{release_short}-{version} {arch}"]),
        ConfigOption(
            "image_volid_layered_product_formats", .strings,
            standard: [
                "{release_short}-{version} {base_product_short}-{base_product_version} {variant}.{arch}",
                "{release_short}-{version} {base_product_short}-{base_product_version} {arch}",
            ]),
        ConfigOption("restricted_volid", .boolean, standard: false),
        ConfigOption("volume_id_substitutions", .openMapping, standard: .emptyMapping),
    ]

    static let checksumsAndPaths: [ConfigOption] = [
        ConfigOption("dogpile_cache_backend", .string), ConfigOption("dogpile_cache_expiration_time", .number),
        ConfigOption("dogpile_cache_arguments", .openMapping, standard: .emptyMapping),
        ConfigOption("paths_module", .string),
        ConfigOption("media_checksums", .strings, standard: ["md5", "sha1", "sha256"]),
        ConfigOption("media_checksum_one_file", .boolean, standard: false),
        ConfigOption("media_checksum_base_filename", .string, standard: ""),
        ConfigOption(
            "link_type", .word(["hardlink", "copy", "hardlink-or-copy", "symlink", "abspath-symlink"]),
            standard: "hardlink-or-copy"),
        ConfigOption("translate_paths", .stringPairs, standard: []),
    ]

    static let otherSections: [ConfigOption] = [
        ConfigOption("extra_files", .list(of: .row([.regex, .table(.list(of: .extraFile))], atLeast: 2)), standard: [])
    ]
}

extension Shape {
    /// A file to be put on media or into a tree.
    static let extraFile = Shape.options([
        ConfigOption("scm", .string), ConfigOption("repo", .string), ConfigOption("branch", .optionalString),
        ConfigOption("file", .stringOrStrings), ConfigOption("dir", .stringOrStrings), ConfigOption("target", .string),
    ])
}
