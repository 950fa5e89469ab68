import ArgumentParser

/// Who is told of what happens, spelled as pungi-koji spells it.
struct NotificationOptions: ParsableArguments {
    @Option(
        name: .customLong("notification-script"),
        help: ArgumentHelp(
            "Run this program with the name of each event, and a JSON object on its standard input; may be repeated.",
            valueName: "cmd"))
    var scripts: [String] = []

    func validate() throws {
        guard !scripts.contains(where: \.isEmpty) else {
            throw ValidationError("--notification-script needs a program's path or name.")
        }
    }
}
