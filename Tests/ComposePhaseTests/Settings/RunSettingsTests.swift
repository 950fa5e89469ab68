import ComposePhase
import PungiConfig
import Testing

@Suite("Settings files")
struct RunSettingsTests {
    typealias Change = @Sendable (inout RunSettings) -> Void

    /// A text and what it changes in the defaults.
    static let good: [(text: String, change: Change)] = [
        ("", { _ in }),
        ("# nothing but a comment\n", { _ in }),
        ("---\n", { _ in }),
        ("{}", { _ in }),
        ("limits:\nretry:\nlog: ~\nnotifications: null\n", { _ in }),
        ("limits: {tasks: 40}", { $0.policy.limits.tasks = 40 }),
        ("limits: {tasks: null}", { _ in }),
        ("limits: {per_arch: {s390x: 2, x86_64: 20}}", { $0.policy.limits.perArch = ["s390x": 2, "x86_64": 20] }),
        ("limits: {per_arch: {}}", { _ in }),
        ("limits: {per_target: {f44-iot: 3, 44: 1}}", { $0.policy.limits.perTarget = ["f44-iot": 3, "44": 1] }),
        (
            "limits: {per_hub: {'https://koji.example/kojihub': 9}}",
            {
                $0.policy.limits.perHub = ["https://koji.example/kojihub": 9]
            }
        ),
        (
            "limits: {submits_per_minute: 30, collecting: 1}",
            {
                $0.policy.limits.submitsPerMinute = 30
                $0.policy.limits.collecting = 1
            }
        ),
        ("deadline: 10h", { $0.policy.deadline = 36000 }),
        ("deadline: '1d'", { $0.policy.deadline = 86400 }),
        ("deadline: 1d2h3m4s", { $0.policy.deadline = 93784 }),
        ("task_deadline: 5400", { $0.policy.taskDeadline = 5400 }),
        ("task_deadline: 0.5", { $0.policy.taskDeadline = 0.5 }),
        ("task_deadline: 1h30m", { $0.policy.taskDeadline = 5400 }),
        (
            "retry: {attempts: 1, first_wait: 0, longest_wait: 15m}",
            {
                $0.policy.retry.attempts = 1
                $0.policy.retry.firstWait = 0
            }
        ),
        (
            "retry: {rules: [{name: vpn, pattern: 'tun\\d+ lost', class: network}]}",
            {
                $0.failureRules = [SettingsText.rule("vpn", "tun\\d+ lost", "network")]
            }
        ),
        (
            "retry:\n  rules:\n  - {name: a, pattern: b, class: content, remedy: look}\n  - {name: b, pattern: b, class: hub}",
            {
                $0.failureRules = [SettingsText.rule("a", "b", "content", "look"), SettingsText.rule("b", "b", "hub")]
            }
        ),
        ("on_failure: finish", { $0.policy.keepsGoing = true }),
        ("on_failure: stop", { _ in }),
        ("on_term: leave", { $0.policy.leavesOnTerm = true }),
        ("on_term: cancel", { _ in }),
        (
            "images: [{match: 'IoT/*', deadline: 8h, priority: -3, attempts: 5}, {match: 'x', priority: 1}]",
            {
                $0.policy.images = [
                    ImageRule(match: "IoT/*", deadline: 28800, priority: -3, attempts: 5),
                    ImageRule(match: "x", priority: 1),
                ]
            }
        ),
        ("images: [{match: x, attempts: 2, deadline: ~}]", { $0.policy.images = [ImageRule(match: "x", attempts: 2)] }),
        (
            "notifications: {scripts: [/opt/bus, tell, hooks/irc], timeout: 90s}",
            {
                $0.notificationScripts = ["/opt/bus", "tell", "hooks/irc"]
                $0.notificationTimeout = 90
            }
        ),
        ("history: [a.json, /srv/b]", { $0.history = ["a.json", "/srv/b"] }),
        ("history:", { _ in }),
        ("freeze: {file: 44.yaml, policy: fail}", { $0.freeze = .init(file: "44.yaml", policy: .fail) }),
        ("freeze: {file: /etc/f, policy: null}", { $0.freeze = .init(file: "/etc/f") }),
        ("log: {classic: no}", { $0.classicLog = false }),
    ]

