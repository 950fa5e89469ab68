import ComposePhase
package import ProductMD

/// What a night was made from, as far as anybody can tell: when all of it is as it was, another night would make the
/// same images again.
package struct Fingerprint: Sendable, Hashable {
    package struct Input: Sendable, Hashable {
        /// What it is, with its article left out: `plan`, `repository https://…`, `ref fedora/44/x86_64/iot of https://…`.
        package var name: String
        /// Its state, such as `revision 1795350000` or a commit; nil where nobody could tell.
        package var state: String?

        package init(name: String, state: String?) {
            self.name = name
            self.state = state
        }
    }

    package enum Comparison: Sendable, Hashable {
        case unchanged
        /// What changed or is not known, in words: `repository URL: revision A, was B`.
        case changed(String)
    }

    /// In order of name, each once.
    package let inputs: [Input]

    package init(_ inputs: [Input]) {
        var states: [String: String?] = [:]
        for input in inputs {
            // Two states of one input say that it changed while we looked.
            if let known = states[input.name], known != input.state {
                states[input.name] = .some(nil)
            } else {
                states[input.name] = input.state
            }
        }
        self.inputs = states.sorted { $0.key < $1.key }.map { Input(name: $0.key, state: $0.value) }
    }

    /// What differs from an earlier night. What is not known, now or then, never counts as unchanged, and nothing at all
    /// is not known either.
    package func compared(to earlier: Fingerprint) -> Comparison {
        guard !inputs.isEmpty, !earlier.inputs.isEmpty else { return .changed("nothing is known of its inputs") }
        let before = Dictionary(uniqueKeysWithValues: earlier.inputs.map { ($0.name, $0.state) })
        var unknown: String?
        for input in inputs {
            guard let was = before[input.name] else { return .changed("\(input.name): not there before") }
            switch (input.state, was) {
            case (nil, _): unknown = unknown ?? "\(input.name): its state is not known"
            case (_, nil): unknown = unknown ?? "\(input.name): its state was not known"
            case (let now?, let then?) where now != then && input.name == Self.planName:
                // Digests say nothing to anybody.
                return .changed("the plan is not the same")
            case (let now?, let then?) where now != then:
                return .changed("\(input.name): \(Self.shown(now)), was \(Self.shown(then))")
            default: break
            }
        }
        let names = Set(inputs.map(\.name))
        if let gone = earlier.inputs.first(where: { !names.contains($0.name) }) {
            return .changed("\(gone.name): not there any more")
        }
        return unknown.map { .changed($0) } ?? .unchanged
    }

    /// Enough of a commit to know it by.
    private static func shown(_ state: String) -> String {
        state.count == 64 && state.allSatisfy(\.isHexDigit) ? String(state.prefix(12)) : state
    }

    private static let planName = "plan"

    /// The input that stands for a plan: a digest of its tasks without what changes every night, namely the compose's
    /// id, date and respin, wherever they stand in it.
    ///
    /// - Parameter plan: the payload of a plan document (`phase-runner plan --format json`).
    package static func plan(_ plan: JSONValue) -> Input {
        let compose = plan["compose"]
        let date = compose?["date"]?.string ?? ""
        let type = compose?["type"]?.string.flatMap(ComposeType.init)
        let respin = compose?["respin"]?.int ?? 0
        // The longest first: the date is part of the two others.
        let words = [
            (compose?["id"]?.string ?? "", "{id}"), ("\(date)\(type?.suffix ?? "").\(respin)", "{release}"),
            (date, "{date}"),
        ].filter { !$0.0.isEmpty && !date.isEmpty }
        let kept: JSONValue = [
            "tasks": plan["tasks"].map { without(words, in: $0) } ?? .null,
            "label": compose?["label"] ?? .null, "type": compose?["type"] ?? .null,
        ]
        let digest = RunningDigest(["sha256"])
        JSONWriter.line(kept).withUnsafeBytes { digest.update($0) }
        return Input(name: planName, state: digest.finish()["sha256"])
    }

    private static func without(_ words: [(String, String)], in value: JSONValue) -> JSONValue {
        switch value {
        case .string(var text):
            for (word, mark) in words where text.contains(word) { text = text.replacing(word, with: mark) }
            return .string(text)
        case .array(let items): return .array(items.map { without(words, in: $0) })
        case .object(let members): return .object(members.mapValues { without(words, in: $0) })
        default: return value
        }
    }

    // MARK: JSON

    package var json: JSONValue {
        .object(
            Dictionary(uniqueKeysWithValues: inputs.map { ($0.name, $0.state.map { .string($0) } ?? .null) }))
    }

    package init?(kept value: JSONValue) {
        guard let members = value.object else { return nil }
        self.init(members.map { Input(name: $0.key, state: $0.value.string) })
    }
}
