import ComposePhase
import Koji
import ProductMD
import PungiConfig

/// A compose directory that was worked on before: what its files say without a hub and without a lock.
struct ExistingCompose {
    let layout: ComposeLayout
    /// The record of a run of ours; nil where there was none.
    let record: RunRecord?

    init(_ path: String) throws {
        layout = ComposeLayout(top: Paths.absolute(path))
        guard AtomicFile.exists(layout.top) else {
            throw VerbFailure(.composeUnusable, "there is no compose directory \(layout.top)")
        }
        do {
            record = try RunRecord.load(layout)
        } catch {
            throw VerbFailure(.composeUnusable, String(describing: error))
        }
    }

    /// The record of the run that is to be taken up.
    func run() throws -> RunRecord {
        guard let record else {
            let hint =
                AtomicFile.exists(layout.path(ComposeLayout.configDump))
                ? "; Pungi began this compose: take it over with phase-runner adopt \(layout.top)" : ""
            throw VerbFailure(
                .composeUnusable, "\(layout.top) holds no run of phase-runner (\(ComposeLayout.run))\(hint)")
        }
        guard record.profile != nil else {
            throw VerbFailure(
                .composeUnusable,
                "\(layout.top) was rehearsed on the built-in hub, which ended with its run; there is nothing to take up"
            )
        }
        return record
    }

    /// What Pungi's phase handed over when the run was begun; nil for a run of a person's.
    func handoff() throws -> Handoff? {
        guard record?.isHandedOver == true else { return nil }
        return try HandoffInput.load(layout.path(ComposeLayout.handoff))
    }

    /// The configuration as it was when the compose was begun.
    func savedConfig() throws -> ConfigInput.Loaded {
        let places = SavedConfig.places(in: layout)
        guard let place = places.first(where: { AtomicFile.exists($0.config) }) else {
            throw VerbFailure(
                .composeUnusable,
                "\(layout.top) has no configuration: neither \(places.map(\.config).joined(separator: " nor "))")
        }
        return try ConfigInput.load(kept: place)
    }

    /// The plan of the run.
    func plan() throws -> PhasePlan {
        let path = layout.path(ComposeLayout.plan)
        do {
            guard let bytes = try AtomicFile.read(path) else {
                throw VerbFailure(.composeUnusable, "there is no plan \(path)")
            }
            return try PlanDocument.decode(try JSONReader.read(bytes, name: path))
        } catch let failure as VerbFailure {
            throw failure
        } catch {
            throw VerbFailure(.composeUnusable, "\(path): \(error)")
        }
    }
}
