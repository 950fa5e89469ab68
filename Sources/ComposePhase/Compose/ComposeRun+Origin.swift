import Koji

extension ComposeRun {
    /// Who tells the collector with what, and from what, images were built. The repositories that the plan names are
    /// looked at from now on, in the background.
    func originInquiry(_ means: RunMeans) -> OriginInquiry {
        let session = means.session
        let clock = means.clock
        // Builders of a rehearsal install nothing, so nobody's server need be asked for what they would.
        let files = RepositoryFiles(transport: session.transport, reach: isRehearsal ? .thisHost : .everywhere)
        let repositories = RepositoryRevisions(files: files, now: { clock.now().seconds })
        repositories.begin(OriginInquiry.repositories(of: means.tasks))
        return OriginInquiry(
            buildroots: KojiBuildroots(session: session), repositories: repositories, files: files,
            topurl: session.hub.topurl, freeze: freeze, warn: means.warn)
    }
}
