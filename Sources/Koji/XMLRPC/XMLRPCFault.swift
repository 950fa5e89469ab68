/// A refusal by the hub: `faultCode` and `faultString`.
package struct XMLRPCFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// Koji's number, e.g. 1002 for an authentication error; 1 for anything unforeseen.
    package let code: Int
    /// Koji's words; may be many lines with a traceback.
    package let text: String

    package init(code: Int, text: String) {
        self.code = code
        self.text = text
    }

    /// The fault in a struct of `faultCode` and `faultString`; other members, such as the traceback of a multiCall's
    /// entry, are ignored. nil if the value is no such struct.
    package init?(_ value: XMLRPCValue) {
        guard case .object(let members) = value, case .int(let number)? = members["faultCode"],
            let code = Int(exactly: number), case .string(let text)? = members["faultString"]
        else { return nil }
        self.init(code: code, text: text)
    }

    /// The struct of a `<fault>`.
    package var value: XMLRPCValue {
        .object(["faultCode": .int(Int64(code)), "faultString": .string(text)])
    }

    package var description: String { "fault \(code): \(text)" }
}
