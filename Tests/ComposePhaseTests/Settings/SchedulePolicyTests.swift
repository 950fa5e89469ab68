import ComposePhase
import ProductMD
import Testing

@Suite("Schedule policy")
struct SchedulePolicyTests {
    @Test("a hub's own limit lowers that of all tasks, by URL or profile, and never raises it")
    func hubLimits() {
        var limits = ScheduleLimits()
        limits.tasks = 50
        limits.collecting = 2
        limits.perHub = ["https://a.example/kojihub": 5, "stg": 7, "https://big.example/kojihub/": 99]
        let table: [(server: String, profile: String?, tasks: Int)] = [
            ("https://a.example/kojihub", nil, 5), ("https://a.example/kojihub/", "x", 5),
            ("https://a.example/kojihub", "stg", 5), ("https://b.example/kojihub", "stg", 7),
            ("https://b.example/kojihub", "koji", 50), ("https://b.example/kojihub", nil, 50),
            ("https://big.example/kojihub", nil, 50), ("https://a.example/kojihub2", nil, 50),
        ]
        for row in table {
            let on = limits.on(server: row.server, profile: row.profile)
            #expect(on.tasks == row.tasks, "\(row)")
            #expect(on.perHub.isEmpty && on.collecting == 2)
        }
    }

    @Test("waits double up to the longest and are spread over their second half")
    func waits() {
        let rules = RetryRules()
        let whole = [2, 3, 4, 5, 6, 7, 1000, .max].map { rules.wait(before: $0, chance: 1) }
        #expect(whole == [60, 120, 240, 480, 900, 900, 900, 900])
        #expect(rules.wait(before: 2, chance: 0) == 30 && rules.wait(before: 3, chance: 0.5) == 90)
        #expect(rules.wait(before: 0, chance: 1) == 60)
        #expect(rules.wait(before: 2, chance: 7) == 60 && rules.wait(before: 2, chance: -1) == 30)
        var none = rules
        none.firstWait = 0
        #expect(none.wait(before: .max, chance: 1) == 0)
        var capped = rules
        capped.longestWait = 10
        #expect(capped.wait(before: 2, chance: 1) == 10)
    }

    @Test("of the rules that name an image the last wins, key by key")
    func imageRules() {
        var policy = SchedulePolicy()
        policy.taskDeadline = 100
        #expect(policy.settings(of: ImageTaskID("IoT/iot/iot-raw-xz")) == (100, 0, 3))
        policy.images = [
            ImageRule(match: "*", priority: 1), ImageRule(match: "IoT/*", deadline: 7, priority: 5, attempts: 9),
            ImageRule(match: "*/*-raw-xz", priority: 2), ImageRule(match: "Server/*", deadline: 1),
            ImageRule(match: "IoT", attempts: 1),
        ]
        #expect(policy.settings(of: ImageTaskID("IoT/iot/iot-raw-xz")) == (7, 2, 9))
        #expect(policy.settings(of: ImageTaskID("IoT/iot/iot-installer")) == (7, 5, 9))
        #expect(policy.settings(of: ImageTaskID("Server/kvm/qcow2")) == (1, 1, 3))
        #expect(policy.settings(of: ImageTaskID("Spins/x/y")) == (100, 1, 3))
    }

    /// How a stored policy may be damaged, and the word that names it.
    static let damages: [(path: [String], value: JSONValue?, word: String)] = [
        (["deadline"], nil, "policy: deadline is missing"), (["extra"], 1, "policy: extra is unknown"),
        (["limits", "tasks"], 0, "policy.limits.tasks"), (["limits", "tasks"], "4", "policy.limits.tasks"),
        (["limits", "per_arch"], .array(["a"]), "policy.limits.per_arch"),
        (["limits", "per_arch", "s390x"], -1, "policy.limits.per_arch"),
        (["limits", "collecting"], .null, "policy.limits.collecting"), (["limits"], .null, "policy.limits"),
        (["retry", "first_wait"], .double(-1), "policy.retry.first_wait"),
        (["retry", "longest_wait"], .double(.nan), "policy.retry.longest_wait"),
        (["retry", "attempts"], .double(2), "policy.retry.attempts"), (["keeps_going"], 1, "policy.keeps_going"),
        (["leaves_on_term"], "no", "policy.leaves_on_term"), (["images"], .object([:]), "policy.images"),
        (["images"], .array([.object(["match": "x"])]), "policy.images[0]: attempts is missing"),
    ]

    @Test("a stored policy that is damaged is refused with the place", arguments: 0..<damages.count)
    func damaged(index: Int) {
        let row = Self.damages[index]
        let json = Self.replacing(SchedulePolicy().json, row.path[...], row.value)
        let failure = #expect(throws: SchedulePolicy.Unreadable.self) { try SchedulePolicy(json: json) }
        #expect(failure?.description.contains(row.word) == true, "\(failure?.description ?? "")")
    }

    private static func replacing(_ json: JSONValue, _ path: ArraySlice<String>, _ value: JSONValue?) -> JSONValue {
        guard let name = path.first, var members = json.object else { return value ?? .null }
        members[name] =
            path.count == 1 ? value : replacing(members[name] ?? .object([:]), path.dropFirst(), value)
        return .object(members)
    }
}
