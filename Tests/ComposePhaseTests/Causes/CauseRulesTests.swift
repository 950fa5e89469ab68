import Foundation
import TestSupport
import Testing

@testable import ComposePhase

@Suite("Causes of failures")
struct CauseRulesTests {
    /// Lines as they were really seen, with the rule that must know them.
    static let seen: [(rule: String, fault: String?, log: String)] = [
        ("unknown-target", "No such build target: f99-nope", ""),
        ("unsupported-arch", "Unsupported architecture(s): {'s390x'}", ""),
        ("no-arches", "no arches", ""),
        ("package-not-listed", "package (image) Fedora-Minimal is blocked for tag f43", ""),
        ("build-exists", "Build already exists (id=8, state=COMPLETE): {'name': 'x'}", ""),
        ("build-exists", "Build already exists. Unable to recycle, has tag history", ""),
        ("release-not-countable", "Unable to increment release value: 1-2", ""),
        ("unknown-file-type", "Unsupported file type: Fedora-Minimal-43-1.x86_64.raw.zst", ""),
        ("build-in-progress", "Build already in progress (task 12)", ""),
        ("arch-task-canceled", "Task 41 is canceled", ""),
        ("hub-offline", "Server disabled for maintenance", ""),
        ("hub-database", "Traceback (most recent call last):\n  x\npsycopg2.OperationalError: could not connect\n", ""),
        ("builder-session", "session \"11\" has expired", ""),
        (
            "builder-session", "Traceback (most recent call last):\nkoji.RetryError: unable to retry call 5 (method x)",
            ""
        ),
        ("loop-device", nil, "losetup: /tmp/disk.img: failed to set up loop device: Resource temporarily unavailable"),
        ("loop-device", nil, "losetup: cannot find an unused loop device"),
        (
            "loop-device", nil,
            "DEBUG util.py:445: device/boot (org.osbuild.loopback): AttributeError: 'Loop' object has no attribute 'fd'"
        ),
        ("mock-locked", nil, "ERROR: Build root is locked by another process."),
        ("mock-mount", nil, "ERROR: Command failed: \n $ mount -n -t tmpfs -o mode=0755 mock_chroot_tmpfs /var/x"),
        ("builder-stopped", "could not init mock buildroot, mock was killed by signal 15; see root.log", ""),
        ("out-of-memory", nil, "xz: (stdin): Cannot allocate memory"),
        (
            "image-too-small", nil,
            "cp: error writing '/run/osbuild/mounts/././boot/initramfs-0-rescue.img': No space left on device"
        ),
        ("disk-full", nil, "cp: error writing '/output/vpc/./disk.vhd': No space left on device"),
        ("disk-full", nil, "  installing package libsecret-0.18.6-1.el8.x86_64 needs 63MB on the / filesystem"),
        ("device-error", nil, "<E> erofs: failed to commit fragment for /run/x.file: [Error 5] Input/output error"),
        ("package-missing", nil, "Problems in request:\nmissing packages: shim-ia32\nsome end"),
        ("package-missing", nil, "No match for argument: image-builder"),
        (
            "dependencies", nil,
            "error: Could not depsolve transaction; 3 problems detected:\n Problem 1: conflicting requests"
        ),
        ("dependencies", nil, "  - nothing provides libfuse3.so.3()(64bit) needed by grub2-2.12-38.fc43.x86_64"),
        ("signature", nil, "error reading gpgkey"),
        (
            "unknown-image-type", nil,
            "error: cannot find image for: distro:\"fedora-42\" type:\"qcow2\" arch:\"aarch64\""
        ),
        ("unknown-distro", nil, "error: cannot get manifest: could not find def file for distro bazzite-42"),
        ("blueprint", nil, "boot ISO image type \"edge-x\" does not support blueprint customizations"),
        ("ostree-ref-invalid", nil, "error: invalid ostree image ref \"-x\""),
        (
            "package-gone", nil,
            "osbuild.host.RemoteError: RuntimeError: curl: error downloading http://m/x-1.x86_64.rpm: error code 22"
        ),
        (
            "package-gone", nil,
            "WARNING: failed to download https://m/c/crun-1.19-1.fc41.x86_64.rpm: The requested URL returned error: 404"
        ),
        (
            "repository-changed", nil,
            "  - Downloading successful, but checksum doesn't match. Calculated: 61e2 Expected: 86"
        ),
        (
            "repository-changed", nil,
            "  - Status code: 404 for https://m/repodata/30fe5b1b0ab68c0b85970b6bb9aae5fbf1c6-updateinfo.xml.zck (IP: 1)"
        ),
        (
            "repository-missing", nil,
            ">>> Status code: 404 for https://m/os/repodata/repomd.xml (IP:\n>>> Usable URL not found"
        ),
        (
            "ostree-ref-missing", nil,
            "error: ostree repository \"https://o/refs/heads/f\" returned status: 404 Not Found"
        ),
        (
            "name-resolution", nil,
            "  - Curl error (6): Couldn't resolve host name for https://m/ [Could not resolve host: m]"
        ),
        ("timeout", nil, "RuntimeError: curl: error downloading {'url': 'http://m/libxcb.rpm'}: error code 28"),
        ("connection", nil, "  - Curl error (56): Failure when receiving data from the peer for https://m/"),
        ("mirror-error", nil, "  - Status code: 503 for https://m/os/repodata/repomd.xml (IP: 192.0.2.1)"),
        ("download", nil, "RuntimeError: curl: finished with return_code 0 but [] left to download"),
        (
            "repository-unreadable", nil,
            "DNF error occurred: RepoError: There was a problem reading a repository: Failed to download metadata for repo"
        ),
        (
            "buildroot", "could not init mock buildroot, mock exited with status 30; see root.log for more information",
            ""
        ),
    ]

