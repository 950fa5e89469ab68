/// What one call of a script had to be complained about.
enum ScriptTrouble {
    case notStarted(String)
    case failed(Int32)
    case signaled(Int32)
    case timedOut(Double)
    case outputCut
    case logLost(String)

    static func all(_ ending: ScriptCall.Ending, _ log: ScriptLog, timeout: Double) -> [ScriptTrouble] {
        var troubles: [ScriptTrouble] = []
        switch ending {
        case .exited(0): break
        case .exited(let status): troubles.append(.failed(status))
        case .signaled(let number): troubles.append(.signaled(number))
        case .timedOut: troubles.append(.timedOut(timeout))
        case .notStarted(let reason): troubles.append(.notStarted(reason))
        }
        if log.isCut { troubles.append(.outputCut) }
        if let trouble = log.trouble { troubles.append(.logLost(trouble)) }
        return troubles
    }

    /// Troubles of one kind are told once.
    enum Kind: Hashable { case notStarted, failed, timedOut, outputCut, logLost }

    var kind: Kind {
        switch self {
        case .notStarted: .notStarted
        case .failed, .signaled: .failed
        case .timedOut: .timedOut
        case .outputCut: .outputCut
        case .logLost: .logLost
        }
    }

    /// For the script's log.
    var remark: String {
        switch self {
        case .notStarted(let reason): "not started: it \(reason)"
        case .failed(let status): "ended with status \(status)"
        case .signaled(let number): "ended by signal \(number)"
        case .timedOut(let seconds): "ended by phase-runner after \(Self.text(seconds)) s"
        case .outputCut: "the rest of the output is left out: more than \(ScriptLog.mostOutput) bytes"
        case .logLost(let reason): reason
        }
    }

    /// For a person, after the script's name.
    func sentence(event: String, log: String?) -> String {
        let place = log.map { "; its output is in \($0)" } ?? ""
        switch self {
        case .notStarted(let reason): return "cannot be called for \(event): it \(reason)"
        case .failed(let status): return "failed with status \(status) for \(event)\(place)"
        case .signaled(let number): return "was ended by signal \(number) for \(event)\(place)"
        case .timedOut(let seconds):
            return "did not end within \(Self.text(seconds)) s for \(event) and was ended\(place)"
        case .outputCut:
            return "printed more than \(ScriptLog.mostOutput) bytes for \(event); the rest is not kept\(place)"
        case .logLost(let reason): return "was called for \(event), but its output is not kept: \(reason)"
        }
    }

    private static func text(_ seconds: Double) -> String {
        let text = String(seconds)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

/// What a script's troubles were so far.
struct ScriptTroubles {
    private var told: Set<ScriptTrouble.Kind> = []
    /// Troubles of a kind that was told already.
    private(set) var untold = 0

    mutating func isNew(_ kind: ScriptTrouble.Kind) -> Bool {
        let isNew = told.insert(kind).inserted
        if !isNew { untold += 1 }
        return isNew
    }
}
