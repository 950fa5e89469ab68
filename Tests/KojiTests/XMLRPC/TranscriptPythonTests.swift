import Foundation
import Koji
import TestSupport
import Testing

@Suite("Recorded exchanges against Python's xmlrpc.client", .needsShared, .needsPeers)
struct TranscriptPythonTests {
    @Test("Python reads every recorded request and answer as we do")
    func sameValues() throws {
        let bodies = try TranscriptTests.bodies()
        let answers = try PythonTests.ask(bodies.map { ["decode": Data($0.bytes).base64EncodedString()] })
        try #require(answers.count == bodies.count)
        var calls = 0
        var values = 0
        var faults = 0
        var neither = 0
        for (body, theirs) in zip(bodies, answers) {
            if body.isRequest {
                guard let call = try? XMLRPCCall.decode(body.bytes) else {
                    neither += 1
                    continue
                }
                #expect((theirs["method"] as? String) == call.method, "\(body.place)")
                #expect(PythonTests.value(theirs["value"]) == XMLRPCValue.array(call.params), "\(body.place)")
                calls += 1
                continue
            }
            switch try? XMLRPCResponse.decode(body.bytes) {
            case .value(let value):
                #expect(PythonTests.value(theirs["value"]) == XMLRPCValue.array([value]), "\(body.place)")
                values += 1
            case .fault(let fault):
                let parts = theirs["fault"] as? [Any]
                #expect((parts?.first as? Int) == fault.code, "\(body.place)")
                #expect((parts?.last as? String) == fault.text, "\(body.place)")
                faults += 1
            case nil:
                #expect(theirs["error"] != nil, "\(body.place)")
                neither += 1
            }
        }
        #expect(calls == 530 && values == 367 && faults == 147)
        #expect(neither == bodies.count - calls - values - faults)
    }
}
