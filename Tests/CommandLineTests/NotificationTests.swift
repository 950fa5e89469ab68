import ComposePhase
import Foundation
import ProductMD
import Synchronization
import TestSupport
import Testing

@testable import phase_runner

/// Real scripts, written by the tests.
@Suite("Notification scripts", .timeLimit(.minutes(1)))
struct NotificationTests {
    /// A directory with scripts, and what was warned about.
    final class World: Sendable {
        let directory: URL
        private let said = Mutex<[String]>([])

        init() throws {
            directory = FileManager.default.temporaryDirectory.appendingPathComponent("notify-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(at: directory) }

        var warnings: [String] { said.withLock { $0 } }
        var logs: String { directory.appendingPathComponent("logs").path }

        /// Writes an executable script; `$D` in it is the directory.
        func script(_ body: String, name: String = "script", head: String = "#!/bin/sh\n", mode: Int = 0o755) throws
            -> String
        {
            let file = directory.appendingPathComponent(name)
            try Data((head + "D='\(directory.path)'\n" + body + "\n").utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
            return file.path
        }

        func scripts(
            _ commands: [String], timeout: Double = 20, isRehearsal: Bool = false, trace: TraceContext? = nil,
            mostWaiting: Int = 1000
        ) -> NotificationScripts {
            NotificationScripts(
                commands: commands, timeout: timeout, place: .init(directory: directory.path, logs: logs),
                isRehearsal: isRehearsal, trace: trace, mostWaiting: mostWaiting,
                warn: { text in self.said.withLock { $0.append(text) } })
        }

        /// Runs one script for one notification, to its end.
        func tell(_ command: String, _ notification: ComposePhase.Notification = .phaseStart, timeout: Double = 20)
            async
        {
            let scripts = scripts([command], timeout: timeout)
            await scripts.post(notification)
            await scripts.finish()
        }

        func text(_ name: String) throws -> String {
            try String(contentsOf: directory.appendingPathComponent(name), encoding: .utf8)
        }

        /// All logs together.
        func log() throws -> String {
            try FileManager.default.contentsOfDirectory(atPath: logs).sorted().map { try text("logs/\($0)") }.joined()
        }
    }

    static func event(_ name: String, perTask: Bool = true) -> ComposePhase.Notification {
        ComposePhase.Notification(name, [:], isPerTask: perTask)
    }

    @Test("a script gets the event as its argument and the object on its input, in the compose directory")
    func called() async throws {
        let world = try World()
        await world.tell(
            try world.script(
                "printf '%s|%s|%s|' \"$#\" \"$1\" \"$PWD\" >\"$D/got\"; cat >>\"$D/got\"; echo printed; echo bad >&2"),
            ComposePhase.Notification("phase-start", ["phase_name": "imagebuilder", "släpp": "日本 🎉"]))
        let got = try world.text("got")
        #expect(
            got == "1|phase-start|\(world.directory.path)|"
                + #"{"phase_name": "imagebuilder", "sl\u00e4pp": "\u65e5\u672c \ud83c\udf89"}"# + "\n")
        #expect(world.warnings == [])
        let log = try world.log()
        #expect(log.hasPrefix("COMMAND: \(world.directory.path)/script phase-start\n----"), "\(log)")
        #expect(log.hasSuffix("-\nprinted\nbad\n"), "\(log)")
    }

    @Test("several scripts are called one after another, notification by notification")
    func order() async throws {
        let world = try World()
        let scripts = world.scripts(
            try ["one", "two"].map { try world.script("echo $0 $1 | sed \"s=.*/==\" >>\"$D/got\"", name: $0) })
        for name in ["a", "b", "c"] { await scripts.post(Self.event(name)) }
        await scripts.finish()
        #expect(try world.text("got") == "one a\ntwo a\none b\ntwo b\none c\ntwo c\n")
        #expect(world.warnings == [])
    }

    @Test(
        "what a script may do wrong is a warning, told once",
        arguments: [
            ("exit 3", "failed with status 3 for a;"),
            ("kill -9 $$", "was ended by signal 9 for a;"),
            ("head -c 3000000 /dev/zero", "printed more than 1048576 bytes for a;"),
        ])
    func wrong(_ body: String, _ warning: String) async throws {
        let world = try World()
        let path = try world.script(body)
        let scripts = world.scripts([path])
        for name in ["a", "b", "c"] { await scripts.post(Self.event(name)) }
        await scripts.finish()
        let warnings = world.warnings
        #expect(warnings.count == 2, "\(warnings)")
        #expect(warnings.first?.hasPrefix("notification script \(path) \(warning)") == true, "\(warnings)")
        #expect(warnings.last == "notification script \(path) had the trouble told above 2 more times")
        let sizes = try FileManager.default.contentsOfDirectory(atPath: world.logs).map {
            try FileManager.default.attributesOfItem(atPath: "\(world.logs)/\($0)")[.size] as? Int ?? 0
        }
        #expect(sizes.allSatisfy { $0 < 3 * (1 << 20) + 2000 }, "\(sizes)")
    }

    @Test("a script that cannot be called is a warning that says why")
    func notCallable() async throws {
        let world = try World()
        let cases = [
            ("\(world.directory.path)/none", "it does not exist"),
            (try world.script("", name: "plain", mode: 0o644), "it is not executable; make it so with: chmod +x"),
            (world.directory.path, "it is not a file"),
            ("no-such-program-of-ours", "it is not in PATH"),
        ]
        for (command, reason) in cases {
            let before = world.warnings.count
            await world.tell(command)
            let new = world.warnings.dropFirst(before)
            #expect(new.count == 1, "\(new)")
            #expect(
                new.first?.hasPrefix("notification script \(command) cannot be called for phase-start: \(reason)")
                    == true,
                "\(new)")
        }
    }

    @Test("a name is looked for in PATH, and a file without an interpreter line is the shell's")
    func names() async throws {
        let world = try World()
        await world.tell("true")
        await world.tell(try world.script("echo $1 >\"$D/got\"", head: ""))
        #expect(world.warnings == [])
        #expect(try world.text("got") == "phase-start\n")
    }

    @Test("a command is one word: spaces and quotes in it are its own")
    func oneWord() async throws {
        let world = try World()
        await world.tell(try world.script("echo ok >\"$D/got\"", name: "my 'script' --now"))
        #expect(world.warnings == [])
        #expect(try world.text("got") == "ok\n")
        #expect(try world.log().contains("/my '\"'\"'script'\"'\"' --now' phase-start\n"))
    }

    @Test(
        "a script that hangs is ended with all that it started",
        arguments: [
            "exec sleep 600",
            "trap '' TERM; sleep 600 & wait; wait; sleep 600",
            "exec >&- 2>&- <&-; sleep 600",
            // Leaves a child that does not mind SIGTERM and keeps the output open.
            "(trap '' TERM; while :; do sleep 1; done) & sleep 600",
        ])
    func hanging(_ body: String) async throws {
        let world = try World()
        let path = try world.script("echo $$ >\"$D/pid\"\n" + body)
        let scripts = world.scripts([path], timeout: 0.5)
        await scripts.post(.phaseStart)
        await scripts.finish()
        let warnings = world.warnings
        #expect(
            warnings.contains { $0.hasPrefix("notification script \(path) did not end within 0.5 s for phase-start") },
            "\(warnings)")
        let group = try #require(pid_t(try world.text("pid").trimmingCharacters(in: .whitespacesAndNewlines)))
        // The kernel needs a moment to bury what was killed; a zombie is still a member.
        #expect(Self.isEmptied(group), "something of the script's group lives")
    }

