import ComposePhase

/// The notification scripts of the service, each list of them with a queue of its own: what one script does holds no other
/// schedule's up.
actor ServiceScripts {
    private struct Queue: Hashable {
        let commands: [String]
        let timeout: Double
    }

    private var queues: [Queue: NotificationScripts] = [:]

    /// Has scripts told, and does not wait for it.
    ///
    /// - Parameter timeout: seconds that each of them may take.
    func tell(_ notification: Notification, _ commands: [String], timeout: Double) async {
        guard !commands.isEmpty else { return }
        let key = Queue(commands: commands, timeout: timeout)
        let queue =
            queues[key]
            ?? NotificationScripts(
                commands: commands, timeout: timeout, place: .beforeCompose(targetDirectory: nil), isRehearsal: false,
                warn: { Console.warning($0) })
        queues[key] = queue
        await queue.post(notification)
    }
}
