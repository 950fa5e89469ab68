import ComposePhase
import ProductMD
import PungiConfig

/// An explanation for a person: each value, below it every place that was looked at, the place in the file to the
/// right; at the end the commands, as a shell takes them.
enum ExplanationText {
    /// Places in files stand in this column, or behind a longer text.
    private static let widestText = 76

    static func lines(_ explanation: TaskExplanation) -> [String] {
        let isScript = explanation.fields.isEmpty && explanation.command != nil
        var lines: [String] = []
        if !isScript {
            let compose = explanation.compose
            let title = "\(explanation.task.id) in \(compose.id)" + (compose.label.map { " (\($0))" } ?? "")
            lines = [TerminalText.safe(title)]
            lines += rows(of: [explanation.pattern, explanation.block])
            for field in explanation.fields { lines += [""] + self.lines(field) }
            if !explanation.unset.isEmpty {
                lines += ["", "not set, not sent: \(explanation.unset.joined(separator: ", "))"]
            }
        }
        if let command = explanation.command {
            if !isScript { lines.append("") }
            lines += self.lines(command, of: explanation.task)
        }
        return lines
    }

    // MARK: Fields

    private static func lines(_ field: FieldExplanation) -> [String] {
        var lines = value(field)
        if let note = field.note { lines.append("    (\(TerminalText.safe(note)))") }
        return lines + rows(of: field.sources)
    }

    /// `target = "f44"`; lists and mappings over several lines.
    private static func value(_ field: FieldExplanation) -> [String] {
        guard let value = field.value else { return ["\(field.name): not sent"] }
        if case .array(let items) = value, items.count < 2 || items.allSatisfy({ $0.string?.count ?? 99 < 20 }) {
            return ["\(field.name) = [\(items.map(oneLine).joined(separator: ", "))]"]
        }
        guard value.array != nil || value.object != nil else { return ["\(field.name) = \(oneLine(value))"] }
        let text = String(decoding: JSONWriter.pretty(value), as: UTF8.self)
        return TerminalText.safeLines("\(field.name) = \(text)").split(separator: "\n").map(String.init)
    }

    private static func oneLine(_ value: JSONValue) -> String {
        TerminalText.safe(String(decoding: JSONWriter.pretty(value), as: UTF8.self))
    }

    // MARK: Sources

    private struct Row {
        var text: String
        var location: SourceLocation?
    }

    /// One line for each source and step, the places one below the other.
    private static func rows(of sources: [ExplainedSource]) -> [String] {
        var rows: [Row] = []
        for source in sources {
            let mark = source.state == .used ? ">" : " "
            let place = TerminalText.cell(source.place.rawValue, 8)
            rows.append(Row(text: "  \(mark) \(place)\(TerminalText.safe(source.text))", location: source.location))
            // What is not used is told in one line.
            guard source.state == .used else { continue }
            for step in source.steps {
                let indent = String(repeating: "  ", count: min(step.depth, 12) + 1)
                rows.append(
                    Row(text: "            \(indent)\(TerminalText.safe(step.text))", location: step.location))
            }
        }
        let width =
            rows.filter { $0.location != nil }.map { TerminalText.width($0.text) }.filter { $0 <= widestText }
            .max() ?? 0
        return rows.map { row in
            guard let location = row.location else { return row.text }
            let gap = max(0, width - TerminalText.width(row.text))
            return row.text + String(repeating: " ", count: gap) + "  \(TerminalText.safe(location.description))"
        }
    }

    // MARK: Commands

    /// A script: comments, the blueprint, the command of each arch.
    private static func lines(_ command: CommandExplanation, of task: ImageTask) -> [String] {
        var lines = ["# \(TerminalText.safe(task.id.text)): what the builders run"]
        lines += command.remarks.map { "# \(TerminalText.safe($0))" }
        if let blueprint = command.blueprint {
            let text = String(decoding: JSONWriter.pretty(blueprint), as: UTF8.self)
            lines += ["", "cat > blueprint.json <<'BLUEPRINT'"] + text.split(separator: "\n").map(String.init)
            lines.append("BLUEPRINT")
        }
        for arch in command.arches {
            lines += ["", "# \(TerminalText.safe(arch.arch))" + (arch.failable ? ", which may fail" : "")]
            lines.append(arch.shell)
        }
        return lines
    }
}
