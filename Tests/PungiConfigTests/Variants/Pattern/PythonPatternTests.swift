import Foundation
import PungiConfig
import TestSupport
import Testing

/// Patterns held against Python's own `re`.
@Suite("Variant patterns as Python's re", .needsPeers)
struct PythonPatternTests {
    @Test("random patterns are accepted, refused and matched as re does")
    func random() throws {
        // The same patterns every time: `re` has corners of its own that nobody writes, and a change must not fail for one
        // that it did not touch. PHASE_RUNNER_PATTERN_SEED looks further.
        let chosen = ProcessInfo.processInfo.environment["PHASE_RUNNER_PATTERN_SEED"].flatMap { UInt64($0) }
        let seed = chosen ?? 20_261_122
        print("seed of PythonPatternTests.random: \(seed)")
        var random = RandomPattern(seed: seed)
        var questions: [Question] = []
        for number in 0..<4000 {
            let pattern = number % 2 == 0 ? random.grown() : random.soup()
            questions.append(Question(pattern: pattern, texts: (0..<6).map { _ in random.text() }))
        }
        let counts = try compare(questions)
        // The test must not pass because everything was refused or skipped.
        #expect(counts.accepted > 1200 && counts.refused > 1000)
        #expect(counts.matched > 2000 && counts.notMatched > 2000)
        #expect(counts.ours < 100, "\(counts)")
        print("patterns: \(counts)")
    }

    @Test("letters of all scripts have the cases that re gives them")
    func cases() throws {
        // Each letter against all that could be a case of it. Letters beyond U+FFFF are left out: re's sets lose them
        // under the flag i (`(?i)[\u{10400}x]` does not even match U+10400).
        let special: [UInt32] = [
            0x49, 0x69, 0x130, 0x131, 0x73, 0x17F, 0x4B, 0x212A, 0xB5, 0x3BC, 0x345, 0x3B9, 0x1FBE, 0x390, 0x1FD3,
            0x3B0,
            0x1FE3, 0x3B2, 0x3D0, 0x3C3, 0x3C2, 0xDF, 0x1E9E, 0x1E61, 0x1E9B, 0xFB05, 0xFB06, 0x1C80, 0x432, 0x412,
            0x1C88, 0xA64B, 0x1C4, 0x1C5, 0x1C6, 0x10D0, 0x1C90, 0x13A0, 0xAB70, 0x2126, 0x3C9, 0xE5, 0x212B,
        ]
        let letters = special.compactMap(Unicode.Scalar.init).map { String($0) }
        let patterns = letters.flatMap { ["(?i)\($0)", "(?i)[\($0)x]", "(?i)[^\($0)]", "(?ia)\($0)", "(?ia)[x\($0)]"] }
        let counts = try compare(patterns.map { Question(pattern: $0, texts: letters) })
        #expect(counts.accepted == patterns.count)
    }

    @Test("categories hold the characters that re puts there")
    func categories() throws {
        // Unicode 14 is what both Python 3.11 and PCRE2 10.42 know; the old planes suffice.
        let texts = (0..<0x3100).compactMap { Unicode.Scalar(UInt32($0)) }.map { String($0) }
        let patterns = ["\\w", "\\d", "\\s", "[\\W]", "[^\\D]", "\\b", "\\B", "(?a)\\w", "(?a)\\s", ".", "(?a)[\\D]"]
        let counts = try compare(patterns.map { Question(pattern: $0, texts: texts) })
        #expect(counts.accepted == patterns.count)
    }

    private struct Question: Encodable {
        let pattern: String
        let texts: [String]
    }

    private struct Answer: Decodable {
        let matches: [Bool?]?
        let error: String?
    }

    private struct Counts {
        var accepted = 0, refused = 0, matched = 0, notMatched = 0
        /// Refused by us alone, for a reason that says so.
        var ours = 0
    }

    /// Asks re and us the same; each disagreement is an issue.
    private func compare(_ questions: [Question]) throws -> Counts {
        let encoder = JSONEncoder()
        let lines = try questions.map { try encoder.encode($0) }
        let output = try PythonPeer.run("re_peer.py", input: Data(lines.joined(separator: [0x0A])))
        let answers = try output.split(separator: 0x0A).map { try JSONDecoder().decode(Answer.self, from: $0) }
        #expect(answers.count == questions.count)
        var counts = Counts()
        for (question, answer) in zip(questions, answers) {
            let pattern: VariantPattern
            do {
                pattern = try VariantPattern(question.pattern)
            } catch {
                counts.refused += 1
                guard answer.error == nil else { continue }
                counts.ours += 1
                #expect(
                    error.reason.contains("not supported"), "re accepts \(question.pattern.debugDescription): \(error)")
                continue
            }
            counts.accepted += 1
            guard let theirs = answer.matches else {
                Issue.record("re refuses \(question.pattern.debugDescription): \(answer.error ?? "")")
                continue
            }
            for (text, expected) in zip(question.texts, theirs) {
                guard let expected, let ours = try? pattern.matches(text) else { continue }
                if ours { counts.matched += 1 } else { counts.notMatched += 1 }
                #expect(ours == expected, "\(question.pattern.debugDescription) on \(text.debugDescription)")
            }
        }
        return counts
    }
}
