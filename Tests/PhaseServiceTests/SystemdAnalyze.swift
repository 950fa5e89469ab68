import Foundation
import TestSupport
import Testing

/// systemd's own reading of calendar expressions.
enum SystemdAnalyze {
    static let program = URL(fileURLWithPath: "/usr/bin/systemd-analyze")
    static let isInstalled = FileManager.default.isExecutableFile(atPath: program.path)

    /// What systemd says of an expression.
    struct Answer: Equatable {
        var normalized: String
        /// Whole seconds since 1970.
        var times: [Int]
    }

    /// The answers for many expressions in one call; nil for those that it refuses, nothing for those
    /// whose times it does not find.
    ///
    /// - Parameters:
    ///   - zone: the local one.
    ///   - base: seconds since 1970.
    static func answers(
        to expressions: [String], zone: String, base: Int, iterations: Int
    ) throws -> [String: Answer?] {
        let result = try PythonPeer.run(
            program: program,
            ["calendar", "--iterations=\(iterations)", "--base-time=@\(base)", "--"] + expressions,
            environment: ["TZ": zone, "LC_ALL": "C"])
        let refused = named(in: result.stderr, after: "Failed to parse calendar specification '")
        // It gives up after 1000 steps, on expressions that come in few years.
        let givenUp = named(in: result.stderr, after: "Failed to determine next elapse for '")
        var blocks: [Answer] = []
        for line in String(decoding: result.stdout, as: UTF8.self).split(separator: "\n") {
            guard let colon = line.range(of: ": ") else { continue }
            let value = String(line[colon.upperBound...])
            switch line[..<colon.lowerBound].trimmingCharacters(in: .whitespaces) {
            case "Normalized form": blocks.append(Answer(normalized: value, times: []))
            case "(in UTC)": blocks[blocks.count - 1].times.append(try #require(seconds(value)))
            default: break
            }
        }
        let accepted = expressions.filter { !refused.contains($0) && !givenUp.contains($0) }
        try #require(accepted.count == blocks.count, "\(result.stderr)")
        var answers: [String: Answer?] = [:]
        for expression in refused { answers[expression] = .some(nil) }
        for (expression, block) in zip(accepted, blocks) { answers[expression] = block }
        return answers
    }

    private static func named(in messages: String, after start: String) -> Set<String> {
        Set(
            messages.split(separator: "\n").compactMap { line -> String? in
                guard line.hasPrefix(start), let end = line.range(of: "': ", options: .backwards) else { return nil }
                return String(line[line.index(line.startIndex, offsetBy: start.count)..<end.lowerBound])
            })
    }

    /// `Sat 2026-10-24 22:30:00 UTC`
    private static func seconds(_ text: String) -> Int? {
        var parts = DateComponents()
        let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
        guard numbers.count == 6, text.hasSuffix(" UTC") else { return nil }
        (parts.year, parts.month, parts.day) = (numbers[0], numbers[1], numbers[2])
        (parts.hour, parts.minute, parts.second) = (numbers[3], numbers[4], numbers[5])
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
        return calendar.date(from: parts).map { Int($0.timeIntervalSince1970) }
    }
}

extension Trait where Self == ConditionTrait {
    /// For tests that compare with Debian's systemd.
    static var needsSystemdAnalyze: Self {
        .enabled(if: SystemdAnalyze.isInstalled || PythonPeer.isRequired, "skipped: no systemd-analyze")
    }
}
