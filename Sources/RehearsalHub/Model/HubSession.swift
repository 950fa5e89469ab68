import Koji

/// What a request says about its session, by headers or in the query string.
package struct SessionClaim: Sendable, Hashable {
    package let id: Int
    package let key: String
    /// The call's number as it was sent; not necessarily a number.
    package let callnum: String?

    package init(id: Int, key: String, callnum: String?) {
        self.id = id
        self.key = key
        self.callnum = callnum
    }
}

/// One session of a user, with the number of the last call that changed something.
struct HubSession: Sendable {
    let id: Int
    var key: String
    let user: Int
    let type: AuthType
    /// The session that this one is a subsession of.
    let master: Int?
    let started: HubTime
    var renewed: HubTime?
    var updated: HubTime
    var callnum: Int?
    var isExclusive = false
    /// Ended before its time, for rehearsing a renewal.
    var isExpired = false

    /// When the session expires, however busy it is.
    func expires(after lifetime: Duration) -> HubTime { (renewed ?? started) + lifetime }

    /// The struct that a login answers.
    var login: XMLRPCValue {
        .object(["session-id": .number(id), "session-key": .string(key), "header-auth": .bool(true)])
    }

    /// Whether a call with this number may run: higher numbers may, the stored one was done already (1009), a lower
    /// one comes too late (1008).
    func check(callnum number: Int, method: String) throws(XMLRPCFault) {
        guard let callnum else { return }
        if callnum > number { throw .sequence("\(callnum) > \(number) (session \(id))") }
        if callnum == number { throw .retry("unable to retry call \(callnum) (method \(method)) for session \(id)") }
    }
}
