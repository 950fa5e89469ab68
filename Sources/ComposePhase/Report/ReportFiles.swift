import Glibc
import ProductMD

/// Reads what a run leaves in a compose directory. Nothing is written and no lock is taken, so it may be done from any
/// host, while the run goes on or long after it died.
package enum ReportFiles {
    /// No document of a compose is larger than this.
    private static let largest = 64 << 20
    /// A word in a file of its own: STATUS, COMPOSE_ID.
    private static let largestWord = 4096

    /// Why there is nothing to report of.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Which compose sizes are compared with.
    package enum Previous: Sendable, Hashable {
        /// The newest before this one that lies beside it, of the same release and type.
        case beside
        /// This one.
        case directory(String)
    }

    /// Reads everything; what is missing or damaged is a trouble among the facts.
    ///
    /// - Parameter directory: the absolute compose directory.
    /// - Throws: ``Failure`` when the directory cannot be read or holds no compose.
    package static func read(_ directory: String) throws(Failure) -> ReportFacts {
        guard AtomicFile.exists(directory) else { throw Failure(description: "there is no directory \(directory)") }
        guard AtomicFile.isDirectory(directory) else { throw Failure(description: "\(directory) is no directory") }
        guard access(directory, R_OK | X_OK) == 0 else {
            throw Failure(description: "\(directory) cannot be read: \(String(cString: strerror(errno)))")
        }
        var reading = Reading(layout: ComposeLayout(top: directory), facts: ReportFacts(directory: directory))
        reading.readAll()
        guard !reading.facts.isEmpty else {
            var message =
                "\(directory) holds no compose: there is neither \(ComposeLayout.events) nor \(ComposeLayout.plan) nor"
                + " \(ComposeLayout.images) that can be read; name the directory of the compose itself"
            if !reading.facts.troubles.isEmpty { message += "\n  " + reading.facts.troubles.joined(separator: "\n  ") }
            throw Failure(description: message)
        }
        return reading.facts
    }

    /// Finds the compose to compare with, and adds it to the facts.
    ///
    /// - Throws: ``Failure`` when the one that is named cannot be used.
    package static func addPrevious(_ choice: Previous, to facts: inout ReportFacts) throws(Failure) {
        switch choice {
        case .directory(let path):
            let file = AtomicFile.isDirectory(path) ? ComposeLayout(top: path).path(ComposeLayout.images) : path
            do {
                guard let bytes = try bytes(of: file, limit: largest) else {
                    throw Failure(description: "there is no \(file) to compare with")
                }
                let manifest = try ImagesManifest.decode(bytes, name: file)
                facts.previous = EarlierCompose(id: manifest.compose.id, directory: path, manifest: manifest)
            } catch let failure as Failure {
                throw failure
            } catch {
                throw Failure(description: "nothing to compare with: \(error)")
            }
        case .beside:
            let candidates = EarlierComposes.find(
                before: facts.compose, beside: facts.directory, isRehearsal: facts.isRehearsal)
            for candidate in candidates.prefix(EarlierComposes.mostRead) {
                let file = candidate.path(ComposeLayout.images)
                do {
                    guard let bytes = try bytes(of: file, limit: largest) else { continue }
                    let manifest = try ImagesManifest.decode(bytes, name: file)
                    facts.previous = EarlierCompose(
                        id: manifest.compose.id, directory: candidate.top, manifest: manifest)
                    return
                } catch {
                    facts.troubles.append("the compose \(candidate.top) is left out of the comparison: \(error)")
                }
            }
        }
    }

    /// The bytes of a plain file; nil when there is none. Anything else of that name would be waited for without end.
    static func bytes(of path: String, limit: Int) throws(AtomicFile.Failure) -> [UInt8]? {
        var info = stat()
        guard stat(path, &info) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw AtomicFile.Failure(path: path, operation: "read", code: errno)
        }
        guard info.st_mode & S_IFMT == S_IFREG else {
            throw AtomicFile.Failure(path: path, operation: "read", code: EINVAL)
        }
        return try AtomicFile.read(path, limit: limit)
    }

    /// One compose as it is read.
    private struct Reading {
        let layout: ComposeLayout
        var facts: ReportFacts

        mutating func readAll() {
            readEvents()
            facts.plan = read(ComposeLayout.plan) { try PlanDocument.decode(try JSONReader.read($0, name: $1)) }
            facts.run = read(ComposeLayout.run) { try RunRecord(json: try JSONReader.read($0, name: $1)) }
            facts.result = read(ComposeLayout.result, JSONReader.document)
            facts.manifest = read(ComposeLayout.images) { try ImagesManifest.decode($0, name: $1) }
            facts.provenance = read(ComposeLayout.provenance) { try ProvenanceDocument($0, name: $1) }
            facts.deliverables = read(ComposeLayout.deliverables, JSONReader.document)
            facts.status = word(ComposeLayout.status)
            facts.composeID = word(ComposeLayout.composeID)
            facts.isMarkedRehearsal = AtomicFile.exists(layout.path(ComposeLayout.rehearsal))
            let lock = read(ComposeLayout.lock, saysMissing: false) {
                RunOwner(lock: try JSONReader.read($0, name: $1))
            }
            facts.owner = lock ?? facts.record.identity.map(RunOwner.init)
            facts.life = facts.owner?.life ?? .unknown
            findLogs()
            sayWhatIsMissing()
        }

        private mutating func readEvents() {
            let path = layout.path(ComposeLayout.events)
            var info = stat()
            guard stat(path, &info) == 0 else { return }
            guard info.st_mode & S_IFMT == S_IFREG else {
                facts.troubles.append("\(path) is no plain file")
                return
            }
            var follower = EventsFollower(path: path)
            do {
                _ = try follower.readOn()
            } catch {
                facts.troubles.append(error.description)
            }
            facts.record = follower.record
            let unreadable = facts.record.unreadable
            guard unreadable > 0 else { return }
            facts.troubles.append(
                "\(unreadable) \(unreadable == 1 ? "line" : "lines") of \(ComposeLayout.events) cannot be read")
        }

        /// What `parse` makes of a file; nil where there is none, or a damaged one, which is then a trouble.
        private mutating func read<Value>(
            _ place: String, saysMissing: Bool = true, _ parse: ([UInt8], String) throws -> Value?
        ) -> Value? {
            let path = layout.path(place)
            do {
                guard let bytes = try ReportFiles.bytes(of: path, limit: ReportFiles.largest) else { return nil }
                return try parse(bytes, path)
            } catch {
                let text = String(describing: error)
                if saysMissing { facts.troubles.append(text.contains(path) ? text : "\(path): \(text)") }
                return nil
            }
        }

        private mutating func word(_ place: String) -> String? {
            let path = layout.path(place)
            do {
                let bytes = try ReportFiles.bytes(of: path, limit: ReportFiles.largestWord)
                let text = bytes.map { String(decoding: $0, as: UTF8.self) }
                return text?.split(whereSeparator: \.isWhitespace).first.map(String.init)
            } catch {
                facts.troubles.append(error.description)
                return nil
            }
        }

        private mutating func findLogs() {
            for (index, task) in (facts.plan?.tasks ?? []).enumerated() {
                let place = ComposeLayout.watchLog(task, number: index + 1)
                if AtomicFile.exists(layout.path(place)) { facts.logs[task.id] = place }
            }
        }

        /// Files that a run always leaves once it has come so far.
        private mutating func sayWhatIsMissing() {
            func lacks(_ place: String) -> Bool { !AtomicFile.exists(layout.path(place)) }
            let hasRun = !facts.record.runs.isEmpty
            if lacks(ComposeLayout.events), facts.run != nil || facts.result != nil {
                facts.troubles.append("there is no \(ComposeLayout.events): times, builders and causes are not known")
            }
            if lacks(ComposeLayout.plan), hasRun || facts.run != nil {
                facts.troubles.append("there is no \(ComposeLayout.plan): logs and commands are not known")
            }
            guard facts.record.ending != nil else { return }
            for place in [ComposeLayout.result, ComposeLayout.provenance] where lacks(place) {
                facts.troubles.append("the run has ended, but there is no \(place)")
            }
            if lacks(ComposeLayout.images), !facts.record.state.images.isEmpty {
                facts.troubles.append("there is no \(ComposeLayout.images), although images were made")
            }
        }
    }

    /// The last lines of a log, at most so many of them.
    ///
    /// - Returns: none when there is no such log or it cannot be read.
    package static func tail(of path: String, lines limit: Int) -> [String] {
        var info = stat()
        guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return [] }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        let from = max(0, info.st_size - off_t(piece.count))
        let count = pread(descriptor, &piece, piece.count, from)
        guard count > 0 else { return [] }
        var lines = String(decoding: piece[..<count], as: UTF8.self).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        if from > 0 { lines.removeFirst() }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.suffix(limit).map(String.init)
    }
}

