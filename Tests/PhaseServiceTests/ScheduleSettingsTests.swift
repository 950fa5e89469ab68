import ComposePhase
import LibYAML
import PhaseService
import ProductMD
import PungiConfig
import Testing

@Suite("Settings of schedules")
struct ScheduleSettingsTests {
    private func read(_ text: String) throws -> (schedules: [ScheduleSettings], findings: [String]) {
        let keys = ScheduleSettings.keys.merging(["": ["schedules"]]) { $1 }
        let findings = SettingsFindings(
            keys: SettingsKeys(byPath: keys, inLists: ["schedules", "schedules.retry"]))
        let node = try YAMLReader.read(Array(text.utf8), name: "s.yaml", limits: YAMLLimits())
        let entry = SettingsEntry(node: node, file: "/etc/phase-runner/s.yaml", path: "", findings: findings)
        let list = try #require(entry.table()?["schedules"])
        let schedules = ScheduleSettings.read(
            list, zones: TimeZoneDatabase(), now: Instant(seconds: 1_795_129_200))
        return (
            schedules ?? [],
            findings.diagnostics.map {
                "\($0.location?.line ?? 0):\($0.location?.column ?? 0) \($0.message) \($0.fix ?? "")"
            }
        )
    }

    @Test("an entry with nothing but what it must have has the defaults")
    func defaults() throws {
        let (schedules, findings) = try read(
            "schedules:\n- {name: iot, config: iot.conf, target: iot, calendar: daily, time_zone: Europe/Prague}\n")
        #expect(findings == [])
        let schedule = try #require(schedules.first)
        let rule = schedule.rule
        #expect(rule.name == "iot" && "\(rule.calendar)" == "*-*-* 00:00:00" && rule.zone.name == "Europe/Prague")
        #expect(!rule.skipsUnchanged && rule.catchUp == 21_600 && rule.onCollision == .skip && rule.retry.times == 0)
        #expect(rule.alarmAfter == 259_200 && rule.incompleteIsWell && rule.linked == [.finished, .finishedIncomplete])
        #expect(schedule.type == .nightly && schedule.only == [] && schedule.settings == nil)
    }

    @Test("every key is read")
    func complete() throws {
        let (schedules, findings) = try read(
            """
            schedules:
            - name: iot-rc
              config: iot.conf
              target: iot
              type: production
              label: RC-1.2
              only: ["Minimal,aarch64"]
              keep_going: true
              koji_profile: stg
              settings: runs.yaml
              scripts: [tell]
              calendar: "Mon..Fri 03:00 America/New_York"
              skip_unchanged: true
              catch_up: 0
              on_collision: wait
              retry: {times: 2, wait: 30m, causes: [hub, builder]}
              alarm_after: 0
              alarm_while_paused: true
              incomplete_is_well: false
              latest: true
              latest_status: [FINISHED]
            """)
        #expect(findings == [])
        let schedule = try #require(schedules.first)
        let rule = schedule.rule
        #expect(rule.zone.name == "America/New_York" && rule.skipsUnchanged && rule.catchUp == 0)
        #expect(rule.onCollision == .wait && rule.alarmAfter == nil && rule.alarmsWhilePaused)
        #expect(rule.retry == .init(times: 2, wait: 1800, on: [.hub, .builder]))
        #expect(!rule.incompleteIsWell && rule.linked == [.finished])
        #expect(schedule.type == .production && schedule.label == "RC-1.2" && schedule.only == ["Minimal,aarch64"])
        #expect(schedule.keepsGoing && schedule.profile == "stg" && schedule.scripts == ["tell"])
        #expect(schedule.settings == "/etc/phase-runner/runs.yaml")
    }

    @Test("what is wrong is found with its place")
    func findings() throws {
        let table: [(String, String)] = [
            ("calendar: '25:00'", "2:74 schedules[0].calendar is no calendar expression: 25 is no hour"),
            ("calendar: '*-02-30'", "2:74 schedules[0].calendar never comes"),
            ("calendar: minutely", "more often than every ten minutes"),
            ("calendar: daily, time_zone: Europe/Praha", "there is no time zone 'Europe/Praha'"),
            (
                "calendar: daily UTC, time_zone: Europe/Prague",
                "names the time zone UTC, but time_zone is Europe/Prague"
            ),
            ("calendar: daily, time_zone: [1]", "must be a text"), ("time_zone: UTC", "has no 'calendar'"),
            ("calendar: daily, catchup: 3h", "did you mean 'catch_up'?"),
            ("calendar: daily, catch_up: soon", "is not a length of time"),
            ("calendar: daily, on_collision: stop", "must be one of skip, wait"),
            ("calendar: daily, retry: {causes: [bad]}", "must be one of builder"),
            ("calendar: daily, retry: {time: 1}", "did you mean 'times'?"),
            ("calendar: daily, type: production", "give it a label"),
            ("calendar: daily, label: X-1", "is no label"),
            ("calendar: daily, latest_status: [DOOMED]", "must be one of FINISHED, FINISHED_INCOMPLETE"),
        ]
        for (members, words) in table {
            let (_, findings) = try read(
                "schedules:\n- {name: a-name-of-24-letters-xx, config: iot.conf, target: i, \(members)}\n")
            #expect(findings.count == 1 && findings.first?.contains(words) == true, "\(members): \(findings)")
        }
        let same = "{name: a, config: c, target: t, calendar: daily}"
        #expect(try read("schedules: [\(same), \(same)]").findings.first?.contains("rename one") == true)
        #expect(try read("schedules: [\(same), \(same)]").schedules.count == 1)
        #expect(try read("schedules: [{name: 'a/b', config: c, target: t, calendar: daily}]").findings.count == 1)
        #expect(try read("schedules: {}").findings.count == 1)
    }
}
