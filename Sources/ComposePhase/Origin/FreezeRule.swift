/// A freeze file, and what follows when a builder had something else installed.
package struct FreezeRule: Sendable, Hashable {
    package enum Policy: String, Sendable, Hashable, CaseIterable {
        case warn, fail
    }

    package var file: FreezeFile
    package var policy: Policy

    package init(file: FreezeFile, policy: Policy) {
        self.file = file
        self.policy = policy
    }

    /// Names file and policy where they are set: in settings and in the record of a run.
    package struct Setting: Sendable, Hashable {
        package var file: String?
        package var policy = Policy.warn

        package init(file: String? = nil, policy: Policy = .warn) {
            self.file = file
            self.policy = policy
        }

        /// What a run holds to, to be taken up with.
        package init(_ rule: FreezeRule?) { self.init(file: rule?.file.path, policy: rule?.policy ?? .warn) }
    }
}

/// A package of which a builder had something else installed than is frozen.
package struct FreezeDeviation: Sendable, Hashable {
    package var package: String
    package var frozen: String
    /// nil: it is not installed under this name, or nobody could tell. Then the file does not hold for sure, but
    /// nothing speaks against it either: a warning under every policy.
    package var installed: String?

    package init(package: String, frozen: String, installed: String?) {
        self.package = package
        self.frozen = frozen
        self.installed = installed
    }

    var text: String { "\(package): frozen to \(frozen), built with \(installed ?? "nothing that could be told")" }
}

extension FreezeFile {
    /// Where a builder's toolchain is not the frozen one, by package.
    ///
    /// - Parameter toolchain: NVR by name of what was installed; empty or nil when it is not known.
    package func deviations(of toolchain: [String: String]?) -> [FreezeDeviation] {
        builds.sorted { $0.key < $1.key }.compactMap { name, frozen in
            let installed = toolchain?[name]
            return installed == frozen ? nil : FreezeDeviation(package: name, frozen: frozen, installed: installed)
        }
    }
}

/// Whether a freeze file holds for all images of a compose.
package struct FreezeVerdict: Sendable {
    package let file: String
    /// By path of the image below `compose/`, then by package.
    package let deviations: [(image: String, deviation: FreezeDeviation)]
    /// Whether every image was built with what is frozen, as far as builders' roots tell.
    package var holds: Bool { deviations.isEmpty }

    package init(_ file: FreezeFile, _ images: [CollectedImage]) {
        self.file = file.path
        deviations = images.sorted { $0.path < $1.path }.flatMap { image in
            file.deviations(of: image.origin?.toolchain).map { (image.path, $0) }
        }
    }
}