    @Test("each text that was really seen is known to its rule", arguments: seen.indices)
    func known(index: Int) {
        let (rule, fault, log) = Self.seen[index]
        let cause = CauseRules.builtIn.judge(
            faults: [fault ?? "`image-builder` failed"],
            logs: log.isEmpty ? [] : [(name: "build.log", tail: "Starting\n\(log)\nFinished with 1\n")])
        #expect(cause.rule == rule, "\(cause)")
        #expect(cause.remedy != nil)
    }

    @Test("every built-in rule has a text that was seen, and every pattern can be used")
    func complete() {
        #expect(Set(CauseRules.builtIn.rules.map(\.name)) == Set(Self.seen.map(\.rule)))
        #expect(CauseRules.builtIn.rules.allSatisfy { $0.remedy?.isEmpty == false })
    }

    @Test(
        "lines that stand in good logs, too, are no cause",
        arguments: [
            "Failed to open file \"/sys/fs/selinux/checkreqprot\": Read-only file system",
            "[/usr/lib/tmpfiles.d/journal-nocow.conf:26] Failed to resolve specifier: uninitialized /etc detected, skipping",
            "device/- (org.osbuild.loopback): loop0 acquired (locked: False)",
            "mount/boot (org.osbuild.xfs): mounting /dev/loop18p3 -> /store/tmp/mounts/boot",
            "DEBUG util.py:479: Executing command: ['/bin/mount', '-n', '-t', 'proc', 'proc', '/var/lib/mock/x/proc']",
            "source/org.osbuild.curl (org.osbuild.curl): Downloaded https://m/Packages/f/fonts-2.0.5-11.noarch.rpm",
            "osbuild.host.RemoteError: something else",
            "`image-builder` failed", "all subtasks failed",
        ])
    func harmless(line: String) {
        let cause = CauseRules.builtIn.judge(faults: [line], logs: [(name: "build.log", tail: line)])
        #expect(cause.rule == FailureCause.unknownRule)
        #expect(cause.kind == .unknown && !cause.kind.isTransient)
        #expect(cause.evidence == line)
    }

