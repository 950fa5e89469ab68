/// The keys that a profile sets, resolved and typed; defaults are not among them.
struct ProfileValues: Sendable, Hashable {
    let values: [String: ProfileKeys.Value]

    static func load(_ name: String, from places: KojiProfile.Places) throws(KojiFailure) -> ProfileValues {
        let files = try ProfileFiles(places)
        var document = INIDocument()
        for (path, text) in files.texts {
            do {
                try document.read(text, file: path)
            } catch {
                throw failure("\(path):\(error.line): \(error.reason)")
            }
        }
        guard let entries = document.entries(of: name) else { throw missing(name, document, files) }
        return try ProfileValues(entries, home: HomeDirectory(path: places.home))
    }

    /// All that is wrong with the values is told at once.
    init(_ entries: [String: INIDocument.Entry], home: HomeDirectory) throws(KojiFailure) {
        let interpolation = INIInterpolation(entries: entries)
        var values: [String: ProfileKeys.Value] = [:]
        var problems: [String] = []
        for (key, entry) in entries.sorted(by: { ($0.value.file, $0.value.line) < ($1.value.file, $1.value.line) }) {
            let place = "\(entry.file):\(entry.line): \(ShownURL.printable(key))"
            do throws(INIInterpolation.Failure) {
                let text = try interpolation.resolved(entry.text)
                guard let kind = ProfileKeys.known[key] else { continue }
                do throws(ProfileKeys.Unfit) {
                    values[key] = try ProfileKeys.value(text, of: kind, home: home)
                } catch {
                    problems.append("\(place) is '\(ShownURL.printable(text))', and must be \(error.expected)")
                }
            } catch {
                problems.append("\(place) cannot be read: \(error.reason)")
            }
        }
        guard problems.isEmpty else { throw Self.failure(problems.joined(separator: "\n")) }
        self.values = values
    }

    private static func missing(_ name: String, _ document: INIDocument, _ files: ProfileFiles) -> KojiFailure {
        let known = document.sections.keys.sorted()
        var message = "there is no Koji profile '\(name)'; looked at \(files.places.joined(separator: ", "))"
        if let other = known.first(where: { $0.lowercased() == name.lowercased() || Self.isNear($0, name) }) {
            message += "; did you mean '\(other)'?"
        }
        if !known.isEmpty { message += "; profiles there are: \(known.joined(separator: ", "))" }
        for reason in files.unreadable { message += "; \(reason)" }
        return failure(message)
    }

    /// One letter more, less or other.
    private static func isNear(_ left: String, _ right: String) -> Bool {
        let (short, long) = left.count <= right.count ? (Array(left), Array(right)) : (Array(right), Array(left))
        guard long.count - short.count <= 1, short.count > 2 else { return false }
        let head = zip(short, long).prefix { $0 == $1 }.count
        let tail = zip(short.dropFirst(head).reversed(), long.dropFirst(head).reversed()).prefix { $0 == $1 }.count
        return head + tail >= long.count - 1
    }

    private static func failure(_ message: String) -> KojiFailure {
        KojiFailure(kind: .profile, message: message, method: "", url: "")
    }
}
