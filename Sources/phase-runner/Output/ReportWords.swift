import ComposePhase

/// The words of a report, the same in each of its forms.
enum ReportWords {
    static let rehearsal = "REHEARSAL: nothing was built, and no file of this compose is an image"

    /// `3 of 4 done, 1 failed (may fail)`
    static func sum(_ report: ComposeReport) -> String { report.counts.sentence }

    /// `1 h 10 min, 2026-11-22 12:00:00 UTC to 2026-11-22 13:10:00 UTC`
    static func times(_ report: ComposeReport) -> String? {
        guard let began = report.began else { return nil }
        guard let ended = report.ended, let took = report.took else { return "since \(UTCText.moment(began))" }
        let end: String =
            switch report.stage {
            case .ended: " to \(UTCText.moment(ended))"
            case .running, .planned: ", seen until \(UTCText.moment(ended))"
            case .interrupted: ", last heard of at \(UTCText.moment(ended))"
            }
        return "\(TimeText.rough(took)), \(UTCText.moment(began))" + end
    }

    /// `+1.5 MB (+12.3 %)`, `same size`, `new`; nil where there is nothing to compare with.
    static func change(of image: ReportedImage) -> String? {
        switch image.change {
        case .unknown: return nil
        case .new: return "new"
        case .from(let before):
            guard let difference = image.change.difference(to: image.size) else { return "was \(before) B" }
            if difference == 0 { return "same size" }
            let sign = difference < 0 ? "−" : "+"
            let magnitude = Int(clamping: difference.magnitude)
            let part = image.change.part(to: image.size).map { " (\(sign)\(percent(abs($0))))" } ?? ""
            return "\(sign)\(readable(bytes: magnitude))\(part)"
        }
    }

    /// Whether a change is one to look at: a tenth of the size.
    static func isLarge(_ image: ReportedImage) -> Bool {
        image.change.part(to: image.size).map { abs($0) >= 0.1 } ?? false
    }

    /// `12.3 %`
    private static func percent(_ part: Double) -> String {
        guard part.isFinite, part < 1e6 else { return "very much" }
        let tenths = Int((part * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10) %"
    }

    /// How an arch went, for those who see no bar: `done, waited 2 min, built 25 min on buildvm-01`.
    static func course(_ arch: ReportedTask.Arch, of task: ReportedTask, now: Double) -> String {
        var parts = [arch.state.rawValue]
        if let submitted = task.submitted, let started = arch.started, started > submitted {
            parts.append("waited \(TimeText.rough(started - submitted))")
        }
        if let started = arch.started {
            let end = arch.ended ?? now
            let verb = arch.ended == nil ? "building for" : arch.state == .failed ? "failed after" : "built in"
            if end >= started { parts.append("\(verb) \(TimeText.rough(end - started))") }
        }
        if let builder = arch.builder { parts.append("on \(builder)") }
        // What failed is told among the failures.
        if arch.state != .failed, let reason = arch.reason { parts.append(reason) }
        return parts.joined(separator: ", ")
    }

    /// `may fail` or `required`.
    static func weight(_ failure: ReportedFailure) -> String {
        switch failure.kind {
        case "notCanceled": "still running on the hub"
        case "untagged": "image good, build untagged"
        default: failure.isRequired ? "required" : "may fail"
        }
    }

    /// The cause without its remedy: `trouble on the builder (loop-devices): no free loop device`.
    static func cause(_ cause: FailureCause) -> String {
        let name = cause.rule == FailureCause.unknownRule ? cause.kind.words : "\(cause.kind.words) (\(cause.rule))"
        return cause.evidence.isEmpty ? name : "\(name): \(cause.evidence)"
    }

    /// What there is to say of an image that no file of this phase tells of.
    static func noMaking(_ report: ComposeReport) -> String {
        report.knowsAllMaking ? "another phase's" : "not known"
    }

    /// `IoT, Fedora-IoT` of variant and subvariant.
    static func place(_ image: ReportedImage) -> String {
        image.subvariant.isEmpty || image.subvariant == image.variant
            ? image.variant : "\(image.variant), \(image.subvariant)"
    }
}
