import Koji

/// All that the rehearsal hub knows. Pure: time comes in, effects go out.
///
/// Every request first advances the state to the clock's now (``advance(to:)``), then is answered. So the stand-in
/// builders need neither threads nor timers, and tests step the time by hand.
package struct HubState: Sendable {
    package let settings: RehearsalSettings
    /// The moment up to which the state was advanced.
    package internal(set) var clock: HubTime
    /// What is to be done outside, in order; taken by ``takeEffects()``.
    private(set) var effects: [HubEffect] = []

    var users: [HubUser]
    var sessions: [Int: HubSession] = [:]
    var lastSession = 0
    /// The source of session keys. It is not the settings' seed: those keys should differ from run to run.
    var keys: SplitMix

    var targets: [HubTarget] = []
    var tags: [HubTag] = []
    var repos: [HubRepo] = []
    let channels: [HubChannel]
    let hosts: [HubHost]
    /// Ids of packages, by the order in which they were first seen.
    var packages: [String: Int] = [:]

    /// Task N stands at index N - 1.
    var tasks: [HubTask] = []
    /// Build N stands at index N - 1.
    var builds: [HubBuild] = []
    var buildIndex: [BuildKey: [Int]] = [:]
    var archives = 0
    var events = 0

    /// What will happen to tasks, and when.
    var agenda = Agenda()
    /// Arch tasks assigned or open, by arch.
    var running: [String: Int] = [:]
    /// Arch tasks that wait for a place, by arch.
    var queued: [String: [TaskID]] = [:]
    /// How often each failure rule has struck.
    var failuresUsed: [Int: Int] = [:]
    /// Calls that are still to be answered with "offline".
    var offlineCallsLeft: Int
    /// Until when all calls are answered so.
    var offlineUntil: HubTime?
    var troubles: TroubleBook
    /// Requests that came before the rules of trouble were last set all at once.
    var requestsBefore = 0
    package internal(set) var statistics = HubStatistics()
    /// Whether the call that is being answered changed something: then its number is remembered.
    var hasChanged = false

    /// A hub with the users, targets and builders of `settings`.
    ///
    /// - Parameters:
    ///   - keySeed: where session keys come from; the server gives a random number.
    ///   - now: the time at which the hub starts.
    package init(settings: RehearsalSettings, keySeed: UInt64, now: HubTime) {
        self.settings = settings
        clock = now
        keys = SplitMix(seed: keySeed)
        offlineCallsLeft = settings.offlineCalls
        troubles = TroubleBook(settings.troubles)
        users = [
            HubUser(
                id: 1, name: "rehearsal-admin", password: settings.adminPassword, permissions: ["admin"], type: 0),
            HubUser(
                id: 2, name: settings.user, password: settings.password,
                permissions: settings.hasImagePermission ? ["image"] : [], type: 0),
        ]
        channels = ["default", "createrepo", "image"].enumerated().map {
            HubChannel(
                id: $0.offset + 1, name: $0.element,
                isEnabled: $0.element != "image" || settings.isImageChannelEnabled)
        }
        hosts = settings.builderArches.filter { settings.capacity[$0] != 0 }.enumerated().map { index, arch in
            HubHost(
                id: index + 1, name: "rehearsal-builder-\(index + 1).invalid", arch: arch, user: index + 3,
                capacity: Double(settings.capacity[arch] ?? 1000))
        }
        users += hosts.map { HubUser(id: $0.user, name: $0.name, password: nil, permissions: [], type: 1) }
        for user in settings.users { addUser(user) }
        for target in settings.targets { addTarget(target) }
    }

    /// The methods of this generation of the hub, by name.
    var methods: [String: HubCall] { CallTable.methods[settings.generation] ?? [:] }

    mutating func perform(_ effect: HubEffect) { effects.append(effect) }

    /// The effects since the last time, in order.
    package mutating func takeEffects() -> [HubEffect] {
        defer { effects.removeAll(keepingCapacity: true) }
        return effects
    }

    mutating func nextEvent() -> Int {
        events += 1
        return events
    }

    mutating func packageID(_ name: String) -> Int {
        if let id = packages[name] { return id }
        packages[name] = packages.count + 1
        return packages.count
    }

    func user(id: Int) -> HubUser? { users.first { $0.id == id } }
    func user(named name: String) -> HubUser? { users.first { $0.name == name } }
    func tag(id: Int) -> HubTag? { tags.numbered(id) }
    func tag(named name: String) -> HubTag? { tags.first { $0.name == name } }
    func repo(tag: Int) -> HubRepo? { repos.last { $0.tag == tag } }
    func channel(named name: String) -> HubChannel? { channels.first { $0.name == name } }
    func host(arch: String) -> HubHost? { hosts.first { $0.arch == arch } ?? hosts.first }

    func task(_ id: TaskID) -> HubTask? { tasks.numbered(id.number) }
    func build(id: Int) -> HubBuild? { builds.numbered(id) }

    /// Changes a task that is there.
    mutating func update(_ id: TaskID, _ change: (inout HubTask) -> Void) {
        guard tasks.numbered(id.number) != nil else { return }
        change(&tasks[id.number - 1])
    }

    /// Changes a build that is there.
    mutating func update(build id: Int?, _ change: (inout HubBuild) -> Void) {
        guard let id, builds.numbered(id) != nil else { return }
        change(&builds[id - 1])
    }
}

extension Array {
    /// The element with this number, counted from 1; nil if there is none. Clients send any number.
    func numbered(_ number: Int) -> Element? { number >= 1 && number <= count ? self[number - 1] : nil }
}
