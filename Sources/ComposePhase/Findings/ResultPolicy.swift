/// What becomes of findings about results, and from where on there are any.
package struct ResultPolicy: Sendable, Hashable {
    package enum Answer: String, Sendable, Hashable, CaseIterable {
        case ignore
        case warn
        /// The arch fails, by the failable rules.
        case fail
    }

    /// By code.
    package var answers: [ResultFinding.Code: Answer]
    /// Percent by which a size may differ from that in the previous compose.
    package var drift: Int
    /// Bytes that an image may have; nil is no limit.
    package var mostBytes: Int?

    /// Everything is told and nothing fails, but for a limit that somebody has set. From one night to the next images of Fedora
    /// differ by some percent; the change of the builder made Minimal a third smaller.
    package init() {
        answers = [.unknownOutput: .warn, .fewerFiles: .warn, .sizeDrift: .warn, .sizeLimit: .fail]
        drift = 20
    }

    package func answer(to code: ResultFinding.Code) -> Answer { answers[code] ?? .warn }
}
