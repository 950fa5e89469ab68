import ProductMD

/// The parameters of `imageBuilderBuild`, and the command line that a builder makes of them.
struct ImageBuilderRequest {
    static let method = "imageBuilderBuild"

    /// Nil is sent as nil, as Pungi does; the hub refuses it.
    var target: String?
    var arches: [String]
    var types: [String]
    var name: String
    var version: String
    var options: [String: JSONValue]

    /// The six positional parameters.
    var params: [JSONValue] {
        [
            target.map { .string($0) } ?? .null, strings(arches), strings(types), .string(name), .string(version),
            .object(options),
        ]
    }

    func archTask(_ arch: String, failable: Bool) -> ArchTask {
        let repos = texts(options["repos"]).map {
            $0.replacing("$basearch", with: arch).replacing("$arch", with: arch)
        }
        // The builder replaces $arch in the ref, and neither in the URL nor in the parent.
        let ref = text("ref", of: options["ostree"])?.replacing("$arch", with: arch)
        return ArchTask(
            arch: arch, failable: failable, repos: repos, ostreeRef: ref,
            command: command(arch: arch, repos: repos, ostreeRef: ref))
    }

    /// As the plugin's builder half puts it together, in its order. Where only the builder knows a value, a text in
    /// angle brackets says what will stand there.
    private func command(arch: String, repos: [String], ostreeRef: String?) -> [String] {
        var words = ["image-builder", "-v", "build", "--use-librepo=false"]
        if options["blueprint"] != nil { words += ["--blueprint", "blueprint.json"] }
        if case .string(let distro)? = options["distro"] { words += ["--distro", distro] }
        for repo in repos.isEmpty ? ["<newest repo of \(target ?? "the target")'s build tag>/\(arch)"] : repos {
            words += ["--force-repo", repo]
        }
        words += ["--with-sbom", "--with-manifest"]
        if let url = text("url", of: options["ostree"]) { words += ["--ostree-url", url] }
        if let ostreeRef { words += ["--ostree-ref", ostreeRef] }
        if let parent = text("parent", of: options["ostree"]) { words += ["--ostree-parent", parent] }
        if let ref = text("ref", of: options["bootc"]) { words += ["--bootc-ref", ref] }
        if let ref = text("build-ref", of: options["bootc"]) { words += ["--bootc-build-ref", ref] }
        if let ref = text("installer-payload-ref", of: options["bootc"]) {
            words += ["--bootc-installer-payload-ref", ref]
        }
        if let fs = text("default-fs", of: options["bootc"]) { words += ["--bootc-default-fs", fs] }
        if case .int(let seed)? = options["seed"] { words += ["--seed", String(seed)] }
        if case .bool(let preview)? = options["preview"] { words += ["--preview=\(preview)"] }
        var release = "<the hub's next release>"
        if case .string(let given)? = options["release"] { release = given }
        words += ["--output-dir", "/builddir/output", "--output-name", "\(name)-\(version)-\(release)"]
        return words + types
    }

    private func text(_ key: String, of value: JSONValue?) -> String? {
        guard case .object(let members)? = value, case .string(let text)? = members[key], !text.isEmpty else {
            return nil
        }
        return text
    }

    private func texts(_ value: JSONValue?) -> [String] {
        guard case .array(let items)? = value else { return [] }
        return items.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    private func strings(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }
}
