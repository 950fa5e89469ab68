/// The rules by which failures are classified, first match first.
package struct CauseRules: Sendable, Hashable {
    package let rules: [CauseRule]

    package init(_ rules: [CauseRule]) { self.rules = rules }

    /// The rules that come with the program, `failure-rules.yaml`. A test reads the same bytes, so they are never bad;
    /// if they were, all causes would be unknown and nothing would be tried again.
    package static let builtIn: CauseRules =
        (try? CauseRules(yaml: PackageResources.failure_rules_yaml, name: "failure-rules.yaml")) ?? CauseRules([])

    /// These rules with others asked first. One with the name of a rule here takes its place.
    package func adding(_ own: [CauseRule]) -> CauseRules {
        let names = Set(own.map(\.name))
        return CauseRules(own + rules.filter { !names.contains($0.name) })
    }

    /// Which rule knows a failure.
    ///
    /// Texts are asked in turn, the faults before the logs; in each the first rule that knows any of its lines wins, and
    /// its last such line is the evidence. Rules of general lines are asked after that, in the same way.
    ///
    /// - Parameters:
    ///   - faults: texts of faults, the one nearest to the trouble first: the arch task's, then its parent's.
    ///   - logs: ends of logs, the one that most likely tells first.
    package func judge(faults: [String], logs: [(name: String, tail: String)]) -> FailureCause {
        let texts: [(place: CauseRule.Place, lines: [String])] =
            faults.map { (.fault, Self.lines($0)) } + logs.map { (.log, Self.lines($0.tail)) }
        for general in [false, true] {
            for text in texts {
                for rule in rules where rule.isGeneral == general && (rule.place == .any || rule.place == text.place) {
                    guard let line = rule.lastMatch(in: text.lines) else { continue }
                    return FailureCause(rule: rule.name, kind: rule.kind, remedy: rule.remedy, evidence: line)
                }
            }
        }
        let last = texts.lazy.filter { $0.place == .log }.compactMap(\.lines.last).first
        let evidence = last ?? texts.first?.lines.last ?? ""
        return FailureCause(rule: FailureCause.unknownRule, kind: .unknown, remedy: nil, evidence: evidence)
    }

    /// So much of a line is looked at: a pattern's steps grow with it.
    private static let longestLine = 2000

    /// The lines that are not blank.
    private static func lines(_ text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
            .map { String($0.prefix(longestLine)) }
    }
}
