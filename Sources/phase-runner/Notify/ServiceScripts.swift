import ComposePhase

/// The notification scripts of the service, each list of them with a queue of its own: what one script does holds no other
/// schedule's up.
actor ServiceScripts {
    private let timeout: Double
    private var queues: [[String]: NotificationScripts] = [:]

    init(_ timeout: Double) { self.timeout = timeout }

    /// Has scripts told, and does not wait for it.
    func tell(_ notification: Notification, _ commands: [String]) async {
        guard !commands.isEmpty else { return }
        let queue =
            queues[commands]
            ?? NotificationScripts(
                commands: commands, timeout: timeout, place: .beforeCompose(targetDirectory: nil), isRehearsal: false,
                warn: { Console.warning($0) })
        queues[commands] = queue
        await queue.post(notification)
    }
}
