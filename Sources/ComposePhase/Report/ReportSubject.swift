import PungiConfig

/// The image that a person means by `IMAGE[,ARCH]`.
package struct ReportSubject: Sendable, Hashable {
    package var task: ImageTaskID
    /// Nil for all of them.
    package var arch: String?

    /// Why it cannot be told which image is meant.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// - Parameters:
    ///   - text: the id of an image task, a part of it, or a shell pattern; an arch may follow a comma.
    ///   - known: the arches of each image task that there is.
    package init(_ text: String, among known: [(task: ImageTaskID, arches: [String])]) throws(Failure) {
        let whole = known.map(\.task)
        if let exact = whole.first(where: { $0.text == text }) {
            self.init(task: exact, arch: nil)
            return
        }
        let comma = text.lastIndex(of: ",")
        let image = comma.map { String(text[..<$0]) } ?? text
        let arch = comma.map { String(text[text.index(after: $0)...]) }.flatMap { $0.isEmpty ? nil : $0 }
        let found = try Self.one(image, among: whole)
        if let arch, let arches = known.first(where: { $0.task == found })?.arches, !arches.contains(arch) {
            throw Failure(description: "\(found) is not built for \(arch), but for \(arches.joined(separator: ", "))")
        }
        self.init(task: found, arch: arch)
    }

    private init(task: ImageTaskID, arch: String?) {
        self.task = task
        self.arch = arch
    }

    private static func one(_ text: String, among ids: [ImageTaskID]) throws(Failure) -> ImageTaskID {
        let pattern = ShellPattern(text)
        // Exactly what is written goes before what only begins so: an image's name may be part of another's.
        let ways: [(ImageTaskID) -> Bool] = [
            { $0.text == text }, { $0.text.split(separator: "/").dropFirst().first.map(String.init) == text },
            { pattern.matches($0.text) }, { !text.isEmpty && $0.text.contains(text) },
        ]
        for way in ways {
            let named = ids.filter(way)
            if named.count == 1 { return named[0] }
            guard named.isEmpty else {
                let list = named.map(\.text).joined(separator: "\n  ")
                throw Failure(description: "\(text) may be any of these images; give the whole id:\n  \(list)")
            }
        }
        var message = "no image of the compose is called \(text)"
        let words = ids.map(\.text) + ids.flatMap { $0.text.split(separator: "/").map(String.init) }
        if let near = nearest(to: text, in: words) { message += "; did you mean \(near)?" }
        let list = ids.map(\.text).joined(separator: "\n  ")
        throw Failure(description: message + (ids.isEmpty ? "; it has no image at all" : "\nthere are:\n  \(list)"))
    }
}