    @Test("the fault goes before the logs, the first log before the others, the special before the general")
    func order() {
        let rules = CauseRules.builtIn
        let noSpace = (name: "build.log", tail: "No space left on device")
        let dns = (name: "root.log", tail: "Could not resolve host: m")
        #expect(rules.judge(faults: ["no arches"], logs: [noSpace, dns]).rule == "no-arches")
        #expect(rules.judge(faults: ["x"], logs: [noSpace, dns]).rule == "disk-full")
        #expect(rules.judge(faults: ["x"], logs: [dns, noSpace]).rule == "name-resolution")
        let mock = "could not init mock buildroot, mock exited with status 30; see root.log"
        #expect(rules.judge(faults: [mock], logs: [dns]).rule == "name-resolution")
        #expect(rules.judge(faults: [mock], logs: [(name: "root.log", tail: "nothing")]).rule == "buildroot")
        let both = "All mirrors were tried\nCurl error (28): Timeout was reached\nCannot download repomd.xml"
        #expect(rules.judge(faults: [], logs: [(name: "root.log", tail: both)]).rule == "timeout")
    }

    @Test("the last line that matches is the evidence, without colours and at most 300 characters long")
    func evidence() {
        let long = "losetup: \u{1B}[31m/x\u{1B}[0m\t: failed to set up loop device" + String(repeating: "é", count: 400)
        let tail = "losetup: first: failed to set up loop device\n\(long)\r\nTraceback\n"
        let cause = CauseRules.builtIn.judge(faults: [], logs: [(name: "build.log", tail: tail)])
        #expect(cause.evidence.hasPrefix("losetup: /x : failed to set up loop device"))
        #expect(cause.evidence.count == 300 && cause.evidence.hasSuffix("…"))
    }

    @Test(
        "signs that move the cursor or turn the writing are not shown",
        arguments: [
            ("plain  text", "plain text"), ("\u{1B}[2J\u{1B}]0;title\u{07}end", "0;title end"),
            ("a\u{202E}b\u{200B}c", "a b c"), ("\u{9B}31mred", "red"), ("\u{1B}", ""), ("\u{1B}[", ""), (" \t ", ""),
            ("a\u{0}b", "a b"), ("日本 é", "日本 é"), ("://", "://"), ("x:// y", "x:// y"),
            ("404 for https://me:pass@word@m/x.rpm?token=abc (IP: 1)", "404 for https://m/x.rpm (IP: 1)"),
            ("'url': 'http://u@m?a'} and ftp://m/a@b: no", "'url': 'http://m'} and ftp://m/a@b: no"),
        ])
    func cleaned(line: String, shown: String) {
        #expect(EvidenceLine.cleaned(line) == shown)
    }

    @Test("own rules are asked first, and one of the same name takes the place of the built-in one")
    func ownRules() throws {
        let line = [(name: "build.log", tail: "mksquashfs: No space left on device")]
        let own = try CauseRule(name: "ours", pattern: "(?i)MKSQUASHFS", kind: .content, remedy: nil)
        #expect(CauseRules.builtIn.adding([own]).judge(faults: [], logs: line).rule == "ours")
        let instead = try CauseRule(name: "disk-full", pattern: "nothing like it", kind: .hub, remedy: nil)
        let rules = CauseRules.builtIn.adding([instead])
        #expect(rules.judge(faults: [], logs: line).rule == FailureCause.unknownRule)
        #expect(rules.rules.count == CauseRules.builtIn.rules.count)
    }

