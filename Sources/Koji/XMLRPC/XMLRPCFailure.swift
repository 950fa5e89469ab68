package import LibXML

/// Why a document is not XML-RPC, or why a value cannot be written as XML-RPC.
///
/// Never holds text of the document itself: what a proxy answers does not belong on a terminal.
package struct XMLRPCFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable, Hashable {
        /// Nothing was sent.
        case empty
        /// A page or plain text from something that is not a Koji hub, usually a web server or a proxy.
        case foreign
        /// XML-RPC was begun, but it is broken, cut off, too large, or not what the protocol allows.
        case malformed
        /// A value that XML cannot carry.
        case unwritable
    }

    package let kind: Kind
    /// What is wrong, one sentence without a full stop.
    package let message: String
    /// Where in the document; nil when writing.
    package let location: XMLLocation?
    /// Where in the value, e.g. `params[5].blueprint.name`; nil when reading.
    package let path: String?

    package init(kind: Kind, message: String, location: XMLLocation? = nil, path: String? = nil) {
        self.kind = kind
        self.message = message
        self.location = location
        self.path = path
    }

    init(_ failure: XMLFailure) {
        self.init(kind: .malformed, message: failure.message, location: failure.location)
    }

    /// `PATH: MESSAGE` or `line L, column C: MESSAGE`.
    package var description: String {
        if let path { return "\(path): \(message)" }
        if let location { return "line \(location.line), column \(location.column): \(message)" }
        return message
    }
}
