import ArgumentParser
import ComposePhase

/// Options of the verbs that build: how long, how often, what to do on the way out.
struct RunOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Settings in YAML: limits, deadlines, retries, notifications; over /etc/phase-runner/config.yaml.",
            valueName: "file"))
    var settings: String?

    @Flag(help: "End with 3 when an image that may fail did.")
    var failOnIncomplete = false

    @Flag(help: "Build the other images to their end although a required one failed.")
    var keepGoing = false

    @Option(help: "What SIGTERM does about tasks on the hub: cancel them, or leave them for resume.")
    var onTerm: OnTerm?

    @Option(
        help: ArgumentHelp(
            "Estimate from this compose directory or events.jsonl, not from composes beside this one; may be repeated.",
            valueName: "path"))
    var history: [String] = []

    @Option(
        help: ArgumentHelp(
            "Compare the sizes of images with this compose, and not with the last good one beside this one.",
            valueName: "dir"))
    var previous: String?

    @Option(
        help: ArgumentHelp(
            "Hold images, once they are built, against this file: lines 'PACKAGE: NVR'. What follows when one was built"
                + " with something else says freeze.policy of the settings.", valueName: "file"))
    var freeze: String?

    enum OnTerm: String, ExpressibleByArgument, CaseIterable {
        case cancel, leave
    }

    /// What the command line says goes over the settings.
    func apply(to policy: inout SchedulePolicy) {
        if keepGoing { policy.keepsGoing = true }
        if let onTerm { policy.leavesOnTerm = onTerm == .leave }
    }

    /// What images are held against: the command line's file before that of the settings.
    ///
    /// - Throws: an unusable file is an invalid configuration.
    func freezeRule(over setting: FreezeRule.Setting) throws -> FreezeRule? {
        guard let path = freeze ?? setting.file else { return nil }
        do {
            return FreezeRule(file: try FreezeFile.load(Paths.absolute(path)), policy: setting.policy)
        } catch {
            throw VerbFailure(.invalid, error.description)
        }
    }
}

/// Options that choose among the images of a plan.
struct SelectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only this image, by name or id, `*` for any text; with arches only on those; may be repeated.",
            valueName: "image[,arch...]"))
    var only: [String] = []

    @Flag(help: "Build scratch images, which spend no name-version-release and are not tagged.")
    var scratch = false

    /// The plan of what was chosen.
    func apply(to plan: PhasePlan) throws -> PhasePlan {
        do {
            return try plan.selecting(only.map { TaskSelection($0) }, scratch: scratch)
        } catch {
            throw VerbFailure(.invalid, error.description)
        }
    }
}
