internal import Koji
package import ProductMD
import PungiConfig

/// What of a plan a compose has already.
package struct RecordedImages: Sendable {
    private struct Place: Hashable {
        let variant: String
        let identity: ImageIdentity
    }

    private let places: Set<Place>

    /// Nothing.
    package init() { places = [] }

    /// - Parameter manifest: the compose's images.json.
    package init(_ manifest: ImagesManifest) {
        places = Set(manifest.all.map { Place(variant: $0.variant, identity: $0.image.identity) })
    }

    /// Whether the image of one arch is there. Of an image type whose files are not known that cannot be told.
    fileprivate func have(_ task: ImageTask, _ arch: String) -> Bool {
        guard let type = RequestView(task).type, let suffix = ImageTypeOutputs.suffix(of: type),
            let detected = ImageTypeTable.detect(fileName: "image.\(suffix)")
        else { return false }
        return places.contains(
            Place(
                variant: task.variant,
                identity: ImageIdentity(
                    subvariant: task.subvariant, type: task.manifestType ?? detected.type, format: detected.format,
                    arch: arch)))
    }
}

extension PhasePlan {
    /// The plan of what a compose has not.
    ///
    /// An image that lacks an arch is built for that arch alone, if the hub gives it a release of its own; else its
    /// name-version-release is spent, and it is left out with a warning.
    package func without(_ recorded: RecordedImages) -> PhasePlan {
        var plan = self
        plan.tasks = []
        for task in tasks {
            let missing = task.arches.map(\.arch).filter { !recorded.have(task, $0) }
            let request = RequestView(task)
            if missing.isEmpty {
                plan.skipped.append(
                    SkippedBlock(variant: task.variant, block: request.name, reason: "the compose has it already"))
            } else if missing.count == task.arches.count {
                plan.tasks.append(task)
            } else if request.release == nil || request.isScratch {
                if let narrowed = task.narrowed(to: Set(missing)) { plan.tasks.append(narrowed) }
            } else {
                plan.diagnostics.append(
                    Diagnostic(
                        severity: .warning, code: "amend.partly-built",
                        message:
                            "\(task.id) lacks \(missing.joined(separator: ", ")), and its build is complete without:"
                            + " it can only be built anew under another release",
                        fix: "give the block another release"))
            }
        }
        return plan
    }
}
