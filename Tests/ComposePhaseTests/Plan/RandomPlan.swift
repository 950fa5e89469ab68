import ComposePhase
import ProductMD
import PungiConfig
import TestSupport

/// Random plans, rich in what a reader of JSON or YAML could take for something else.
struct RandomPlan {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private mutating func pick<T>(_ items: [T]) -> T { items[Int.random(in: 0..<items.count, using: &generator)] }

    private mutating func some<T>(_ most: Int = 3, _ make: (inout Self) -> T) -> [T] {
        (0..<Int.random(in: 0...most, using: &generator)).map { _ in make(&self) }
    }

    private mutating func optional<T>(_ make: (inout Self) -> T) -> T? {
        Bool.random(using: &generator) ? make(&self) : nil
    }

    mutating func text() -> String {
        if Int.random(in: 0..<3, using: &generator) == 0 {
            return pick([
                "", "yes", "No", "on", "null", "~", "y", "44", "044", "4_4", "1e5", "1.10", "-.5", ".inf", ".nan",
                "0x1F",
                "0o17", "0b1", "1:20", "2026-11-23", "2026-11-23T01:02:03Z", "<<", "=", "- a", "a: b", "a #b", "#", "{",
                "[]", "&a", "*a", "!x", "!!str", "%TAG", "@", "`", "'", "\"", "\\", "|", ">", "?", ":", " a", "a ",
                "---",
                "...", "9223372036854775807", "18446744073709551616", "e\u{301}", "\u{e9}", "\u{FEFF}a", "a\u{FEFF}",
                "\u{0}", "\u{7f}", "\u{85}", "\u{2028}", "\u{1F600}", "\u{10FFFF}", "a\nb", "a\n", "\n", "\r\n", "\t",
            ])
        }
        let alphabet =
            Array("abZ09 .,:;-_?!#&*%@`'\"\\/|<>[]{}()~=+^$\n\t\r").map(String.init) + ["\u{e9}", "\u{4e2d}"]
        return some(12) { $0.pick(alphabet) }.joined()
    }

    mutating func value(depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth > 4 ? 7 : 10), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .int(pick([0, -1, 44, .max, .min, Int.random(in: .min ... .max, using: &generator)]))
        case 3:
            return .double(
                pick([
                    0, -0.0, 1, 1.5, 1e22, -1e300, .leastNonzeroMagnitude, 1e16, 0.1, .greatestFiniteMagnitude,
                    Double.random(in: -9...9, using: &generator),
                ]))
        case 4, 5, 6: return .string(text())
        case 7: return .array(some { $0.value(depth: depth + 1) })
        default:
            let members = some { ($0.text(), $0.value(depth: depth + 1)) }
            return .object(Dictionary(members) { first, _ in first })
        }
    }

    mutating func plan() -> PhasePlan {
        var number = 0
        return PhasePlan(
            compose: PlannedCompose(
                id: text(), date: text(), type: text(), respin: pick([0, 7, .max]), label: optional { $0.text() },
                releaseShort: text(), releaseVersion: text()),
            tasks: some {
                number += 1
                return $0.task(number)
            },
            skipped: some { SkippedBlock(variant: $0.text(), block: $0.text(), reason: $0.text()) },
            diagnostics: some { $0.diagnostic() },
            sources: optional { $0.some { PlanSource(path: $0.text(), sha256: $0.text()) } })
    }

    private mutating func task(_ number: Int) -> ImageTask {
        ImageTask(
            id: ImageTaskID("\(number)\(text())"), variant: text(), subvariant: text(),
            manifestType: optional { $0.text() },
            method: text(), params: some(6) { $0.value() }, failableArches: some { $0.text() },
            canFail: Bool.random(using: &generator),
            arches: some {
                ArchTask(
                    arch: $0.text(), failable: $0.pick([true, false]), repos: $0.some { $0.text() },
                    ostreeRef: $0.optional { $0.text() }, command: $0.some(9) { $0.text() })
            })
    }

    private mutating func diagnostic() -> Diagnostic {
        Diagnostic(
            severity: pick(Severity.allCases), code: text(), message: text(),
            location: optional { SourceLocation(file: $0.text(), line: $0.pick([1, 99]), column: $0.pick([1, 7])) },
            notes: some { $0.text() }, fix: optional { $0.text() })
    }

    /// The bytes with a few of them changed, left out or put in.
    mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes[place] = pick(Array("-:?,[]{}#&*!|>'\"%@` \n\t0aeE.\\".utf8) + [0, 0xC2, 0xFF])
            case 1: bytes.remove(at: place)
            default: bytes.insert(pick(Array("-:,[]{}\"\n 09".utf8)), at: place)
            }
        }
        return bytes
    }
}
