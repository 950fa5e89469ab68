package import PungiConfig

/// Pungi's places in a compose tree, as paths below its top directory.
///
/// Source: Pungi's path rules as measured (docs/architecture.md names them).
package struct ComposeLayout: Sendable, Hashable {
    /// The absolute compose directory.
    package let top: String
    /// Where a site's Pungi has places of its own.
    package let given: GivenPlaces

    package init(top: String, given: GivenPlaces = GivenPlaces()) {
        self.top = top
        self.given = given
    }

    package static let composeID = "COMPOSE_ID"
    package static let status = "STATUS"
    package static let metadata = "compose/metadata"
    package static let images = "compose/metadata/images.json"
    package static let composeInfo = "compose/metadata/composeinfo.json"
    package static let baseComposeInfo = "work/global/composeinfo-base.json"
    package static let globalLogs = "logs/global"
    package static let deliverables = "logs/global/deliverables.json"
    package static let kojiTasks = "logs/global/koji-tasks"
    /// Everything that Pungi says.
    package static let pungiLog = "logs/global/pungi.global.log"
    package static let configDump = "logs/global/config-dump.global.log"
    package static let pungiVariants = "work/global/variants.xml"

    // Ours, beside Pungi's.
    package static let work = "work/phase-runner"
    package static let plan = "work/phase-runner/plan.json"
    package static let result = "work/phase-runner/result.json"
    package static let run = "work/phase-runner/run.json"
    package static let journal = "work/phase-runner/journal.sqlite"
    package static let savedConfig = "work/phase-runner/config.json"
    package static let savedVariants = "work/phase-runner/variants.xml"
    package static let reserve = "work/phase-runner/reserve"
    /// What Pungi's phase handed over, and the images of such a run as images.json would have them.
    package static let handoff = "work/phase-runner/handoff.json"
    package static let handedImages = "work/phase-runner/images.json"
    package static let handoffResult = "work/phase-runner/handoff-result.json"
    package static let cancel = "work/phase-runner/cancel"
    package static let lock = "work/phase-runner/lock"
    /// Held while images.json is read and written.
    package static let imagesLock = "work/phase-runner/images.lock"
    /// Where files lie while they come.
    package static let incoming = "work/phase-runner/incoming"
    /// There when this program made the compose, and not Pungi.
    package static let ownerMark = "work/phase-runner/owns-compose"
    package static let events = "logs/global/phase-runner/events.jsonl"
    /// What a run leaves for people to look at when it has ended.
    package static let report = "logs/global/phase-runner/report.html"
    package static let provenance = "compose/metadata/imagebuilder-provenance.json"
    /// Marks a compose in which nothing was built.
    package static let rehearsal = "REHEARSAL"

    /// An absolute path.
    package func path(_ place: String) -> String { given.path(of: place) ?? "\(top)/\(place)" }

    /// The directory of an image below the top: `compose/UID/ARCH/images`, or `iso` for ISO files.
    ///
    /// An addon's images lie in its parent's directory; `src` is called `source`.
    package static func imageDirectory(of variant: Variant, arch: String, format: String) -> String {
        let uid = variant.type == .addon ? variant.parentUID ?? variant.uid : variant.uid
        return "compose/\(uid)/\(arch == "src" ? "source" : arch)/\(format == "iso" ? "iso" : "images")"
    }

    /// What builders left beside the images of a variant and arch: manifests, SBOMs.
    package static func sideFiles(of variant: String, arch: String) -> String {
        "compose/metadata/imagebuilder/\(variant)/\(arch)"
    }

    /// The log of one watched task in Pungi's directory for them, named for the image: `VARIANT-N-NAME-TYPE-watch-task.log`,
    /// where Pungi's has only variant and number.
    ///
    /// - Parameter number: the image's place in the plan, from 1.
    package static func watchLog(_ task: ImageTask, number: Int) -> String {
        let image = task.id.text.split(separator: "/").dropFirst().joined(separator: "-")
        // Most file systems take 255 bytes, and other names in this directory need not be told apart by more.
        let name = String("\(task.variant)-\(number)-\(image)".map(safe)).prefix(180)
        return "logs/global/\(task.method)/\(name)-watch-task.log"
    }

    private static func safe(_ character: Character) -> Character {
        character.isASCII && (character.isLetter || character.isNumber || "._+-~".contains(character)) ? character : "_"
    }
}
