package import ProductMD

/// `work/phase-runner/run.json`: how a run was begun, for whoever takes it up, watches it or cancels it later, from this
/// host or another. Written once, before the first submit.
package struct RunRecord: Sendable, Hashable {
    package var compose: String
    /// The metadata call the compose final.
    package var isFinal: Bool
    package var isRehearsal: Bool
    /// Pungi's own phase began the run and waits for its result.
    package var isHandedOver: Bool
    /// The hub's XML-RPC URL, and its web interface.
    package var hub: String
    package var weburl: String
    /// The Koji profile that led there; nil for the built-in hub.
    package var profile: String?
    /// The user that the tasks belong to.
    package var user: String?
    /// Options that this hub does not take and that were left out of the requests.
    package var droppedOptions: [String]
    package var policy: SchedulePolicy
    /// What images are held against after they were built.
    package var freeze: FreezeRule.Setting
    package var program: String
    /// Seconds since 1970.
    package var started: Double
    /// The trace that the run belongs to; nil where it was begun without one.
    package var trace: TraceOrigin?

    package init(
        compose: String, isFinal: Bool, isRehearsal: Bool, isHandedOver: Bool = false, hub: String, weburl: String,
        profile: String?,
        user: String?, droppedOptions: [String], policy: SchedulePolicy, freeze: FreezeRule.Setting = .init(),
        program: String, started: Double, trace: TraceOrigin? = nil
    ) {
        self.compose = compose
        self.isFinal = isFinal
        self.isRehearsal = isRehearsal
        self.isHandedOver = isHandedOver
        self.hub = hub
        self.weburl = weburl
        self.profile = profile
        self.user = user
        self.droppedOptions = droppedOptions
        self.policy = policy
        self.freeze = freeze
        self.program = program
        self.started = started
        self.trace = trace
    }

    /// Why a file is not the record of a run.
    package struct Unreadable: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    private static let type = "phase-runner.run"

    package var json: JSONValue {
        [
            "header": ["type": .string(Self.type), "version": "1.0"],
            "payload": [
                "compose": .string(compose), "final": .bool(isFinal), "rehearsal": .bool(isRehearsal),
                "handed_over": .bool(isHandedOver),
                "hub": .string(hub), "weburl": .string(weburl), "profile": profile.map { .string($0) } ?? .null,
                "user": user.map { .string($0) } ?? .null,
                "dropped_options": .array(droppedOptions.map { .string($0) }), "policy": policy.json,
                "freeze": [
                    "file": freeze.file.map { .string($0) } ?? .null, "policy": .string(freeze.policy.rawValue),
                ],
                "program": .string(program), "started": .double(started), "trace": trace?.json ?? .null,
            ],
        ]
    }

    package init(json: JSONValue) throws(Unreadable) {
        guard json["header"]?["type"]?.string == Self.type, let payload = json["payload"] else {
            throw Unreadable(description: "it is not the record of a run")
        }
        func required<Value>(_ name: String, _ value: Value?) throws(Unreadable) -> Value {
            guard let value else { throw Unreadable(description: "its member \(name) is missing or of another type") }
            return value
        }
        compose = try required("compose", payload["compose"]?.string)
        isFinal = try required("final", payload["final"]?.bool)
        isRehearsal = try required("rehearsal", payload["rehearsal"]?.bool)
        // Older records have none.
        isHandedOver = payload["handed_over"]?.bool ?? false
        hub = try required("hub", payload["hub"]?.string)
        weburl = try required("weburl", payload["weburl"]?.string)
        profile = payload["profile"]?.string
        user = payload["user"]?.string
        droppedOptions = try required("dropped_options", payload["dropped_options"]?.array).compactMap(\.string)
        freeze = FreezeRule.Setting(
            file: payload["freeze"]?["file"]?.string,
            policy: payload["freeze"]?["policy"]?.string.flatMap(FreezeRule.Policy.init) ?? .warn)
        program = try required("program", payload["program"]?.string)
        started = try required("started", payload["started"]?.double)
        // A trace that cannot be read is none: no run ends for that.
        trace = payload["trace"].flatMap(TraceOrigin.init(json:))
        do {
            policy = try SchedulePolicy(json: try required("policy", payload["policy"]))
        } catch let error as Unreadable {
            throw error
        } catch {
            throw Unreadable(description: "its policy cannot be read: \(error)")
        }
    }

    /// Reads the record of the run in a compose; nil if there is none.
    package static func load(_ layout: ComposeLayout) throws -> RunRecord? {
        let path = layout.path(ComposeLayout.run)
        guard let bytes = try AtomicFile.read(path, limit: 16 << 20) else { return nil }
        do {
            return try RunRecord(json: try JSONReader.read(bytes, name: path))
        } catch let error as Unreadable {
            throw Unreadable(description: "\(path): \(error)")
        }
    }
}
