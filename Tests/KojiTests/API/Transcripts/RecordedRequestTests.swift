import Koji
import TestSupport
import Testing

@Suite("Every recorded request is what we would send", .needsShared)
struct RecordedRequestTests {
    /// Methods that are none of this program's.
    private static let notOurs = [
        "login": "the session's own; see the tests of logins", "sslLogin": "the session's own; see the tests of logins",
        "logout": "the session's own", "subsession": "not used", "exclusiveSession": "locks every other session out",
        "sharedSession": "only after exclusiveSession", "getSessionInfo": "for people", "showSession": "for people",
        "echo": "only to try the encoding", "fault": "only to try faults", "error": "only to try faults",
        "noSuchMethod": "only to try faults", "system.methodHelp": "for people",
        "system.methodSignature": "hubs do not support it", "getTaskRequest": "getTaskInfo tells it, too",
        "taskFinished": "getTaskInfo tells it, too", "cancelTaskFull": "for admins only",
        "checkUpload": "image builds upload nothing", "listImages": "does not exist",
        "getUserPerms": "getPerms tells one's own", "getUserPermsInheritance": "getPerms tells one's own",
        "getUserGroups": "getPerms tells one's own", "listChannels": "getChannel tells the one that counts",
        "getLastHostUpdate": "listHosts tells it, too", "listTags": "tagBuild's task tells it",
        "getBuildType": "image builds are known as such", "getImageBuild": "image builds are known as such",
        "getBuildroot": "listBuildroots tells it, too", "repoInfo": "getRepo tells it, too",
        "system.multicall": "the same as multiCall",
    ]

    /// Calls of methods of ours in a form that we do not send; each with its place.
    private static let otherForms: [String: [String]] = [
        "an id where we have a name, or a name where we have an id": [
            "07 getBuildConfig", "13 getBuild", "20 failed-again-getBuild", "23 getHost", "23 getHost-unknown",
            "23 listHosts-channel", "23 listHosts-ready", "23 listHosts-arch-none", "23 listHosts-arch-prefix",
            "23 getTaskInfo-string",
        ],
        "strict: we ask so that unknown is an answer": [
            "06 no-such-task-strict", "07 getBuildTarget-unknown-strict", "07 getTag-unknown-strict",
            "13 getBuild-unknown-strict", "23 getChannel-unknown-strict", "14 several-with-fault",
            "12 listTaskOutput-unknown-strict", "23 getTaskInfo-strict", "23 getTaskInfo-list-strict",
        ],
        "without sizes, or with volumes": [
            "09 free-listTaskOutput", "09 open-listTaskOutput", "10 child-failed-output", "12 listTaskOutput",
            "12 listTaskOutput-volumes", "12 listTaskOutput-volumes-stat", "12 listTaskOutput-unknown",
            "23 cli-image-builder-build-refused",
        ],
        "other ways to look for tasks, tried for their cost": [
            "09 listTasks-own-open", "09 listTasks-decode", "09 listTasks-raw", "09 listTasks-count",
            "10 child-failed-listTasks", "21 highest-before-own", "21 highest-before-none", "21 after", "21 after-raw",
            "21 after-createdAfter", "21 after-createdAfter-future", "21 count", "21 asList",
            "21 children-of-many-states", "21 parent-nil",
        ],
        "a priority, which the plugin drops": ["08 ok-priority", "08 refused-priority"],
        "wrong on purpose": [
            "06 too-few-args", "06 wrong-kwarg", "06 wrong-type", "06 too-many-args", "08 refused-missing-arg",
            "21 owner-name", "21 order-bad", "21 no-id-filter", "21 children-of-many-empty",
        ],
        "more or less than we ask for": [
            "23 getBuildTargets-name", "23 getBuildTargets-unknown", "23 getBuildTargets-destTag",
            "23 cli-list-targets", "13 listBuilds-image", "23 listHosts", "23 listTagged", "23 listTagged-package",
            "23 listPackages-pkg", "23 listRPMs-buildroot", "23 listRPMs-unknown-buildroot",
        ],
    ]

