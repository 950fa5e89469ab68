/// Channels and hosts.
extension HubQuery where Answer == ChannelInfo? {
    /// A channel; nil if there is none (`getChannel`).
    package static func channel(_ name: String) -> Self {
        HubQuery("getChannel", [.string(name)]) { answer throws(KojiFailure) in
            try answer.recordIfAny().map { record throws(KojiFailure) in try ChannelInfo(record) }
        }
    }
}

extension HubQuery where Answer == [HostInfo] {
    /// The hosts of a channel that build for an arch, ordered by name (`listHosts`).
    ///
    /// - Parameters:
    ///   - enabled: nil for enabled and disabled ones.
    ///   - ready: nil for ready ones and others. A host that is full is not ready.
    package static func hosts(channel: String, arch: String, enabled: Bool? = true, ready: Bool? = nil) -> Self {
        hosts(channel: channel, arches: [arch], enabled: enabled, ready: ready)
    }

    /// The hosts of a channel that build for any of these arches; all of the channel for nil.
    package static func hosts(
        channel: String, arches: [String]?, enabled: Bool? = true, ready: Bool? = nil
    ) -> Self {
        var keywords: [String: XMLRPCValue] = ["channelID": .string(channel)]
        keywords["arches"] = arches.map { .array($0.map { .string($0) }) }
        keywords["enabled"] = enabled.map { .bool($0) }
        keywords["ready"] = ready.map { .bool($0) }
        return HubQuery("listHosts", [], keywords) { answer throws(KojiFailure) in
            try answer.list { record throws(KojiFailure) in try HostInfo(record) }.sorted { $0.name < $1.name }
        }
    }
}

extension HubQuery where Answer == HostInfo? {
    /// A host by its id, as tasks name it; nil if there is none (`getHost`).
    package static func host(_ id: Int) -> Self {
        HubQuery("getHost", [.int(Int64(id))]) { answer throws(KojiFailure) in
            try answer.recordIfAny().map { record throws(KojiFailure) in try HostInfo(record) }
        }
    }
}
