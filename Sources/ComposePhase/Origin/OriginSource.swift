package import Koji

/// Tells with what, and from what, images were built. `OriginInquiry` asks hub and repositories.
///
/// In two steps, so that an image of the wrong toolchain is refused before it is fetched, and the manifests that are
/// fetched with an image can tell more. Neither step fails an image for what cannot be told.
package protocol OriginSource: Sendable {
    /// What the hub and the repositories know of the builds of arch tasks.
    ///
    /// - Parameter archTasks: the arch children that ended well, by arch.
    func findings(of task: ImageTask, archTasks: [String: TaskID]) async -> OriginFindings

    /// The whole origin of each arch's images, once their manifests are there. What could not be told is warned about,
    /// once for the task.
    ///
    /// - Parameter manifests: image-builder's manifests by arch, as paths of this host; arches may be missing.
    func origins(
        _ findings: OriginFindings, of task: ImageTask, manifests: [String: String]
    ) async -> [String: BuildOrigin]
}

/// What is known of a task's builds before anything of them is fetched.
package struct OriginFindings: Sendable, Hashable {
    /// As far as it is known, by arch.
    package var origins: [String: BuildOrigin]
    /// Arches whose images may not go into the compose, as the freeze file has it and the policy says. The collector
    /// treats them by the failable rules.
    package var refused: [String: TaskFailure]
    /// What could not be told, or is worth telling, in words; for the task's warning.
    package var remarks: [String]

    package init(
        origins: [String: BuildOrigin] = [:], refused: [String: TaskFailure] = [:], remarks: [String] = []
    ) {
        self.origins = origins
        self.refused = refused
        self.remarks = remarks
    }
}
