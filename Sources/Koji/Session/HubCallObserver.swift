/// Looks on at the calls of a session, from before the first try to the answer: for traces.
package protocol HubCallObserver: Sendable {
    /// A call begins. What is given back hears how it goes on.
    ///
    /// Called for logins and logouts, too, and for those in the middle of another call: then that one is
    /// ``HubCallScope/current``.
    func begins(_ call: HubCall) -> any HubCallWatch
}

/// Hears how one call goes on.
package protocol HubCallWatch: Sendable {
    /// It had no luck and is repeated; why, in words.
    func repeats(after message: String)
    /// It is over; with a failure, or with an answer.
    func ends(_ failure: KojiFailure?)
}

/// A call as an observer may see it.
package struct HubCall: Sendable {
    package let method: String
    /// Nil for what logs in or out: those hold passwords and keys.
    package let params: [XMLRPCValue]?
    /// The hub's URL as it may be shown.
    package let server: String

    package init(method: String, params: [XMLRPCValue]?, server: String) {
        self.method = method
        self.params = params
        self.server = server
    }
}

/// The call that is being made.
package enum HubCallScope {
    @TaskLocal package static var current: (any HubCallWatch)?
}

extension KojiSession {
    /// Makes a call and lets the observer look on.
    ///
    /// - Parameters:
    ///   - params: nil where they hold secrets.
    ///   - refusal: what an answer refuses, where an answer may do that.
    func observed<Value: Sendable>(
        _ method: String, _ params: [XMLRPCValue]?, refusal: (Value) -> KojiFailure? = { _ in nil },
        _ body: () async throws(KojiFailure) -> Value
    ) async throws(KojiFailure) -> Value {
        guard let observer else { return try await body() }
        let watch = observer.begins(HubCall(method: method, params: params, server: ShownURL.text(hub.server)))
        // In two steps: a task-local's own function knows no typed errors.
        let result: Result<Value, KojiFailure> = await HubCallScope.$current.withValue(watch) {
            do throws(KojiFailure) {
                return .success(try await body())
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let value): watch.ends(refusal(value))
        case .failure(let failure): watch.ends(failure)
        }
        return try result.get()
    }
}
