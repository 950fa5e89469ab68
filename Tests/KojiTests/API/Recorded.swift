import Foundation
import Koji
import TestSupport

/// A case of the recorded exchanges with a real hub, which lie beside the checkout.
struct Recorded: Sendable {
    let call: XMLRPCCall
    let answer: XMLRPCResponse

    /// The first exchange of `method` in a case.
    static func exchange(_ file: String, _ name: String, _ method: String) throws -> Recorded {
        let data = try Checkout.sharedData("koji-transcripts/\(file).jsonl")
        for line in data.split(separator: UInt8(ascii: "\n")) {
            let entry = try JSONDecoder().decode(Line.self, from: line)
            guard entry.name == name else { continue }
            for exchange in entry.exchanges ?? [] {
                guard let request = exchange.request.body, let response = exchange.response.body else { continue }
                let call = try XMLRPCCall.decode(Array(request.utf8))
                guard call.method == method else { continue }
                return Recorded(call: call, answer: try XMLRPCResponse.decode(Array(response.utf8)))
            }
        }
        throw Missing(text: "\(file)/\(name) has no answered \(method)")
    }

    struct Missing: Error { let text: String }

    private struct Line: Decodable {
        struct Exchange: Decodable {
            struct Part: Decodable { let body: String? }
            let request: Part
            let response: Part
        }
        let name: String
        let exchanges: [Exchange]?

        enum CodingKeys: String, CodingKey {
            case name = "case"
            case exchanges
        }
    }

    /// What a script answers.
    var reply: Reply {
        switch answer {
        case .value(let value): .value(value)
        case .fault(let fault): .fault(fault.code, fault.text)
        }
    }

    /// The arguments by name, so that it does not matter which were given by position.
    static func named(_ call: XMLRPCCall) -> [String: XMLRPCValue] {
        let names = signatures[call.method] ?? []
        var named = call.arguments.keywords
        for (index, value) in call.arguments.positional.enumerated() {
            named[index < names.count ? names[index] : "\(index)"] = value
        }
        return named
    }

    /// As the hub declares them.
    private static let signatures = [
        "imageBuilderBuild": ["target", "arches", "types", "name", "version", "opts", "priority"],
        "getTaskInfo": ["task_id", "request", "strict"], "getTaskResult": ["task_id", "raise_fault"],
        "getTaskChildren": ["task_id", "request", "strict"], "getTaskDescendents": ["task_id", "request"],
        "listTasks": ["opts", "queryOpts"], "listTaskOutput": ["task_id", "stat", "all_volumes", "strict"],
        "downloadTaskOutput": ["task_id", "name", "offset", "size", "volume"], "hasPerm": ["perm", "strict"],
        "cancelTask": ["task_id", "recurse"], "resubmitTask": ["taskID"],
        "setTaskPriority": ["task_id", "priority", "recurse"], "cancelBuild": ["buildID", "strict"],
        "listBuilds": ["packageID", "userID", "taskID"], "listArchives": ["buildID", "buildrootID"],
        "getBuild": ["buildInfo", "strict"], "getBuildLogs": ["build"], "getNextRelease": ["build_info", "incr"],
        "listTagged": ["tag", "event", "inherit", "prefix", "latest", "package", "owner", "type"],
        "getBuildTarget": ["info", "event", "strict"], "getBuildTargets": ["info", "event", "buildTagID", "destTagID"],
        "getBuildConfig": ["tag", "event"], "getTag": ["tagInfo", "strict", "event", "blocked"],
        "getRepo": ["tag", "state", "event", "dist", "min_event"], "getPackageConfig": ["tag", "pkg", "event"],
        "getTagGroups": ["tag", "event", "inherit", "incl_pkgs", "incl_reqs", "incl_blocked"],
        "listPackages": ["tagID", "userID", "pkgID", "prefix", "inherited"], "getUser": ["userInfo", "strict"],
        "getChannel": ["channelInfo", "strict"], "getHost": ["hostInfo", "strict"],
        "listHosts": ["arches", "channelID", "ready", "enabled", "userID", "queryOpts"], "multiCall": ["calls"],
    ]
}
