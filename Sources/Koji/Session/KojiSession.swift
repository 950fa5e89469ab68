/// Calls of one hub by one user.
///
/// Reading calls run side by side, carry no callnum and may be repeated as one likes. Changing calls go one after the
/// other, each with a number by which the hub knows a repeated one. See the two files of those names.
package actor KojiSession {
    /// The hub that is asked.
    package nonisolated let hub: HubAddress
    /// What carries the calls; also for files of the hub.
    package nonisolated let transport: any HTTPTransport

    let login: Login
    /// The user that the session belongs to, if not the one that logs in.
    let proxyUser: String?
    /// How long an unlucky call is repeated.
    package nonisolated let retry: RetryPolicy
    let exchange: HubExchange
    let turn = WriteTurn()
    private let pause: @Sendable (Duration) async throws -> Void
    private let onRetry: @Sendable (String) -> Void
    /// Looks on; nil where nobody does.
    let observer: (any HubCallObserver)?

    /// The session on the hub; nil before the login.
    var credentials: HubExchange.Credentials?
    /// The number of the next changing call of that session.
    var nextCallnum = 0
    /// Whether this hub has answered a reading call as a hub does.
    var hasAnswered = false
    let loginTurn = WriteTurn()
    /// How many logins ended, and what the last one came to.
    var logins: (count: Int, failure: KojiFailure?) = (0, nil)

    /// - Parameters:
    ///   - hub: where a login shows a certificate or a ticket, all calls go by https, as the koji library's do.
    ///   - proxyUser: the user that the session is to belong to; only users whom the hub trusts may log in others.
    ///   - retry: how long an unlucky call is repeated.
    ///   - sleep: waits; tests only note how long.
    ///   - onRetry: is told in words before every wait and every repeat.
    ///   - observer: looks on at every call.
    package init(
        hub address: HubAddress, login: Login, proxyUser: String? = nil, transport: any HTTPTransport,
        retry: RetryPolicy = .standard,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        onRetry: @escaping @Sendable (String) -> Void = { _ in }, observer: (any HubCallObserver)? = nil
    ) {
        hub = login.isShownToServer ? address.secured : address
        self.login = login
        self.proxyUser = proxyUser
        self.transport = transport
        self.retry = retry
        exchange = HubExchange(server: hub.server, transport: transport)
        pause = sleep
        self.onRetry = onRetry
        self.observer = observer
    }

    /// What the session has cost up to now.
    package nonisolated var cost: HubCost { exchange.traffic.now }

    /// The request's document.
    nonisolated func body(_ call: XMLRPCCall) throws(KojiFailure) -> [UInt8] {
        do {
            return try call.encoded()
        } catch {
            throw failure(.badAnswer, "\(call.method) cannot be sent: \(error)", call.method)
        }
    }

    /// Waits before a repeat. False when the time is used up or the task is cancelled.
    func wait(_ budget: inout RetryBudget, after failure: KojiFailure) async -> Bool {
        guard let seconds = budget.nextWait() else { return false }
        // Whole tenths: nobody wants to read more.
        onRetry("\(failure.message); again in \((seconds * 10).rounded() / 10) s")
        HubCallScope.current?.repeats(after: failure.message)
        do {
            try await pause(.milliseconds(Int(seconds * 1000)))
        } catch {
            return false
        }
        return !Task.isCancelled
    }

    func tellRepeat(after message: String) {
        onRetry("\(message); again at once")
        HubCallScope.current?.repeats(after: message)
    }

    nonisolated func failure(_ kind: KojiFailure.Kind, _ text: String, _ method: String) -> KojiFailure {
        KojiFailure(kind: kind, message: "\(ShownURL.text(hub.server)): \(text)", method: method, url: hub.server)
    }

    nonisolated func cancelled(_ method: String) -> KojiFailure {
        failure(.cancelled, "\(method) was cancelled", method)
    }
}
