import ComposePhase
import PungiConfig
import Testing

@testable import PhaseService

@Suite("Settings of the service")
struct ServiceSettingsTests {
    static let defaults = ServiceSettings(stateDirectory: "/state", workingDirectory: "/work")

    private func read(_ text: String) throws -> ServiceSettings {
        try read(SettingsFile(path: "/etc/service.yaml", bytes: Array(text.utf8)))
    }

    private func read(_ file: SettingsFile?) throws -> ServiceSettings {
        try ServiceSettings.read(file, over: Self.defaults, now: Instant(seconds: 1_795_000_000))
    }

    @Test("nothing need be said")
    func defaults() throws {
        let nothing: SettingsFile? = nil
        #expect(try read(nothing) == Self.defaults)
        #expect(try read("") == Self.defaults)
        #expect(Self.defaults.listen == .tcp(host: "127.0.0.1", port: 8477))
        #expect(Self.defaults.access.anonymous == .read)
        #expect(Self.defaults.targets["composes"]?.directory == "/state/composes")
    }

    @Test("everything that can be said")
    func all() throws {
        let settings = try read(
            """
            listen: {address: "::1", port: 9000}
            hosts: [compose.example.org]
            state_dir: /srv/state
            configs: [configs, /etc/pungi]
            targets: {iot: {directory: /srv/iot}}
            profiles: [koji, stg]
            koji_config: koji.conf
            runs: {at_once: 2, on_stop: cancel, settings: run.yaml}
            access:
              anonymous: none
              proxy: {header: X-Remote-User, from: [unix, 10.0.0.0/8], roles: {kevin: admin}, otherwise: none}
            limits: {body_bytes: 4096, requests_per_minute: 10, streams: 5, streams_per_client: 2, command_time: 10s, commands: 1}
            notifications: {scripts: [tell], timeout: 5s}
            keep: 30d
            """)
        #expect(settings.listen == .tcp(host: "::1", port: 9000))
        #expect(settings.configRoots == ["/etc/configs", "/etc/pungi"])
        #expect(settings.stateDirectory == "/srv/state")
        #expect(settings.targets == ["iot": .init(directory: "/srv/iot")])
        #expect(settings.kojiConfig == "/etc/koji.conf")
        #expect((settings.runsAtOnce, settings.onStop, settings.runSettings) == (2, .cancel, "/etc/run.yaml"))
        #expect(settings.access.anonymous == .none)
        #expect(settings.access.proxy?.roles == ["kevin": .admin])
        #expect(settings.access.proxy?.otherwise == Role.none)
        #expect(settings.limits.commandSeconds == 10)
        #expect((settings.notificationScripts, settings.keep) == (["tell"], 30 * 86400))
    }

    @Test("composes go below another state")
    func state() throws {
        #expect(try read("state_dir: /srv/state").targets["composes"]?.directory == "/srv/state/composes")
        #expect(try read("listen: {socket: /run/x}").listen == .unix(path: "/run/x"))
    }

    @Test(
        "what is wrong is told with its place",
        arguments: [
            ("listen: {adress: x}", "1:10: settings.unknown-key"), ("listen: {port: 70000}", "1:16: settings.value"),
            ("listen: {address: 0.0.0.0}", "1:19: settings.value"),
            ("listen: {address: compose.example.org}", "1:19: settings.value"),
            ("listen:\n  socket: /run/x\n  port: 1", "3:9: settings.value"),
            ("runs: {on_stop: kill}", "1:17: settings.value"), ("access: {anonymous: root}", "1:21: settings.value"),
            ("access: {proxy: {header: X-User}}", "1:17: settings.required"),
            ("access: {proxy: {header: 'X User', from: []}}", "1:26: settings.value"),
            ("access: {proxy: {header: X, from: [here]}}", "1:35: settings.value"),
            ("targets: {iot: {}}", "1:16: settings.required"),
            ("targets: {'a/b': {directory: /x}}", "1:11: settings.value"),
            ("keep: soon", "1:7: settings.duration"), ("a: [", "2:1: settings.syntax"),
        ])
    func wrong(_ text: String, _ expected: String) throws {
        let failure = #expect(throws: ConfigFailure.self) { try read(text) }
        let first = failure?.diagnostics.first
        #expect("\(first?.location?.line ?? 0):\(first?.location?.column ?? 0): \(first?.code ?? "")" == expected)
    }
}
