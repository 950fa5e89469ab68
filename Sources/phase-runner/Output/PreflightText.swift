import ComposePhase
import Glibc

/// A preflight for a person: a line for each check, the remedy below each one that failed.
struct PreflightText {
    private let document: PreflightDocument
    private let colours: Bool

    init(_ document: PreflightDocument, colours: Bool) {
        self.document = document
        self.colours = colours
    }

    func lines() -> [String] {
        let checks = document.report.checks
        let subjects = checks.map(\.subject.rawValue.count).max() ?? 0
        let names = checks.map(\.name.count).filter { $0 <= Self.widestName }.max() ?? 0
        var lines = [
            "preflight of \(document.compose) on \(document.hub)" + (document.isRehearsal ? " (a rehearsal hub)" : ""),
            "looked at from \(document.host), not from a builder", "",
        ]
        for check in checks {
            let mark = Self.mark(check.verdict)
            let start = "\(mark.colour.paint(mark.text, if: colours))  \(padded(check.subject.rawValue, subjects))"
            if check.name.count > names {
                // A long name, mostly a URL, has a line of its own, so that the others stay short.
                lines.append("\(start)  \(check.name)")
                lines.append(String(repeating: " ", count: Self.markWidth + 2) + check.finding)
            } else {
                lines.append("\(start)  \(padded(check.name, names))  \(check.finding)")
            }
            if let tasks = tasks(of: check) { lines.append(String(repeating: " ", count: Self.markWidth + 2) + tasks) }
            if let remedy = check.remedy, check.verdict != .passed {
                lines.append(String(repeating: " ", count: Self.markWidth + 2) + "-> \(remedy)")
            }
        }
        let report = document.report
        lines += [
            "",
            "\(counted(report.count(.passed), "check")) passed, \(counted(report.count(.warning), "warning")),"
                + " \(report.count(.failed)) failed, \(report.count(.notChecked)) not checked",
        ]
        return lines
    }

    /// Whom a bad check concerns; nil for a good one, and for one that concerns all.
    private func tasks(of check: PreflightCheck) -> String? {
        guard check.verdict == .failed || check.verdict == .warning, let tasks = check.tasks, !tasks.isEmpty else {
            return nil
        }
        let named = tasks.prefix(3).map(\.text).joined(separator: ", ")
        return "for \(named)" + (tasks.count > 3 ? " and \(tasks.count - 3) more" : "")
    }

    private static let widestName = 40
    private static let markWidth = 11

    private static func mark(_ verdict: PreflightCheck.Verdict) -> (text: String, colour: Colour) {
        switch verdict {
        case .passed: ("ok         ", .green)
        case .warning: ("warning    ", .yellow)
        case .failed: ("FAILED     ", .red)
        case .notChecked: ("not checked", .dim)
        }
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
