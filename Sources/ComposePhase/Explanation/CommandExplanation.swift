package import ProductMD

/// What builders run for a task, to be run by hand.
package struct CommandExplanation: Sendable {
    package let arches: [Arch]
    /// What the file `blueprint.json` has to hold; nil when the command needs none.
    package let blueprint: JSONValue?
    /// What a person has to know before running it, a sentence each.
    package let remarks: [String]

    package struct Arch: Sendable {
        package let arch: String
        package let failable: Bool
        package let words: [String]

        /// The command for a shell, an option in each line.
        package var shell: String { ShellText.command(words) }
    }

    init(_ task: ImageTask) {
        let request = RequestView(task)
        arches = task.arches.map { Arch(arch: $0.arch, failable: $0.failable, words: $0.command) }
        blueprint = request.options["blueprint"]
        remarks = Self.remarks(task, request)
    }

    private static func remarks(_ task: ImageTask, _ request: RequestView) -> [String] {
        let target = request.target.flatMap { $0.isEmpty ? nil : $0 } ?? "the target (which is not set)"
        var remarks = [
            "A builder of each arch runs this as root, in a build root of the build tag of \(target)."
        ]
        let repos = (request.options["repos"]?.array ?? []).compactMap(\.string)
        let words = ["$arch", "$basearch"].filter { word in repos.contains { $0.contains(word) } }
        let inRef = request.options["ostree"]?["ref"]?.string?.contains("$arch") ?? false
        let replaced = [
            words.isEmpty ? nil : "\(words.joined(separator: " and ")) in repos",
            inRef ? "$arch in the ostree ref" : nil,
        ]
        let names = replaced.compactMap { $0 }.joined(separator: ", and ")
        if !names.isEmpty { remarks.append("The builder replaces \(names); here that is done.") }
        if inURL(request) {
            remarks.append("$arch in the ostree url or parent stays: the builder does not replace it.")
        }
        if request.options["blueprint"] != nil {
            remarks.append("The builder writes the task's blueprint to blueprint.json; so does the first command here.")
        }
        if repos.isEmpty {
            remarks.append(
                "The task names no repository: the builder takes the newest repo of the build tag of \(target);"
                    + " put its URL in place of <newest repo ...>.")
        }
        if request.release == nil {
            remarks.append("The task names no release: the hub gives it the next one, <the hub's next release> here.")
        }
        remarks.append("/builddir/output is a directory of the build root: give one of yours.")
        return remarks
    }

    private static func inURL(_ request: RequestView) -> Bool {
        ["url", "parent"].contains { request.options["ostree"]?[$0]?.string?.contains("$arch") ?? false }
    }
}