    /// A recorded call, by itself or as an entry of a multiCall.
    private struct Case {
        let place: String
        let call: XMLRPCCall
        let response: XMLRPCResponse?
    }

    private static func cases() throws -> [Case] {
        var cases: [Case] = []
        for exchange in try RecordedExchange.all() {
            guard let call = exchange.call else { continue }
            guard call.method == "multiCall" else {
                cases.append(Case(place: exchange.place, call: call, response: exchange.response))
                continue
            }
            // 14 bad-entry and nested are broken or odd on purpose.
            guard !["14 bad-entry", "14 nested"].contains(exchange.place) else { continue }
            let entries = try entries(of: call, exchange.place)
            // Put together again it is the same request.
            #expect(MultiCall.call(entries) == call, "\(exchange.place)")
            var responses: [XMLRPCResponse?] = entries.map { _ in nil }
            if case .value(let value)? = exchange.response {
                responses = try MultiCall.results(value, count: entries.count)
            }
            for (entry, response) in zip(entries, responses) {
                cases.append(Case(place: exchange.place, call: entry, response: response))
            }
        }
        return cases
    }

    private static func entries(of call: XMLRPCCall, _ place: String) throws -> [XMLRPCCall] {
        guard case .array(let entries)? = call.params.first else { return [] }
        return try entries.map { entry in
            guard case .object(let members) = entry, case .string(let method)? = members["methodName"],
                case .array(let params)? = members["params"]
            else { throw Recorded.Missing(text: "\(place) has an entry that is no call") }
            return XMLRPCCall(method: method, params: params)
        }
    }

    /// Asked so that the task's own fault would be the call's.
    private static func raisesFault(_ call: XMLRPCCall) -> Bool {
        call.method == "getTaskResult" && call.arguments.keywords["raise_fault"] == nil
    }

    @Test("as XML-RPC values, argument by argument; what is not ours to send is listed with its reason")
    func requests() throws {
        let listed = Set(Self.otherForms.values.joined())
        var same = 0
        var byName: [String: Int] = [:]
        var raising = 0
        var strangeMethods: Set<String> = []
        var strangeForms: Set<String> = []
        for entry in try Self.cases() {
            if Self.notOurs[entry.call.method] != nil {
                strangeMethods.insert(entry.call.method)
                continue
            }
            let ours = RecordedQuestion.ours(entry.call)
            if let ours, ours.call == entry.call {
                same += 1
            } else if let ours, Recorded.named(ours.call) == Recorded.named(entry.call) {
                byName[entry.call.method, default: 0] += 1
            } else if Self.raisesFault(entry.call) {
                raising += 1
            } else {
                #expect(
                    listed.contains(entry.place),
                    "\(entry.place) \(entry.call) ours \(String(describing: ours?.call.params))")
                strangeForms.insert(entry.place)
            }
        }
        #expect(strangeMethods == Set(Self.notOurs.keys))
        #expect(strangeForms == listed)
        #expect(same == 259)
        // Pungi gives more of the arguments by name than the koji program does, for which the hub does not care.
        #expect(byName == ["getTaskInfo": 1, "imageBuilderBuild": 141])
        #expect(raising == 26)
    }

    @Test("every recorded value that answers a call of ours is understood")
    func answers() throws {
        var understood = 0
        for entry in try Self.cases() {
            guard case .value(let value)? = entry.response, let ours = RecordedQuestion.ours(entry.call),
                Recorded.named(ours.call) == Recorded.named(entry.call) || Self.raisesFault(entry.call)
            else { continue }
            #expect(throws: Never.self, "\(entry.place) \(entry.call.method)") { try ours.understand(value) }
            understood += 1
        }
        #expect(understood == 261)
    }
}
