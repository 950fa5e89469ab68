import ArgumentParser
import ComposePhase
import Glibc
import ProductMD
import PungiConfig

/// Options that say which compose is meant, spelled as pungi-koji spells them.
struct ComposeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Make the compose in a new directory below this one.", valueName: "dir"))
    var targetDir: String?

    @Option(help: ArgumentHelp("Use this compose directory.", valueName: "dir"))
    var composeDir: String?

    @Option(help: ArgumentHelp("Label of the compose, e.g. RC-1.2.", valueName: "label"))
    var label: String?

    @Flag(help: "A production compose without a label.")
    var noLabel = false

    @Flag(help: "Mark the compose as supported whatever its label is.")
    var supported = false

    @Flag(exclusivity: .chooseLast, help: "Type of the compose; else compose_type of the config, else production.")
    var type: TypeFlag?

    @Option(help: ArgumentHelp("Date of the compose; else today, local time.", valueName: "YYYYMMDD"))
    var date: String?

    @Option(help: ArgumentHelp("Respin of the compose.", valueName: "n"))
    var respin: Int?

    @Option(
        help: ArgumentHelp(
            "Taken for scripts that call pungi-koji; image builds have no event.", valueName: "id"))
    var kojiEvent: String?

    enum TypeFlag: String, EnumerableFlag {
        case production, nightly, test, ci, development
    }

    func validate() throws {
        if targetDir != nil, composeDir != nil {
            throw ValidationError("--target-dir and --compose-dir exclude each other.")
        }
        if let respin, respin < 0 { throw ValidationError("--respin is a number from 0 up.") }
        if let date, date.utf8.count != 8 || !date.utf8.allSatisfy({ (48...57).contains($0) }) {
            throw ValidationError("--date is eight digits, YYYYMMDD.")
        }
        if label != nil, noLabel { throw ValidationError("--label and --no-label exclude each other.") }
    }

    /// What the command line says of the compose.
    func request(respin: Int? = nil) -> ComposeRequest {
        ComposeRequest(
            type: type.flatMap { ComposeType(rawValue: $0.rawValue) }, label: label, hasNoLabel: noLabel,
            isSupported: supported, date: date ?? LocalTime.today(), respin: respin ?? self.respin ?? 0)
    }

    /// Whether a new compose takes the first respin whose directory can be made.
    var picksRespin: Bool { targetDir != nil && respin == nil }

    /// Where the compose of this id is, or would be.
    func directory(for id: String) -> String {
        if let composeDir { return Paths.absolute(composeDir) }
        return ComposeDirectory.Place.newBelow(target: Paths.absolute(targetDir ?? "."), id: id).path
    }
}

/// Paths as the user gave them, made absolute.
enum Paths {
    static func absolute(_ path: String) -> String {
        let whole = path.hasPrefix("/") ? path : current() + "/" + path
        return PathTranslation([])(whole)
    }

    private static func current() -> String {
        guard let directory = getcwd(nil, 0) else { return "." }
        defer { free(directory) }
        return String(cString: directory)
    }
}

/// The host's own calendar.
enum LocalTime {
    /// `YYYYMMDD`
    static func today() -> String {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        return padded(Int(parts.tm_year) + 1900, 4) + padded(Int(parts.tm_mon) + 1, 2) + padded(Int(parts.tm_mday), 2)
    }

    /// `HH:MM:SS`
    static func clock(_ seconds: Double) -> String {
        var moment = time_t(seconds)
        var parts = tm()
        localtime_r(&moment, &parts)
        return [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded(Int($0), 2) }.joined(separator: ":")
    }

    /// `YYYY-MM-DD HH:MM:SS`, as Pungi's logs have it.
    static func stamp(_ seconds: Double) -> String {
        var moment = time_t(seconds)
        var parts = tm()
        localtime_r(&moment, &parts)
        let day = [(Int(parts.tm_year) + 1900, 4), (Int(parts.tm_mon) + 1, 2), (Int(parts.tm_mday), 2)]
        return day.map { padded($0, $1) }.joined(separator: "-") + " " + clock(seconds)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
