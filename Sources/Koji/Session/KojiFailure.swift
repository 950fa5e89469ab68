/// Why a call of the hub gave no value.
package struct KojiFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable, Hashable {
        /// The hub refused the call: see the fault.
        case fault
        /// The hub refused the call because this user may not (fault 1004).
        case permission
        /// No connection, or none that lasts, in all the time that was given.
        case unreachable
        /// Something answered that is not Koji, or a web server refused.
        case proxy
        /// Koji answered something that this call cannot have as its answer.
        case badAnswer
        /// The hub does not let us in.
        case loginRefused
        /// The login that is wanted is none that this version offers.
        case loginNotOffered
        /// The hub stayed in maintenance in all the time that was given (fault 1014).
        case offline
        /// The call changed something, but its answer is lost: look up what it made (fault 1009).
        case alreadyDone
        /// Whether the call changed something cannot be told: look before it is made again.
        case answerLost
        /// The task that asked was cancelled; nothing was changed.
        case cancelled
        /// No usable profile in Koji's configuration files.
        case profile
    }

    package var kind: Kind
    /// What happened, for a person: one sentence with URL and method, without a full stop. Holds no secret.
    package var message: String
    /// Empty where no call was made.
    package var method: String
    /// Without credentials and query; empty where no hub was asked.
    package var url: String
    /// The hub's refusal in full.
    package var fault: XMLRPCFault?

    package init(kind: Kind, message: String, method: String, url: String, fault: XMLRPCFault? = nil) {
        self.kind = kind
        self.message = message
        self.method = method
        self.url = ShownURL.text(url)
        self.fault = fault
    }

    /// Whether every other call must be expected to fail in the same way, so that it is no use to go on.
    package var isHubUnusable: Bool {
        switch kind {
        case .unreachable, .proxy, .offline, .loginRefused, .loginNotOffered, .profile: true
        // What is left of these after a new login: locked out, or not let in.
        case .fault: fault.map { (1006...1008).contains($0.code) || $0.code == 1002 } ?? false
        case .permission, .badAnswer, .alreadyDone, .answerLost, .cancelled: false
        }
    }

    package var description: String { message }
}

extension KojiFailure {
    /// A fault that ends a call.
    init(_ fault: XMLRPCFault, method: String, url: String) {
        let kind: Kind =
            switch fault.code {
            case FaultCode.actionNotAllowed: .permission
            case FaultCode.retry: .alreadyDone
            case FaultCode.offline: .offline
            default: .fault
            }
        let note =
            switch fault.code {
            case FaultCode.authLock: " (another session of this user is exclusive)"
            case FaultCode.retry: " (it was done before, and its answer was lost)"
            default: ""
            }
        self.init(
            kind: kind, message: "\(ShownURL.text(url)): \(method): \(fault.summary)\(note)", method: method, url: url,
            fault: fault)
    }
}