    @Test("each key is read", arguments: 0..<good.count)
    func reads(index: Int) throws {
        let row = Self.good[index]
        #expect(try SettingsText.read(row.text) == SettingsText.settings(row.change), "\(row.text)")
    }

    @Test("by default nothing is held back that Pungi would not hold back")
    func defaults() {
        let policy = RunSettings().policy
        #expect(policy.limits.tasks == .max && policy.limits.submitsPerMinute == nil)
        #expect(policy.limits.perArch.isEmpty && policy.limits.perTarget.isEmpty && policy.limits.perHub.isEmpty)
        #expect(policy.deadline == nil && policy.taskDeadline == nil && policy.images.isEmpty)
    }

    /// A text, the code and place of its only complaint, and a piece of the message or of the fix.
    static let bad: [(text: String, code: String, place: String, word: String)] = [
        ("- a", "type", "1:1", "the file must be a mapping"),
        ("just text", "type", "1:1", "the text 'just text'"),
        ("limts: {}", "unknown-key", "1:1", "'limits'"),
        ("tasks: 3", "unknown-key", "1:1", "under 'limits'"),
        ("limits: {deadline: 3}", "unknown-key", "1:10", "the top of the file"),
        ("zzz: 3", "unknown-key", "1:1", "the keys here are limits"),
        ("images: [{match: x, priorty: 1, attempts: 1}]", "unknown-key", "1:21", "'priority'"),
        ("limits: []", "type", "1:9", "is a list"),
        ("limits: 5", "type", "1:9", "is the number 5"),
        ("limits: {tasks: many}", "type", "1:17", "the text 'many'"),
        ("limits: {tasks: '5'}", "type", "1:17", "a whole number"),
        ("limits: {tasks: 5.0}", "type", "1:17", "a whole number"),
        ("limits: {tasks: true}", "type", "1:17", "true or false"),
        ("limits: {tasks: 010}", "type", "1:17", "plain digits"),
        ("limits: {tasks: 1:30}", "type", "1:17", "plain digits"),
        ("limits: {tasks: 0x10}", "type", "1:17", "plain digits"),
        ("limits: {tasks: 0}", "value", "1:17", "1 or more"),
        ("limits: {tasks: -4}", "value", "1:17", "is -4"),
        ("limits: {tasks: 99999999999999999999}", "value", "1:17", "larger"),
        ("limits: {tasks: [1]}", "type", "1:17", "a list"),
        ("limits: {per_arch: 4}", "type", "1:20", "a mapping"),
        ("limits: {per_arch: {x86-64: 4}}", "value", "1:21", "'x86_64'"),
        ("limits: {per_arch: {x86_64: 0}}", "value", "1:29", "limits.per_arch.x86_64 is 0"),
        ("limits: {per_target: {f44: all}}", "type", "1:28", "limits.per_target.f44"),
        ("limits: {per_hub: {koji: -1}}", "value", "1:26", "limits.per_hub.koji"),
        ("limits: {submits_per_minute: 0}", "value", "1:30", "1 or more"),
        ("limits: {collecting: 0}", "value", "1:22", "1 or more"),
        ("deadline: soon", "duration", "1:11", "1h30m"),
        ("deadline: 10 h", "duration", "1:11", "'10 h'"),
        ("deadline: 5m1h", "duration", "1:11", "'5m1h'"),
        ("deadline: 5m5m", "duration", "1:11", "'5m5m'"),
        ("deadline: 1:30", "duration", "1:11", "'1:30'"),
        ("deadline: 1.5h", "duration", "1:11", "'1.5h'"),
        ("deadline: ''", "duration", "1:11", "1h30m"),
        ("deadline: -5m", "duration", "1:11", "negative"),
        ("deadline: 0", "duration", "1:11", "is 0"),
        ("deadline: 9999d", "duration", "1:11", "ten years"),
        ("deadline: .inf", "duration", "1:11", "'.inf'"),
        ("deadline: 99999999999999999999999999999999999999999999999999999d", "duration", "1:11", "not a length"),
        ("task_deadline: [1h]", "type", "1:16", "a length of time"),
        ("retry: {attempts: 0}", "value", "1:19", "1 or more"),
        ("retry: {first_wait: 1h}", "value", "1:21", "longer than retry.longest_wait (15m)"),
        ("retry: {longest_wait: 5s}", "value", "1:23", "retry.first_wait (1m)"),
        ("retry: {rules: {}}", "type", "1:16", "a list"),
        ("retry: {rules: [x]}", "type", "1:17", "retry.rules[0]"),
        ("retry: {rules: [{pattern: b, class: hub}]}", "required", "1:17", "'name'"),
        ("retry: {rules: [{name: a, class: hub}]}", "required", "1:17", "'pattern'"),
        ("retry: {rules: [{name: a, pattern: b}]}", "required", "1:17", "'class'"),
        ("retry: {rules: [{name: a, pattern: b, class: builders}]}", "value", "1:46", "'builder'"),
        ("retry: {rules: [{name: a, pattern: b, class: unknown}]}", "value", "1:46", "one of builder"),
        ("retry: {rules: [{name: a, pattern: 'b(', class: hub}]}", "pattern", "1:36", "position 1"),
        ("retry: {rules: [{name: 5, pattern: b, class: hub}]}", "type", "1:24", "in quotes"),
        ("retry: {rules: [{name: a, pattern: b, class: hub, remedy: []}]}", "type", "1:59", "remedy"),
        (
            "retry: {rules: [{name: a, pattern: b, class: hub},\n {name: a, pattern: c, class: hub}]}", "value", "2:9",
            "1.yaml:1:24"
        ),
        ("on_failure: continue", "value", "1:13", "stop, finish"),
        ("on_failure: finsh", "value", "1:13", "'finish'"),
        ("on_term: off", "type", "1:10", "in quotes"),
        ("images: {match: x}", "type", "1:9", "begin each entry"),
        ("images: [{priority: 1}]", "required", "1:10", "'match'"),
        ("images: [{match: '', priority: 1}]", "value", "1:18", "is empty"),
        ("images: [{match: x}]", "value", "1:10", "sets nothing"),
        ("images: [{match: x, priority: high}]", "type", "1:31", "images[0].priority"),
        ("images: [{match: x, attempts: 0}]", "value", "1:31", "1 or more"),
        ("images: [{match: x, deadline: 0}]", "duration", "1:31", "images[0].deadline"),
        ("notifications: {scripts: /opt/bus}", "type", "1:26", "a list"),
        ("notifications: {scripts: [~/bus]}", "value", "1:27", "whole path"),
        ("notifications: {scripts: [\"a\\0b\"]}", "value", "1:27", "control character"),
        ("notifications: {timeout: 0}", "duration", "1:26", "is 0"),
        ("history: [44]", "type", "1:11", "in quotes"),
        ("history: a.json", "type", "1:10", "a list"),
        ("freeze: {policy: stop}", "value", "1:18", "must be one of warn, fail"),
        ("freeze: {file: 44}", "type", "1:16", "in quotes"),
        ("freeze: 44.yaml", "type", "1:9", "a mapping"),
        ("log: {classic: maybe}", "type", "1:16", "true or false"),
        ("log: {clasic: true}", "unknown-key", "1:7", "'classic'"),
        ("deadline: 1h\ndeadline: 2h", "syntax", "2:1", "again"),
        ("a: &x 1\nb: *x", "syntax", "1:4", "anchors"),
        ("limits: {tasks: 1", "syntax", "2:1", "','"),
        ("a: 1\n---\nb: 2", "syntax", "2:1", "second document"),
        ("deadline: !!python/object:os.system 1h", "syntax", "1:11", "tag"),
    ]

