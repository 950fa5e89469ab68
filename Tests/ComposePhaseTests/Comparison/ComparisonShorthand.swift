import ProductMD
import PungiConfig

@testable import ComposePhase

/// A comparison in a few words, for tables of tests.
extension PlanComparison {
    /// `+ ID`, `- ID`, `~ ID: PATH OLD -> NEW`
    var words: [String] {
        compose.map { "compose: \($0.words)" } + added.map { "+ \($0.id)" } + gone.map { "- \($0.id)" }
            + changed.flatMap { task in
                let was = task.id == task.oldID ? "" : " (was \(task.oldID))"
                return task.fields.map { "~ \(task.id)\(was): \($0.words)" }
            }
    }
}

extension FieldChange {
    var words: String {
        func text(_ value: JSONValue?) -> String {
            value.map { String(decoding: JSONWriter.line($0).dropLast(), as: UTF8.self) } ?? "nothing"
        }
        return switch kind {
        case .value(let old, let new): "\(path) \(text(old)) -> \(text(new))"
        case .items(let gone, let added):
            ([path] + gone.map { "-\(text($0))" } + added.map { "+\(text($0))" }).joined(separator: " ")
        case .order(_, let new): "\(path) reordered \(text(.array(new)))"
        }
    }
}

extension PlanWorld {
    /// One IoT image with these members beside name and type.
    static func image(_ members: String, name: String = "a", type: String = "iot-raw-xz") -> PlanWorld {
        PlanWorld(
            #"global_target = "t" imagebuilder = {"^IoT$": [{"name": "\#(name)", "types": ["\#(type)"], \#(members)}]}"#
        )
    }
}
