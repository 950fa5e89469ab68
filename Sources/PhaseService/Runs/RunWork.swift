import ComposePhase
import PhaseStore

/// What the next process of a run is to be told, by what is wanted of it.
enum RunWork {
    /// The command line.
    ///
    /// - Parameter note: the file in which a new run writes its compose's directory.
    static func arguments(_ run: StoredRun, _ request: RunRequest, _ settings: ServiceSettings, note: String)
        -> [String]
    {
        let hub = request.hubArguments(settings)
        guard let directory = run.directory, run.wish != .run else {
            return ["run", request.config] + request.composeArguments(settings) + request.selectionArguments
                + (request.plan.map { ["--plan=\($0)"] } ?? []) + hub + request.runArguments(settings)
                + settings.notificationScripts.map { "--notification-script=\($0)" } + ["--note-compose=\(note)"]
        }
        switch run.wish {
        case .cancel: return ["cancel", directory] + hub
        case .retry:
            return ["resume", directory, "--retry-failed"]
                + (request.newRelease.map { ["--new-release=\($0)"] } ?? []) + hub + request.runArguments(settings)
                + settings.notificationScripts.map { "--notification-script=\($0)" }
        case .resume, .run:
            return ["resume", directory] + hub + request.runArguments(settings)
                + settings.notificationScripts.map { "--notification-script=\($0)" }
        }
    }

    /// What becomes of a run whose process has ended.
    enum Next: Equatable {
        /// It is over, with the word of STATUS if it has one, and why if that needs words.
        case over(status: String?, reason: String?)
        /// Another process takes it up.
        case goesOn(reason: String)
        /// It rests until the service starts again.
        case rests(reason: String)
    }

    /// - Parameters:
    ///   - exit: the exit status; nil where it cannot be known, because another process began it.
    ///   - hasBegun: whether the compose has a run that can be taken up.
    ///   - ending: the word that the run wrote at its end, since its last process began.
    ///   - deaths: how many processes have died without a word, this one not counted.
    ///   - lastWords: what the process said last.
    static func next(
        _ run: StoredRun, exit: Int?, hasBegun: Bool, ending: ComposeStatus?, isStopping: Bool, deaths: Int,
        lastWords: String?
    ) -> Next {
        if run.wish == .cancel {
            return .over(
                status: ending?.rawValue, reason: exit == 0 || exit == nil ? "canceled" : lastWords ?? "canceled")
        }
        if let ending, ending != .started {
            let isGood = ending == .finished || ending == .finishedIncomplete
            return .over(status: ending.rawValue, reason: isGood && (exit ?? 0) == 0 ? nil : lastWords)
        }
        // Left with its tasks on the hub: by us, or by a shutdown that met it first.
        if ending == .started || exit == 143 || exit == 129 || exit == 130 {
            guard hasBegun || isStopping else { return .over(status: nil, reason: "ended by a signal") }
            return isStopping ? .rests(reason: "the service was stopped") : .goesOn(reason: "its process was ended")
        }
        let isDeath = exit == nil || (exit ?? 0) > 128
        if isDeath, deaths < 3 {
            return .goesOn(reason: exit == nil ? "its process is gone" : "its process was killed (\(exit ?? 0))")
        }
        return .over(status: nil, reason: lastWords ?? "its process ended with status \(exit.map(String.init) ?? "?")")
    }

    /// The last complaints in what a process printed, errors and what failed: at most eight, one a line; else its last
    /// line.
    static func lastWords(of output: [UInt8]) -> String? {
        let lines = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline).map { line in
            String(
                String.UnicodeScalarView(line.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }.prefix(500)))
        }
        let complaints = lines.filter {
            $0.contains("error: ") || $0.hasPrefix("FAILED, ") || $0.hasPrefix("stopped: ")
        }
        guard !complaints.isEmpty else { return lines.last { !$0.isEmpty } }
        return complaints.suffix(8).joined(separator: "\n")
    }
}
