// A libFuzzer entry over the XML-RPC documents: any bytes as an answer, as a call, as XML. Whatever the bytes are, there
// must be a value or a failure, never a crash, a hang, or memory without end. Build and run: scripts/fuzz xmlrpc

import Koji
import LibXML

/// What a fuzzer runs on any bytes: nothing here may crash, hang or take memory without end.
package enum FuzzXMLRPC {
    /// As a response: what can be read must be written so that it is read again as the same.
    package static func response(_ bytes: [UInt8]) {
        do throws(XMLRPCFailure) {
            let response = try XMLRPCResponse.decode(bytes)
            let written = try response.encoded()
            let again = try XMLRPCResponse.decode(written)
            // Compared as written: a NaN is not equal to itself.
            let last = try again.encoded()
            precondition(last == written)
        } catch {
            precondition(error.kind != .unwritable, "a value that was read cannot be written: \(error)")
            _ = error.description
        }
    }

    /// As a call, with its keywords taken apart.
    package static func call(_ bytes: [UInt8]) {
        guard let call = try? XMLRPCCall.decode(bytes) else { return }
        let (positional, keywords) = call.arguments
        precondition(positional.count == call.params.count - (positional.count == call.params.count ? 0 : 1))
        precondition(keywords["__starstar"] == nil)
        guard let written = try? call.encoded(), let again = try? XMLRPCCall.decode(written) else {
            preconditionFailure("a call that was read cannot be written and read again")
        }
        precondition((try? again.encoded()) == written)
    }

    /// As any XML, with and without a document type declaration; places must not go backward.
    package static func xml(_ bytes: [UInt8]) {
        for allowsDoctype in [false, true] {
            guard let reader = try? XMLReader(bytes: bytes, name: "f", allowsDoctype: allowsDoctype) else { continue }
            var open = 0
            var last = XMLLocation(line: 1, column: 1)
            while let event = try? reader.next() {
                let here = reader.location
                precondition((here.line, here.column) >= (last.line, last.column))
                last = here
                switch event {
                case .start: open += 1
                case .end: open -= 1
                case .text(let text): precondition(!text.isEmpty)
                }
                precondition(open >= 0 && open <= XMLLimits.standard.depth)
            }
        }
    }
}

/// One input of libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzXMLRPC(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    FuzzXMLRPC.response(bytes)
    FuzzXMLRPC.call(bytes)
    FuzzXMLRPC.xml(bytes)
    return 0
}
