/// How many requests each client may make: a bucket of tokens that fills evenly, and holds a quarter of a minute's.
struct RateLimit: Sendable {
    private var buckets: [String: Bucket] = [:]
    /// More clients than this are not told apart for long: the emptiest memory is that of a flood.
    static let clients = 10_000

    private struct Bucket: Sendable {
        var tokens: Double
        var at: Double
    }

    init() {}

    /// Takes one request of a client.
    ///
    /// - Returns: seconds to wait when it is one too many; nil when it may pass.
    mutating func take(_ client: String, perMinute: Int, at now: Double) -> Int? {
        let size = max(10, Double(perMinute) / 4)
        let rate = Double(perMinute) / 60
        if buckets.count >= Self.clients { buckets = buckets.filter { now - $0.value.at < 5 } }
        if buckets.count >= Self.clients { buckets = [:] }
        var bucket = buckets[client] ?? Bucket(tokens: size, at: now)
        bucket.tokens = min(size, bucket.tokens + max(0, now - bucket.at) * rate)
        bucket.at = now
        defer { buckets[client] = bucket }
        guard bucket.tokens >= 1 else { return max(1, Int(((1 - bucket.tokens) / rate).rounded(.up))) }
        bucket.tokens -= 1
        return nil
    }
}
