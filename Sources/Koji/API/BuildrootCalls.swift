/// Buildroots, and what was installed in them.
extension HubQuery where Answer == [BuildrootInfo] {
    /// The buildroots of an arch task; a parent has none, one that was restarted may have several (`listBuildroots`).
    package static func buildroots(of task: TaskID) -> Self {
        HubQuery("listBuildroots", [], ["taskID": task.xmlrpc]) { answer throws(KojiFailure) in
            try answer.list { record throws(KojiFailure) in try BuildrootInfo(record) }
        }
    }
}

extension HubQuery where Answer == [InstalledRPM] {
    /// The packages of a buildroot in parts: there are hundreds (`listRPMs`). Empty for an unknown buildroot.
    package static func installedRPMs(buildroot: Int, limit: Int, offset: Int = 0) -> Self {
        var part: [String: XMLRPCValue] = ["order": .string("id"), "limit": .int(Int64(limit))]
        if offset > 0 { part["offset"] = .int(Int64(offset)) }
        return HubQuery("listRPMs", [], ["componentBuildrootID": .int(Int64(buildroot)), "queryOpts": .object(part)]) {
            answer throws(KojiFailure) in try answer.list { record throws(KojiFailure) in try InstalledRPM(record) }
        }
    }
}

extension HubQuery where Answer == Int {
    /// How many packages a buildroot has (`listRPMs`).
    package static func installedRPMCount(buildroot: Int) -> Self {
        HubQuery(
            "listRPMs", [],
            ["componentBuildrootID": .int(Int64(buildroot)), "queryOpts": .object(["countOnly": .bool(true)])]
        ) { answer throws(KojiFailure) in try answer.int() }
    }
}
