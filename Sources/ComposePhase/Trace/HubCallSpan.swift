import Koji
import ProductMD
import Synchronization

/// The span of one call of the hub, named and described as Pungi does: `ClientSession.METHOD` with `arguments` as one text
/// and `multicall`.
final class HubCallSpan: HubCallWatch {
    let id: SpanID
    private let span: Mutex<Span>
    private let clock: any ScheduleClock
    private let sink: any SpanSink

    init(_ span: Span, clock: any ScheduleClock, sink: any SpanSink) {
        id = span.id
        self.span = Mutex(span)
        self.clock = clock
        self.sink = sink
    }

    func repeats(after message: String) {
        let now = clock.now()
        span.withLock { $0.add(.init("retry", at: now, ["phase_runner.reason": .string(SpanText.clean(message))])) }
    }

    func ends(_ failure: KojiFailure?) {
        let now = clock.now()
        sink.take(
            span.withLock { span in
                guard let failure else { return span.ended(at: now) }
                if let fault = failure.fault { span.attributes["koji.fault_code"] = .int(Int(fault.code)) }
                // The hub tells a task's failure as a fault of this call, which has done its work.
                if failure.method == "getTaskResult", failure.kind == .fault { return span.ended(at: now) }
                span.attributes["error.type"] = .string(failure.kind.rawValue)
                return span.ended(at: now, .error(SpanText.clean(failure.message)))
            })
    }

    // MARK: What is asked

    static func attributes(_ call: HubCall) -> [String: SpanValue] {
        var attributes: [String: SpanValue] = [
            "multicall": .bool(call.method == "multiCall"), "rpc.method": .string(call.method),
            "url.full": .string(call.server),
        ]
        guard let params = call.params else { return attributes }
        attributes["arguments"] = .string(SpanText.clean(text(params)))
        if call.method == "multiCall", case .array(let entries)? = params.first {
            attributes["phase_runner.calls"] = .int(entries.count)
        }
        return attributes
    }

    /// The parameters as JSON, without the white space; cut where it is long enough.
    private static func text(_ params: [XMLRPCValue]) -> String {
        var out = ""
        write(.array(params), to: &out)
        return out
    }

    private static func write(_ value: XMLRPCValue, to out: inout String) {
        // More would be cut away: a list of a thousand tasks is not written out for that.
        guard out.utf8.count <= SpanText.longest else { return }
        switch value {
        case .null: out += "null"
        case .bool(let flag): out += flag ? "true" : "false"
        case .int(let number): out += String(number)
        case .double(let number): out += String(number)
        case .string(let text), .date(let text):
            // What is not shown is not escaped either.
            let line = JSONWriter.line(.string(String(text.prefix(SpanText.longest))))
            out += String(decoding: line.dropLast(), as: UTF8.self)
        case .bytes(let bytes): out += "\"\(bytes.count) bytes\""
        case .array(let items):
            out += "["
            for (index, item) in items.enumerated() {
                if index > 0 { out += "," }
                write(item, to: &out)
            }
            out += "]"
        case .object(let members):
            out += "{"
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { out += "," }
                write(.string(member.key), to: &out)
                out += ":"
                write(member.value, to: &out)
            }
            out += "}"
        }
    }
}
