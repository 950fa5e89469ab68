import Synchronization

/// What the calls of a session cost, from its beginning on. Logins and repeats count, too.
final class HubTraffic: Sendable {
    private let requests = Atomic<Int>(0)
    private let sent = Atomic<Int>(0)
    private let received = Atomic<Int>(0)

    func count(sent bytes: Int) {
        requests.wrappingAdd(1, ordering: .relaxed)
        sent.wrappingAdd(bytes, ordering: .relaxed)
    }

    func count(received bytes: Int) { received.wrappingAdd(bytes, ordering: .relaxed) }

    var now: HubCost {
        HubCost(
            requests: requests.load(ordering: .relaxed), bytesSent: sent.load(ordering: .relaxed),
            bytesReceived: received.load(ordering: .relaxed))
    }
}

/// Requests to a hub, and the bytes of their documents (headers aside, after decompression).
package struct HubCost: Sendable, Hashable {
    package let requests: Int
    package let bytesSent: Int
    package let bytesReceived: Int
}
