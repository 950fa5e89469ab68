import ProductMD

/// STATUS, which decides whether anybody looks at a compose at all, and what contradicts it.
enum StatusRules {
    private static let watchers: [Consumer] = [.fedfind, .openqa]
    private static let words = ["STARTED", "FINISHED", "FINISHED_INCOMPLETE", "DOOMED", "TERMINATED"]

    static func findings(_ compose: ReadCompose) -> [CheckFinding] {
        var found: [CheckFinding] = []
        let status = compose.status.value.map { String($0.filter { !$0.isWhitespace }) }
        switch status {
        case nil:
            found.append(
                .init(
                    .error, "status-missing", watchers, at: ComposeLayout.status,
                    "there is no STATUS: fedfind takes the compose for one that has not ended",
                    remedy: "let the compose be finished by who owns it"))
        case "FINISHED"?, "FINISHED_INCOMPLETE"?: break
        case let word? where words.contains(word):
            found.append(
                .init(
                    .error, "status-not-finished", watchers, at: ComposeLayout.status,
                    "it is \(word): consumers wait for FINISHED or FINISHED_INCOMPLETE",
                    remedy: "resume the run, or make a new compose"))
        case let word?:
            found.append(
                .init(
                    .error, "status-unknown", watchers, at: ComposeLayout.status,
                    "it is '\(word.prefix(40))', which is none of \(words.joined(separator: ", "))",
                    remedy: "write the right word"))
        }
        let failed = (compose.deliverables.value?["failed"]?.object ?? [:]).values.reduce(0) {
            $0 + ($1.array?.count ?? 0)
        }
        if status == "FINISHED", failed > 0 {
            found.append(
                .init(
                    .error, "status-hides-failures", watchers, at: ComposeLayout.status,
                    "it is FINISHED, but deliverables.json names \(failed) that failed",
                    remedy: "it is FINISHED_INCOMPLETE"))
        }
        if compose.isRehearsal {
            found.append(
                .init(
                    .error, "rehearsal", Consumer.allCases, at: ComposeLayout.rehearsal,
                    "this compose is a rehearsal: no file in it is an image", remedy: "publish nothing of it"))
        }
        return found
    }
}
