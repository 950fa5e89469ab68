import ArgumentParser
import RehearsalHub

/// Options that say which hub is meant.
struct HubOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Koji profile; else koji_profile of the config.", valueName: "name"))
    var kojiProfile: String?

    @Option(help: ArgumentHelp("Read Koji profiles from this file.", valueName: "file"))
    var kojiConfig: String?

    @Option(help: ArgumentHelp("Log in for another user, where the hub trusts this one to.", valueName: "user"))
    var runas: String?

    @Option(
        help: ArgumentHelp(
            "Seconds to go on asking a hub that does not answer; 600, for preflight 30.", valueName: "s"))
    var hubPatience: Int?

    @Option(
        help: ArgumentHelp(
            "Seconds between two looks at running tasks, at least; 10, on a rehearsal hub 1.", valueName: "s"))
    var pollInterval: Double?

    @Option(
        help: ArgumentHelp(
            "What to do about options of a task that the hub's plugin does not take: refuse to run, or drop them with a"
                + " warning. failable_arches is always dropped.", valueName: "refuse|drop"))
    var unknownOptions: UnknownOptions = .refuse

    enum UnknownOptions: String, ExpressibleByArgument, CaseIterable {
        case refuse, drop
    }

    @Flag(help: "Use the built-in hub, which builds nothing: a rehearsal.")
    var rehearse = false

    func validate() throws {
        if let hubPatience, hubPatience < 0 || hubPatience > 86400 {
            throw ValidationError("--hub-patience is 0 to 86400 seconds.")
        }
        if let pollInterval, !(0.1...3600 ~= pollInterval) {
            throw ValidationError("--poll-interval is 0.1 to 3600 seconds.")
        }
        if rehearse, kojiProfile != nil || kojiConfig != nil || runas != nil {
            throw ValidationError(
                "--rehearse uses the built-in hub and goes with no --koji-profile, --koji-config or --runas.")
        }
    }

    /// The hub that a profile describes, and who one is there; nil is the built-in hub.
    ///
    /// To be asked for before there are threads: see ``HubVerb``.
    func choice(profileOfConfig: String?, patience: Int = 600) throws -> HubChoice? {
        if rehearse { return nil }
        return try .profile(
            kojiProfile ?? profileOfConfig ?? "koji", file: kojiConfig, proxyUser: runas,
            patience: hubPatience ?? patience)
    }

    /// Whether the command line names a hub, so that the config need not.
    var namesHub: Bool { rehearse || kojiProfile != nil }
}

/// How the built-in hub behaves.
struct RehearsalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Seconds that an arch task of the built-in hub takes, e.g. 2-6.", valueName: "s-s"))
    var taskSeconds: SecondsRange = SecondsRange(lower: 1, upper: 4)

    @Option(
        help: ArgumentHelp(
            "Let matching tasks of the built-in hub fail: \(FailureRule.grammar); may be repeated.", valueName: "image"),
        transform: FailureRule.init(argument:))
    var failing: [FailureRule] = []

    @Option(
        help: ArgumentHelp(
            "How many arch tasks the built-in hub's builders take at once, e.g. x86_64=4,aarch64=0; 0 is no builder.",
            valueName: "arch=n"))
    var builders: BuilderCapacity = BuilderCapacity(byArch: [:])

    @Option(
        help: ArgumentHelp(
            "Let a request to the built-in hub go wrong: \(TroubleRule.grammar); may be repeated.", valueName: "rule"))
    var trouble: [TroubleRule] = []

    @Option(help: ArgumentHelp("How large the built-in hub makes image files.", valueName: "bytes"))
    var imageBytes: Int = 20_000

    @Option(help: "Which release of hubs the built-in one behaves as.")
    var hubRelease: HubGeneration = .newest

    @Option(help: "Which generation of the koji-image-builder plugin it has.")
    var hubPlugin: PluginGeneration = .v11

    @Option(
        help: ArgumentHelp(
            "Let it lack the user's permission, the channel, every target that is not there, or the repository of build"
                + " tags for a while; may be repeated.", valueName: "permission|channel|targets|repo"))
    var hubLacks: [Lack] = []

    func validate() throws {
        guard (1...(1 << 40)).contains(imageBytes) else {
            throw ValidationError("--image-bytes is 1 to 1099511627776 bytes.")
        }
    }

    enum Lack: String, ExpressibleByArgument, CaseIterable {
        case permission, channel, targets, repo
    }
}

extension FailureRule {
    /// As ``init(parsing:)``, with its words as a usage error.
    fileprivate init(argument: String) throws {
        do throws(HubFailure) {
            try self.init(parsing: argument)
        } catch {
            throw ValidationError(error.description)
        }
    }
}

/// `x86_64=4,aarch64=0`
struct BuilderCapacity: ExpressibleByArgument {
    let byArch: [String: Int]

    init(byArch: [String: Int]) { self.byArch = byArch }

    init?(argument: String) {
        var byArch: [String: Int] = [:]
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, let number = Int(sides[1]), 0...1_000_000 ~= number, !sides[0].isEmpty,
                sides[0].utf8.allSatisfy({ $0 == UInt8(ascii: "_") || Character(Unicode.Scalar($0)).isWord }),
                byArch.updateValue(number, forKey: String(sides[0])) == nil
            else { return nil }
        }
        self.byArch = byArch
    }

    var defaultValueDescription: String { "one builder for each arch, without a limit" }
}

extension Character {
    fileprivate var isWord: Bool { isASCII && (isLetter || isNumber) }
}

extension HubGeneration: ExpressibleByArgument {}
extension PluginGeneration: ExpressibleByArgument {}

extension TroubleRule: ExpressibleByArgument {
    public init?(argument: String) {
        guard let rule = try? TroubleRule(parsing: argument) else { return nil }
        self = rule
    }
}

/// `2-6` or `3`
struct SecondsRange: ExpressibleByArgument {
    let lower: Double
    let upper: Double

    init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }

    init?(argument: String) {
        let parts = argument.split(separator: "-", omittingEmptySubsequences: false).map { Double($0) }
        guard let first = parts.first ?? nil, let last = parts.last ?? nil, parts.count <= 2, first >= 0, last >= first,
            last <= 86400
        else { return nil }
        lower = first
        upper = last
    }

    var defaultValueDescription: String { "\(lower)-\(upper)" }
}
