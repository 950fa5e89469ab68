package import Koji

/// A cause that a stand-in builder can fail with: the fault of the task and the end of its log, in the words that real
/// builders leave. The names are those of the rules that know them (docs/failure-causes.md).
package struct RehearsedCause: Sendable, Hashable {
    package let name: String
    /// Which task of a tree fails.
    package let stage: FailureRule.Stage
    package let fault: XMLRPCFault
    /// The log that tells, with its end; nil when the fault says all.
    let log: OutputKind?

    /// All causes, in the order in which they are listed for people.
    package static let all = inTheBuild + inTheBuildroot + refusals + [hostLost]

    /// The cause of a name; nil if there is none.
    package static func named(_ name: some StringProtocol) -> RehearsedCause? { all.first { $0.name == name } }

    /// image-builder runs and fails.
    private static let inTheBuild = [
        build(
            "loop-device",
            "device/disk (org.osbuild.loopback): losetup: /store/disk.img: failed to set up loop device: "
                + "Resource temporarily unavailable", "osbuild.host.RemoteError: the device could not be opened"),
        build("out-of-memory", "mksquashfs: Cannot allocate memory"),
        build(
            "image-too-small", "copying '/run/osbuild/inputs/root-tree/.' -> '/run/osbuild/mounts/.'",
            "cp: error writing '/run/osbuild/mounts/./boot/initramfs.img': No space left on device"),
        build(
            "disk-full", "manifest - finished successfully",
            "cp: error writing '/builddir/output/disk.raw': "
                + "No space left on device"),
        build("device-error", "cp: error reading '/run/osbuild/tree/usr/bin/true': Input/output error"),
        build(
            "package-missing",
            "DNF error occurred: MarkingErrors: Error occurred when marking packages for installation: "
                + "Problems in request:", "missing packages: no-such-package"),
        build(
            "dependencies", "DNF error occurred: DepsolveError: There was a problem depsolving bash, dnf: ",
            " Problem: conflicting requests", "  - nothing provides libgone.so.1 needed by bash-5-1.x86_64"),
        build("signature", "DNF error occurred: GPGKeyReadError: error reading gpgkey"),
        build(
            "unknown-image-type", "error: cannot find image for: distro:\"fedora-43\" type:\"no-such\" arch:\"x86_64\""),
        build("unknown-distro", "error: cannot get manifest: could not find def file for distro fedora-99"),
        build(
            "blueprint", "error: image type \"iot-installer\" does not support blueprint customizations: hostname"),
        build("ostree-ref-invalid", "error: invalid ostree image ref \"-bad-/ref\""),
        build(
            "package-gone",
            "osbuild.host.RemoteError: RuntimeError: curl: error downloading "
                + "https://repo.invalid/Packages/b/bash-5-1.x86_64.rpm: error code 22"),
        build("repository-changed", "RuntimeError: checksum mismatch: sha256:0123 https://repo.invalid/bash.rpm"),
        build(
            "repository-missing",
            "  - Status code: 404 for https://repo.invalid/os/repodata/repomd.xml (IP: 192.0.2.1)",
            "DNF error occurred: RepoError: There was a problem reading a repository: Failed to download metadata for "
                + "repo '0': Cannot download repomd.xml: All mirrors were tried"),
        build(
            "ostree-ref-missing",
            "error: ostree repository \"https://ostree.invalid/refs/heads/fedora\" returned status: 404 Not Found"),
        build(
            "name-resolution",
            "  - Curl error (6): Couldn't resolve host name for https://repo.invalid/os/repodata/repomd.xml "
                + "[Could not resolve host: repo.invalid]"),
        build(
            "timeout",
            "RuntimeError: curl: error downloading https://repo.invalid/bash.rpm: error code 28"),
        build(
            "connection", "error: read tcp 192.0.2.2:50000->192.0.2.1:443: read: connection reset by peer",
            "curl: (56) Recv failure: Connection reset by peer"),
        build(
            "mirror-error",
            "WARNING: failed to download https://repo.invalid/x.rpm: The requested URL returned error: 503"),
        build("download", "RuntimeError: curl: finished with return_code 0 but 3 files left to download"),
        build(
            "repository-unreadable",
            "DNF error occurred: RepoError: There was a problem reading a repository: the reason was not told"),
        build("unknown", "Traceback (most recent call last):", "RuntimeError: something that nobody has seen before"),
    ]

    /// mock cannot make the buildroot, so image-builder never runs.
    private static let inTheBuildroot = [
        buildroot("mock-locked", status: 60, "ERROR: Build root is locked by another process."),
        buildroot(
            "mock-mount", status: 20, "ERROR: Command failed:",
            " $ mount -n -t tmpfs -o mode=0755 mock_chroot_tmpfs /var/lib/mock/root"),
        buildroot("buildroot", status: 30, "ERROR: the reason is in no log"),
    ]

    /// What the hub or the builder refuses before anything is built.
    private static let refusals = [
        refusal("unknown-target", .generic("No such build target: no-such-target")),
        refusal("unsupported-arch", .build("Unsupported architecture(s): {'s390x'}")),
        refusal("no-arches", .build("no arches")),
        refusal("package-not-listed", .build("package (image) No-Such not in list for tag f43")),
        refusal("build-exists", .generic("Build already exists (id=1, state=COMPLETE): {'name': 'rehearsed'}")),
        refusal("release-not-countable", .build("Unable to increment release value: 1-2")),
        refusal("unknown-file-type", .build("Unsupported file type: disk.raw.zst")),
        refusal("build-in-progress", .generic("Build already in progress (task 1)")),
        refusal("hub-offline", XMLRPCFault(code: 1014, text: "database outage")),
        refusal(
            "hub-database",
            XMLRPCFault(code: 1, text: "<class 'psycopg2.errors.DeadlockDetected'>: deadlock detected")),
        refusal("builder-session", XMLRPCFault(code: 1007, text: "session \"11\" has expired")),
        refusal("builder-stopped", .unforeseen("koji.BuildError: mock was killed by signal 9")),
    ]

    /// No failure: the arch task goes back to FREE.
    private static let hostLost = RehearsedCause(name: "host-lost", stage: .host, fault: .generic(""), log: nil)

    private static func build(_ name: String, _ lines: String...) -> RehearsedCause {
        RehearsedCause(
            name: name, stage: .arch, fault: .generic("`image-builder` failed"),
            log: .failedLog(lines.joined(separator: "\n")))
    }

    private static func buildroot(_ name: String, status: Int, _ lines: String...) -> RehearsedCause {
        RehearsedCause(
            name: name, stage: .arch,
            fault: XMLRPCFault(
                code: 1012,
                text: "could not init mock buildroot, mock exited with status \(status); "
                    + "see root.log for more information"),
            log: .failedRootLog(lines.joined(separator: "\n")))
    }

    private static func refusal(_ name: String, _ fault: XMLRPCFault) -> RehearsedCause {
        RehearsedCause(name: name, stage: .parent, fault: fault, log: nil)
    }
}