    @Test("a child that floods after its script has ended is cut off")
    func flooding() async throws {
        let world = try World()
        await world.tell(try world.script("echo $$ >\"$D/pid\"; yes &"), timeout: 1)
        let group = try #require(pid_t(try world.text("pid").trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(Self.isEmptied(group), "it floods on")
    }

    /// Whether nothing but the dead is in a process group, now or soon.
    static func isEmptied(_ group: pid_t) -> Bool {
        for _ in 0..<500 {
            if kill(-group, 0) != 0 { return true }
            if !living().contains(group) { return true }
            usleep(10_000)
        }
        return false
    }

    /// The groups of living processes.
    static func living() -> Set<pid_t> {
        var groups: Set<pid_t> = []
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] where Int(name) != nil {
            guard let line = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8) else { continue }
            let fields = line.split(separator: ")").last?.split(separator: " ") ?? []
            if fields.count > 2, fields[0] != "Z", let group = pid_t(fields[2]) { groups.insert(group) }
        }
        return groups
    }

    @Test("a child that stays behind and holds the output open holds nothing up")
    func grandchild() async throws {
        let world = try World()
        await world.tell(try world.script("sleep 600 & echo $! >\"$D/pid\"; echo done"))
        #expect(world.warnings == [])
        #expect(try world.log().hasSuffix("done\n"))
        // What a script leaves behind on purpose is left alone.
        let child = try #require(pid_t(try world.text("pid").trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(kill(child, SIGKILL) == 0)
    }

    @Test(
        "a script that does not read its input, or closes it, breaks nothing",
        arguments: ["exit 0", "exec <&-; exit 0", "head -c 1 >/dev/null", "sleep 0.05"])
    func ignoresInput(_ body: String) async throws {
        let world = try World()
        let large = ComposePhase.Notification("phase-start", ["text": .string(String(repeating: "x", count: 600_000))])
        for _ in 0..<10 { await world.tell(try world.script(body), large) }
        #expect(world.warnings == [])
    }

    @Test("a large object arrives whole")
    func largeInput() async throws {
        let world = try World()
        await world.tell(
            try world.script("wc -c >\"$D/got\""),
            ComposePhase.Notification("e", ["t": .string(String(repeating: "x", count: 600_000))]))
        #expect(try world.text("got").trimmingCharacters(in: .whitespacesAndNewlines) == "600010")
        #expect(world.warnings == [])
    }

    @Test("a script starts with no signal blocked or ignored, in a session of its own, with no file of ours")
    func clean() async throws {
        let world = try World()
        // Inherited by whatever thread starts it, were nothing done.
        signal(SIGPIPE, SIG_IGN)
        await world.tell(
            try world.script(
                "grep -E '^Sig(Blk|Ign)' /proc/self/status >\"$D/signals\"; cut -d' ' -f5,6 /proc/$$/stat >\"$D/groups\";"
                    + " echo $$ $$ >\"$D/self\"; ls /proc/$$/fd", head: "#!/bin/dash\n"))
        #expect(world.warnings == [])
        for line in try world.text("signals").split(separator: "\n") {
            let mask = try #require(UInt64(line.split(separator: "\t").last ?? "", radix: 16))
            // 32 and 33 are the C library's own.
            #expect(mask & 0x7FFF_FFFF == 0, "\(line)")
        }
        #expect(try world.text("groups") == world.text("self"))
        // 10 is the shell's own: the script.
        let log = try world.log()
        #expect(log.hasSuffix("-\n0\n1\n10\n2\n"), "\(log)")
    }

    @Test("a script does not see the password, and sees the rest")
    func environment() async throws {
        let world = try World()
        setenv("KOJI_PASSWORD", "s3cr3t", 1)
        defer { unsetenv("KOJI_PASSWORD") }
        setenv("NOTIFY_TEST", "väl", 1)
        await world.tell(try world.script("env >\"$D/got\""))
        let got = try world.text("got")
        #expect(!got.contains("KOJI_PASSWORD") && !got.contains("s3cr3t"))
        #expect(got.contains("NOTIFY_TEST=väl\n"))
    }

    @Test("a rehearsal calls no script and says so once")
    func rehearsal() async throws {
        let world = try World()
        let scripts = world.scripts([try world.script("echo >\"$D/got\""), "other"], isRehearsal: true)
        await scripts.post(.phaseStart)
        await scripts.post(.phaseStop)
        await scripts.finish()
        #expect(world.warnings == ["a rehearsal calls no notification scripts; a real run would have called 2"])
        #expect(throws: (any Error).self) { try world.text("got") }
    }

    @Test("a rehearsed run says that it calls none of the scripts it was given")
    func rehearsedRun() throws {
        let world = try World()
        let path = try world.script("echo >\"$D/got\"")
        try Program.withDirectory { directory in
            let result = try Program.run(
                RehearsalTests.iot + [
                    "--notification-script", path, "--target-dir", directory.path,
                    Program.fixture("fedora-iot/fedora-iot.conf"),
                ])
            #expect(result.status == 0, "\(result.stderr)")
            let mark = "a rehearsal calls no notification scripts; a real run would have called 1"
            #expect(result.stderr.components(separatedBy: mark).count == 2, "\(result.stderr)")
        }
        #expect(throws: (any Error).self) { try world.text("got") }
    }

    @Test("posting waits for no script; too many per-task notifications push out the oldest, phases stay")
    func overflow() async throws {
        let world = try World()
        // The first call waits for a file that is there only when all is posted.
        let scripts = world.scripts(
            [try world.script("while ! test -e \"$D/go\"; do sleep 0.01; done; echo $1 >>\"$D/got\"")], mostWaiting: 3)
        await scripts.post(.phaseStart)
        await scripts.post(Self.event("phase-stop", perTask: false))
        for number in 0..<50 { await scripts.post(Self.event("e\(number)")) }
        try Data().write(to: world.directory.appendingPathComponent("go"))
        await scripts.finish()
        let got = try world.text("got").split(separator: "\n").map(String.init)
        #expect(got.suffix(2) == ["e48", "e49"], "\(got)")
        #expect(got.prefix(2) == ["phase-start", "phase-stop"], "\(got)")
        #expect(world.warnings.count == 2 && world.warnings[0].contains("too slow"), "\(world.warnings)")
        #expect(world.warnings.last?.hasSuffix("about single tasks were left out: the scripts were too slow") == true)
    }

    @Test("the end of a run waits for slow scripts no longer than their timeouts, and the last status is told")
    func drained() async throws {
        let world = try World()
        let scripts = world.scripts(
            [try world.script("case $1 in e*) exec sleep 600;; esac; echo $1 >>\"$D/got\"")], timeout: 0.3)
        for number in 0..<100 { await scripts.post(Self.event("e\(number)")) }
        await scripts.post(Self.event("status-change", perTask: false))
        let start = ContinuousClock.now
        await scripts.finish()
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(try world.text("got") == "status-change\n")
    }

    @Test("a directory that is not there, and logs that cannot be written, keep no script from being called")
    func noPlace() async throws {
        let world = try World()
        let path = try world.script("echo $1 >>\"$D/got\"")
        let warnings = Mutex<[String]>([])
        for place in [
            NotificationScripts.Place.beforeCompose(targetDirectory: "/no/such/place"),
            NotificationScripts.Place(directory: nil, logs: "\(path)/logs"),
        ] {
            let scripts = NotificationScripts(
                commands: [path], place: place, isRehearsal: false,
                warn: { text in warnings.withLock { $0.append(text) } })
            await scripts.post(.phaseStart)
            await scripts.finish()
        }
        #expect(try world.text("got") == "phase-start\nphase-start\n")
        let said = warnings.withLock { $0 }
        #expect(said.count == 1 && said[0].contains("its output is not kept: cannot"), "\(said)")
    }

    @Test("a script is told where the run is in its trace")
    func trace() async throws {
        let world = try World()
        let script = try world.script("echo $TRACEPARENT $TRACESTATE >\"$D/got\"")
        let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let scripts = world.scripts([script], trace: TraceContext(traceParent: text, state: "a=b"))
        await scripts.post(.phaseStart)
        await scripts.finish()
        #expect(try world.text("got") == "\(text) a=b\n")
    }

    @Test("the log is called as Pungi calls it")
    func logName() {
        #expect(ScriptLog.name(at: 1_795_392_000) == "notification-2026-11-23_00-00-00.log")
        #expect(ScriptLog.name(at: 0) == "notification-1970-01-01_00-00-00.log")
    }

    @Test("the log's head is as kobo, which runs the scripts of Pungi, writes it", .needsPeers)
    func logHead() throws {
        let words = ["/usr/bin/plain-1.sh", "with space", "it's", "a$b", "ünï", "%@+=:,./-_"]
        let code =
            "import shlex,sys\nfor w in sys.argv[1:]:\n c=' '.join(map(shlex.quote,[w,'e']))\n"
            + " sys.stdout.write('COMMAND: %s\\n%s\\n'%(c,'-'*min(len(c)+9,79)))"
        let result = try PythonPeer.run(program: PythonPeer.python, ["-c", code] + words)
        #expect(
            String(decoding: result.stdout, as: UTF8.self)
                == words.map { ScriptLog.head(command: $0, event: "e") }.joined())
    }
}
