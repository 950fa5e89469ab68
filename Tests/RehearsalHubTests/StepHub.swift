import Koji
import Testing

@testable import RehearsalHub

/// A hub without a server, whose time the test steps by hand. Each state lasts one second unless told otherwise.
struct StepHub {
    var state: HubState
    /// The headers of the session that is logged in.
    var claim: SessionClaim?

    init(_ change: (inout RehearsalSettings) -> Void = { _ in }) {
        var settings = RehearsalSettings(root: "nowhere")
        settings.times = TaskTimes(all: .seconds(1))
        settings.adminPassword = "secret"
        settings.imageBytes = 600
        settings.targets = [
            RehearsalTarget(name: "f43", arches: ["x86_64", "aarch64"], packages: ["Fedora-IoT", "Fedora-Minimal"])
        ]
        change(&settings)
        state = HubState(settings: settings, keySeed: 7, now: HubTime(seconds: 1_795_000_000))
    }

    /// Lets time pass.
    mutating func wait(_ seconds: Double) {
        state.advance(to: HubTime(seconds: state.clock.seconds + seconds))
    }

    /// Lets time pass until nothing more will happen.
    mutating func waitForEnd() {
        while let next = state.nextChange { state.advance(to: next) }
    }

    /// Calls as it stands on the wire, under the session of this hub unless another one is given.
    mutating func call(
        _ method: String, _ args: [XMLRPCValue] = [], _ keywords: [String: XMLRPCValue] = [:],
        callnum: String? = nil, as other: SessionClaim? = nil, from front: FrontClaim? = nil
    ) throws -> XMLRPCValue {
        var claim = other ?? self.claim
        if let known = claim, let callnum { claim = SessionClaim(id: known.id, key: known.key, callnum: callnum) }
        let call = XMLRPCCall(method: method, args: args, keywords: keywords)
        switch state.answer(call, claim: claim, front: front) {
        case .value(let value): return value
        case .fault(let fault): throw fault
        }
    }

    /// The fault of a call; nil if there is none.
    mutating func fault(
        _ method: String, _ args: [XMLRPCValue] = [], _ keywords: [String: XMLRPCValue] = [:],
        callnum: String? = nil, as other: SessionClaim? = nil, from front: FrontClaim? = nil
    ) -> XMLRPCFault? {
        do {
            _ = try call(method, args, keywords, callnum: callnum, as: other, from: front)
            return nil
        } catch {
            return error as? XMLRPCFault
        }
    }

    /// A new session.
    mutating func login(_ user: String = "rehearsal", _ password: String = "rehearsal") throws -> SessionClaim {
        let answer = state.answer(
            XMLRPCCall(method: "login", args: [.string(user), .string(password)]), claim: nil)
        guard case .value(let login) = answer else { throw XMLRPCFault(code: 0, text: "\(answer)") }
        return try Self.session(login)
    }

    /// A new session by ticket or certificate.
    mutating func sslLogin(
        _ front: FrontClaim, _ keywords: [String: XMLRPCValue] = [:], as other: SessionClaim? = nil
    ) throws -> SessionClaim {
        try Self.session(try call("sslLogin", [], keywords, as: other, from: front))
    }

    private static func session(_ login: XMLRPCValue) throws -> SessionClaim {
        SessionClaim(
            id: try #require(login["session-id"].wholeNumber), key: try #require(login["session-key"].textValue),
            callnum: nil)
    }

    mutating func logIn() throws { claim = try login() }

    /// Submits an image build.
    mutating func submit(
        target: String = "f43", arches: [String] = ["x86_64", "aarch64"], type: String = "minimal-raw-xz",
        name: String = "Fedora-Minimal", version: String = "43",
        _ opts: [String: XMLRPCValue] = ["scratch": .bool(true)]
    ) throws -> Int {
        let answer = try call(
            "imageBuilderBuild",
            [.string(target), .strings(arches), .strings([type]), .string(name), .string(version)],
            ["opts": .object(opts)])
        return try #require(answer.wholeNumber)
    }

    func task(_ id: Int) throws -> HubTask { try #require(state.task(TaskID(id))) }

    func stateOf(_ id: Int) throws -> TaskState { try task(id).state }

    /// What a finished task gives: its value, or its fault.
    mutating func result(_ id: Int) throws -> XMLRPCValue { try call("getTaskResult", [.number(id)]) }

    mutating func resultFault(_ id: Int) -> XMLRPCFault? { fault("getTaskResult", [.number(id)]) }
}