    @Test("what is wrong is told with its place and what to do", arguments: 0..<bad.count)
    func refuses(index: Int) throws {
        let row = Self.bad[index]
        let found = SettingsText.complaints([row.text])
        try #require(found.count == 1, "\(row.text): \(found.map { $0.rendered() })")
        #expect(found[0].code == "settings.\(row.code)", "\(row.text): \(found[0].rendered())")
        #expect(found[0].location?.description == "1.yaml:\(row.place)", "\(row.text): \(found[0].rendered())")
        #expect(found[0].rendered().contains(row.word), "\(row.text): \(found[0].rendered())")
    }

    @Test("all problems of both files are told in one go, in order")
    func inOneGo() {
        let site = """
            limits:
              tasks: -1
              per_arch: {x86_64: no, s390x: 1.5}
            dedline: 10h
            """
        let own = """
            retry:
              rules:
                - name: a
                  pattern: "["
                  class: bulder
                - pattern: x
            on_term: stay
            """
        let places = SettingsText.complaints([site, own]).compactMap { $0.location?.description }
        #expect(
            places.sorted() == [
                "1.yaml:2:10", "1.yaml:3:22", "1.yaml:3:33", "1.yaml:4:1", "2.yaml:4:16", "2.yaml:5:14", "2.yaml:6:7",
                "2.yaml:6:7", "2.yaml:7:10",
            ])
        let broken = SettingsText.complaints(["limits: {", "on_term: stay"]).map(\.code)
        #expect(broken == ["settings.syntax", "settings.value"])
    }

    // MARK: Two files

    /// A file, one over it, and what they say together.
    static let merges: [(site: String, own: String, change: Change)] = [
        (
            "limits: {tasks: 4, collecting: 2}", "limits: {tasks: 9}",
            {
                $0.policy.limits.tasks = 9
                $0.policy.limits.collecting = 2
            }
        ),
        (
            "limits: {per_arch: {s390x: 1, ppc64le: 2}}", "limits: {per_arch: {s390x: 7, aarch64: 3}}",
            {
                $0.policy.limits.perArch = ["s390x": 7, "ppc64le": 2, "aarch64": 3]
            }
        ),
        (
            "limits: {per_arch: {s390x: 1, ppc64le: 2}}", "limits: {per_arch: {s390x: null}}",
            {
                $0.policy.limits.perArch = ["ppc64le": 2]
            }
        ),
        ("limits: {per_arch: {s390x: 1}}", "limits: {per_arch: null}", { _ in }),
        ("limits: {tasks: 4}\ndeadline: 1h", "limits: {tasks: null}\ndeadline:", { _ in }),
        ("limits: {tasks: 4}", "limits:\n  # tasks: 5\n", { $0.policy.limits.tasks = 4 }),
        ("limits: {tasks: 4}", "", { $0.policy.limits.tasks = 4 }),
        (
            "images: [{match: a, priority: 1}]", "images: [{match: b, priority: 2}]",
            {
                $0.policy.images = [ImageRule(match: "b", priority: 2)]
            }
        ),
        ("history: [a]\nnotifications: {scripts: [b]}", "history: []", { $0.notificationScripts = ["b"] }),
        (
            "retry: {first_wait: 10m}", "retry: {longest_wait: 1h}",
            {
                $0.policy.retry.firstWait = 600
                $0.policy.retry.longestWait = 3600
            }
        ),
        ("on_failure: finish\nlog: {classic: false}", "on_failure: stop", { $0.classicLog = false }),
    ]

    @Test("the second file is laid over the first, key by key", arguments: 0..<merges.count)
    func laysOver(index: Int) throws {
        let row = Self.merges[index]
        #expect(try SettingsText.read(row.site, row.own) == SettingsText.settings(row.change), "\(row)")
    }

    @Test("relative paths go from the place of their file")
    func relativePaths() throws {
        let text = "history: [h.json, /a]\nnotifications: {scripts: [bus, ./bus, hooks/bus]}"
        let settings = try RunSettings.read([SettingsFile(path: "/etc/phase/config.yaml", bytes: Array(text.utf8))])
        #expect(settings.history == ["/etc/phase/h.json", "/a"])
        #expect(settings.notificationScripts == ["bus", "/etc/phase/./bus", "/etc/phase/hooks/bus"])
    }
}
