import ComposePhase
import PungiConfig

/// A plan that a person has looked at.
enum ReviewedPlan {
    /// - Parameters:
    ///   - sources: the files of the configuration as they are now.
    ///   - allowsChanges: whether they may be others than those that the plan was made of.
    /// - Throws: ``VerbFailure`` 2 for a file that is no plan, the plan of another compose, or one whose configuration has
    ///   changed.
    static func load(
        _ path: String, for identity: ComposeIdentity, sources: [PlanSource], allowsChanges: Bool
    ) throws -> PhasePlan {
        let plan = try read(path)
        guard plan.compose == identity.planned else {
            throw VerbFailure(
                .invalid,
                "the plan \(path) is for \(plan.compose.id), not for \(identity.id); make it again, or give the options"
                    + " that it was made with")
        }
        guard let planned = plan.sources else {
            Console.warning(
                "the plan \(path) does not say which files it was made of (an older version made it): whether the"
                    + " configuration has changed since is not known")
            return plan
        }
        let changes = PlanSource.changes(planned: planned, now: sources)
        guard !changes.isEmpty else { return plan }
        let list = changes.map { "\n  \($0)" }.joined()
        guard allowsChanges else {
            throw VerbFailure(
                .invalid,
                "the configuration has changed since the plan \(path) was made:\(list)\nmake the plan again and look at"
                    + " it, or give --allow-changed-config to do what it says all the same")
        }
        Console.warning("the plan \(path) is done as it is, although the configuration has changed since:\(list)")
        return plan
    }

    /// A plan document in JSON or YAML.
    ///
    /// - Throws: ``VerbFailure`` 2 for a file that is none.
    static func read(_ path: String) throws -> PhasePlan {
        let bytes: [UInt8]
        do {
            bytes = try DiskFileSource().read(path: path, limit: PlanDocument.mostBytes)
        } catch {
            throw VerbFailure(.invalid, "cannot read the plan \(path): \(error.reason)")
        }
        do {
            return try PlanDocument.read(bytes, name: path)
        } catch {
            throw VerbFailure(.invalid, error.description)
        }
    }
}
