// A libFuzzer entry over plan documents: JSON as productmd writes it, and YAML. Whatever the bytes are, there must be a
// plan or a failure, never a crash, a hang, or memory without end. Build and run: scripts/fuzz plan

import ComposePhase
import LibYAML
import ProductMD

/// What a fuzzer runs on any bytes.
package enum FuzzPlan {
    /// As JSON: what can be read must be written so that it is read again as the same; and as a plan.
    package static func json(_ bytes: [UInt8]) {
        guard let value = try? JSONReader.read(bytes, name: "f") else { return }
        let written = JSONWriter.pretty(value)
        guard let again = try? JSONReader.read(written, name: "f") else {
            preconditionFailure("a value that was read cannot be written and read again")
        }
        precondition(JSONWriter.pretty(again) == written)
        plan(value)
    }

    /// As a plan, which is written so that it is read again as the same.
    private static func plan(_ value: JSONValue) {
        do {
            let plan = try PlanDocument.decode(value)
            _ = plan.isRunnable
            let document = PlanDocument.encode(plan)
            guard let again = try? PlanDocument.decode(document) else {
                preconditionFailure("a plan that was read cannot be written and read again")
            }
            // Compared as written: a NaN is not equal to itself.
            precondition(JSONWriter.pretty(PlanDocument.encode(again)) == JSONWriter.pretty(document))
        } catch {
            precondition(!error.description.isEmpty)
        }
    }

    /// As `run --plan` reads it, in JSON or YAML: the same plan comes back from what is written of it in YAML.
    package static func document(_ bytes: [UInt8]) {
        do throws(PlanDocument.Failure) {
            let plan = try PlanDocument.read(bytes, name: "f")
            let document = PlanDocument.encode(plan)
            guard let written = try? DocumentText.yaml(document) else { return }
            let again = PlanDocument.encode(try PlanDocument.read(written, name: "f"))
            precondition(JSONWriter.pretty(again) == JSONWriter.pretty(document))
        } catch {
            precondition(!error.description.isEmpty)
        }
    }

    /// As YAML: what can be read must be written so that it is read again as the same.
    package static func yaml(_ bytes: [UInt8]) {
        do {
            let value = try YAMLReader.read(bytes, name: "f").resolved(in: "f")
            guard let written = try? YAMLWriter.write(value) else { return }
            guard let again = try? YAMLReader.read(written, name: "f").resolved(in: "f") else {
                preconditionFailure("a value that was written cannot be read")
            }
            precondition((try? YAMLWriter.write(again)) == written)
        } catch {
            precondition(!error.description.isEmpty)
        }
    }
}

/// One input of libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzPlan(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    FuzzPlan.json(bytes)
    FuzzPlan.document(bytes)
    FuzzPlan.yaml(bytes)
    return 0
}
