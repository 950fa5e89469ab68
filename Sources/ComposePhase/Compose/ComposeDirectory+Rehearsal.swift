/// A rehearsal and a real compose never share a directory: the file REHEARSAL says which one it is.
extension ComposeDirectory {
    static let rehearsalText =
        "This compose is a rehearsal of phase-runner: nothing in it was built, and no file in it is an image.\n"

    /// Marks a compose that Pungi has begun, because the person who began it says that it is a rehearsal.
    ///
    /// - Returns: whether it was not marked before.
    package static func markRehearsal(_ layout: ComposeLayout) throws(Failure) -> Bool {
        guard !AtomicFile.exists(layout.path(ComposeLayout.rehearsal)) else { return false }
        guard !AtomicFile.exists(layout.path(ComposeLayout.run)) else {
            throw Failure(
                description: "\(layout.top) holds a run on a hub that builds (\(ComposeLayout.run)), and is not made a"
                    + " rehearsal; begin a new compose")
        }
        let word = try status(layout)
        guard !word.hasPrefix("FINISHED") else {
            throw Failure(description: "\(layout.top) is \(word), and is not made a rehearsal; begin a new compose")
        }
        try describing { () throws(AtomicFile.Failure) in
            try AtomicFile.write(Array(rehearsalText.utf8), to: layout.path(ComposeLayout.rehearsal))
        }
        return true
    }

    static func checkRehearsal(_ layout: ComposeLayout, isNew: Bool, isRehearsal: Bool) throws {
        let isMarked = AtomicFile.exists(layout.path(ComposeLayout.rehearsal))
        if isRehearsal, !isNew, !isMarked {
            throw Failure(
                description: "the hub builds nothing, and \(layout.top) is not a rehearsal; a rehearsal does not touch"
                    + " it. Name another directory; if all of it is to be a rehearsal, mark it by: touch"
                    + " \(layout.path(ComposeLayout.rehearsal))")
        }
        if !isRehearsal, isMarked {
            throw Failure(
                description: "\(layout.top) is a rehearsal, in which nothing was built; name another directory")
        }
    }
}