extension JSONReader {
    /// For places that take a function.
    fileprivate static func document(_ bytes: [UInt8], _ name: String) throws -> JSONValue? {
        try read(bytes, name: name)
    }
}

extension ReportFiles {
    /// Reads a manifest that a compose keeps, and holds it against its recorded checksum.
    ///
    /// - Parameter directory: the compose directory.
    package static func manifest(_ file: SideFile, in directory: String) -> Rebuild.Manifest {
        let path = "\(directory)/compose/\(file.path)"
        do {
            guard let bytes = try bytes(of: path, limit: largest) else { return .unreadable("there is no \(path)") }
            let digest = RunningDigest(["sha256"])
            bytes.withUnsafeBytes { digest.update($0) }
            let value = try JSONReader.read(bytes, name: path)
            return .read(value, isIntact: digest.finish()["sha256"] == file.sha256)
        } catch {
            return .unreadable(String(describing: error))
        }
    }

    /// Reads a provenance document: a file, or that of a compose directory.
    ///
    /// - Throws: ``Failure`` with what is wrong with it.
    package static func provenance(_ path: String) throws(Failure) -> ProvenanceDocument {
        let file = AtomicFile.isDirectory(path) ? ComposeLayout(top: path).path(ComposeLayout.provenance) : path
        do {
            guard let bytes = try bytes(of: file, limit: largest) else {
                throw Failure(description: "there is no \(file)")
            }
            return try ProvenanceDocument(bytes, name: file)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(description: String(describing: error))
        }
    }
}
