import Synchronization

/// Counts requests by route, for the metrics.
final class Traffic: Sendable {
    struct Counts: Sendable {
        /// By method, route's template and status.
        var requests: [Key: Int] = [:]
        /// Answering times by route's template.
        var seconds: [String: Histogram] = [:]
    }

    struct Key: Sendable, Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private let counts = Mutex(Counts())

    /// - Parameters:
    ///   - route: the template; what no route is for counts as `other`, so that nobody can make labels.
    ///   - seconds: nil for streams, which last as long as their readers want.
    func note(method: String, route: String?, status: Int, seconds: Double?) {
        let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"].contains(method) ? method : "other"
        counts.withLock { counts in
            counts.requests[Key(method: known, route: route ?? "other", status: status), default: 0] += 1
            if let seconds { counts.seconds[route ?? "other", default: Histogram(bounds: Self.bounds)].add(seconds) }
        }
    }

    var current: Counts { counts.withLock { $0 } }

    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]
}

/// How often values were at most so large.
struct Histogram: Sendable, Hashable {
    let bounds: [Double]
    private(set) var counts: [Int]
    private(set) var sum = 0.0
    private(set) var count = 0

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = bounds.map { _ in 0 }
    }

    mutating func add(_ value: Double) {
        sum += value
        count += 1
        for index in bounds.indices where value <= bounds[index] { counts[index] += 1 }
    }
}
