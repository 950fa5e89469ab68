/// A channel: the kind of work that hosts take.
package struct ChannelInfo: Sendable, Hashable {
    package let id: Int
    package let name: String
    /// A disabled channel refuses submits.
    package let isEnabled: Bool
    /// The administrators' words; nil if they wrote none.
    package let comment: String?

    init(_ record: Record) throws(KojiFailure) {
        id = try record.int("id")
        name = try record.string("name")
        isEnabled = record.value("enabled")?.isTrue ?? true
        comment = record.optionalString("comment")
    }
}

/// A builder.
package struct HostInfo: Sendable, Hashable {
    package let id: Int
    package let name: String
    package let arches: [String]
    package let isEnabled: Bool
    /// False as soon as the host has not spoken for some minutes, or is full.
    package let isReady: Bool
    /// How much weight of tasks it takes at once.
    package let capacity: Double
    /// The weight of the tasks that it has now.
    package let load: Double
    /// When it spoke to the hub last, in seconds since 1970; nil if never, and on hubs that do not tell.
    package let lastSeen: Double?
    package let comment: String?

    init(_ record: Record) throws(KojiFailure) {
        id = try record.int("id")
        name = try record.string("name")
        arches = record.words("arches")
        isEnabled = record.isTrue("enabled")
        isReady = record.isTrue("ready")
        capacity = record.optionalDouble("capacity") ?? 0
        load = record.optionalDouble("task_load") ?? 0
        lastSeen = record.optionalDouble("update_ts")
        comment = record.optionalString("comment")
    }
}