    @Test("a pattern that would run for years is given up, and the other rules go on", .timeLimit(.minutes(1)))
    func endlessPattern() throws {
        let evil = try CauseRule(name: "evil", pattern: "(a*)*[bc]", kind: .content, remedy: nil)
        let good = try CauseRule(name: "good", pattern: "a$", kind: .network, remedy: nil)
        let tail = String(repeating: String(repeating: "a", count: 3000) + "\n", count: 20)
        let cause = CauseRules([evil, good]).judge(faults: [], logs: [(name: "build.log", tail: tail)])
        #expect(cause.rule == "good")
    }

    @Test("texts of any bytes have a cause", arguments: [UInt64(1), 2, 3])
    func anyBytes(seed: UInt64) {
        var numbers = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let bytes = (0..<2000).map { _ in UInt8.random(in: 0...255, using: &numbers) }
            let text = String(decoding: bytes, as: UTF8.self)
            let cause = CauseRules.builtIn.judge(faults: [text], logs: [(name: "x.log", tail: text)])
            #expect(cause.evidence.count <= 300, "seed \(seed)")
            #expect(!cause.evidence.unicodeScalars.contains { $0.value < 0x20 }, "seed \(seed)")
        }
        #expect(CauseRules.builtIn.judge(faults: [], logs: []).evidence.isEmpty)
    }

    @Test(
        "rules that cannot be used are refused with their place",
        arguments: [
            ("name: x", "rules:1:1: the rules must be a list"),
            ("- 7", "rules:1:3: a rule must be a mapping"),
            ("- {name: a, class: hub}", "rules:1:3: a rule needs a pattern"),
            ("- {name: a, pattern: x}", "rules:1:3: a rule needs a class"),
            ("- {pattern: x, class: hub}", "rules:1:3: a rule needs a name"),
            ("- {name: a, pattern: x, class: hub, colour: red}", "rules:1:37: a rule has no key colour"),
            (
                "- {name: a, pattern: x, class: disk}",
                "rules:1:32: class is one of builder, network, repository, hub, content, config, unknown, not disk"
            ),
            (
                "- {name: a, pattern: x, class: hub, where: here}",
                "rules:1:44: where is one of fault, log, any, not here"
            ),
            ("- {name: a, pattern: [x], class: hub}", "rules:1:22: pattern of a rule must be a text"),
            ("- {name: a, pattern: x, class: hub, general: often}", "rules:1:46: general is yes or no"),
            (
                "- {name: a, pattern: 'x(', class: hub}",
                "rules:1:22: the pattern of the rule a cannot be used: missing ), unterminated subpattern at position 1"
            ),
            (
                "- {name: a, pattern: x, class: hub}\n- {name: a, pattern: y, class: hub}",
                "rules:2:3: there are two rules of the name a"
            ),
        ])
    func refused(yaml: String, message: String) {
        do {
            _ = try CauseRules(yaml: Array(yaml.utf8), name: "rules")
            Issue.record("it was read")
        } catch {
            #expect("\(error)" == message)
        }
    }

    @Test("the table of docs/failure-causes.md says what the data says")
    func documented() throws {
        let page = try String(
            contentsOf: Checkout.root.appendingPathComponent("docs/failure-causes.md"), encoding: .utf8)
        let table = page.split(separator: "\n").drop { !$0.hasPrefix("| rule | class |") }.dropFirst(2)
            .prefix { $0.hasPrefix("|") }
            .map { $0.split(separator: " | ", omittingEmptySubsequences: false).prefix(4).joined(separator: " | ") }
        let rules = CauseRules.builtIn.rules.map { rule in
            let place = rule.place.rawValue + (rule.isGeneral ? ", general" : "")
            return "| `\(rule.name)` | \(rule.kind.rawValue) | \(place) | \(rule.remedy ?? "")"
        }
        #expect(table == rules)
        for kind in CauseClass.allCases {
            #expect(page.contains("| \(kind.rawValue) | "))
            let row = page.split(separator: "\n").first { $0.hasPrefix("| \(kind.rawValue) | ") }
            #expect(row?.hasSuffix(kind.isTransient ? "| yes |" : "| no |") == true)
        }
    }
}
