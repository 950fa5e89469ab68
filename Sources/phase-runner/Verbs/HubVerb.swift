import ArgumentParser

/// A verb that works on a hub.
///
/// Whom the process is for Kerberos stands in its environment, which must not change once there are threads. So such a
/// verb decides everything that can be decided alone first, the hub's profile included, and only then begins.
protocol HubVerb: AsyncParsableCommand, Sendable {
    associatedtype Job: Sendable

    /// Reads the configuration and the profile; starts nothing.
    func prepare() throws -> Job
    /// Does it.
    func perform(_ job: Job) async throws
    /// Nothing was begun.
    func couldNotStart(_ error: any Error) async
}

extension HubVerb {
    /// Both, without a thread in between: on the main actor nothing is started before the first `await`.
    @MainActor func start() async throws {
        let job: Job
        do {
            job = try prepare()
        } catch {
            await couldNotStart(error)
            throw error
        }
        try await perform(job)
    }

    func couldNotStart(_ error: any Error) async {}

    func run() async throws {
        try await perform(try prepare())
    }
}
