import Glibc
import ProductMD

/// Composes of the same release and type that were made before one and lie beside it.
package enum EarlierComposes {
    /// So many of them are opened at most.
    static let mostRead = 200

    /// Known by the names of their directories, which are their ids; the newest first.
    ///
    /// - Parameters:
    ///   - id: the compose that they are earlier than.
    ///   - directory: where it lies.
    ///   - isRehearsal: only rehearsals, or only composes that are none.
    package static func find(before id: String, beside directory: String, isRehearsal: Bool) -> [ComposeLayout] {
        let own = ComposeID.parts(of: id)
        guard let release = LastCompose.releasePart(of: id), let date = own.date else { return [] }
        let parent = PlanPath.directory(of: real(directory))
        return AtomicFile.names(in: parent.isEmpty ? "/" : parent, atMost: LastCompose.mostNames)
            .compactMap { name -> (date: String, respin: Int, name: String)? in
                guard name.hasPrefix(release + "-"), LastCompose.releasePart(of: name) == release else { return nil }
                let parts = ComposeID.parts(of: name)
                guard let otherDate = parts.date, parts.type == own.type else { return nil }
                guard (otherDate, parts.respin) < (date, own.respin) else { return nil }
                return (otherDate, parts.respin, name)
            }
            .sorted { $0 > $1 }
            .map { ComposeLayout(top: "\(parent)/\($0.name)") }
            .filter { AtomicFile.exists($0.path(ComposeLayout.rehearsal)) == isRehearsal }
    }

    /// Where a link such as `latest-Fedora-44` leads: the others lie beside that.
    private static func real(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// An image of an earlier compose that was good.
    package struct Good: Sendable, Hashable {
        package var compose: String
        package var directory: String
        package var hubTask: Int?
        package var nvr: String?
        /// The hub's pages, by that compose.
        package var weburl: String?
    }

    /// What was found of an image in earlier composes.
    package enum Search: Sendable, Hashable {
        case found(Good)
        /// It was good in none of so many that tell of it.
        case none(looked: Int)
    }

    /// The newest earlier compose in which an image is good, on an arch if one is named.
    package static func lastGood(
        _ task: ImageTaskID, arch: String?, before id: String, beside directory: String, isRehearsal: Bool
    ) -> Search {
        var looked = 0
        for layout in find(before: id, beside: directory, isRehearsal: isRehearsal).prefix(mostRead) {
            let path = layout.path(ComposeLayout.provenance)
            let bytes = (try? ReportFiles.bytes(of: path, limit: 64 << 20)) ?? nil
            guard let document = bytes.flatMap({ try? ProvenanceDocument($0, name: path) }) else { continue }
            looked += 1
            let made = document.images.values.filter { $0.planTask == task && (arch == nil || $0.arch == arch) }
            // Without an arch that may fail an image is there, and not good.
            guard let entry = made.min(by: { $0.archTask < $1.archTask }), arch != nil || isWhole(task, in: layout)
            else { continue }
            return .found(
                Good(
                    compose: document.compose, directory: layout.top, hubTask: entry.task == 0 ? nil : entry.task,
                    nvr: entry.nvr.isEmpty ? nil : entry.nvr, weburl: document.weburl))
        }
        return .none(looked: looked)
    }

    /// Whether no arch of the image was missing, as far as that compose's result tells.
    private static func isWhole(_ task: ImageTaskID, in layout: ComposeLayout) -> Bool {
        let path = layout.path(ComposeLayout.result)
        guard let bytes = (try? ReportFiles.bytes(of: path, limit: 64 << 20)) ?? nil,
            let tasks = (try? JSONReader.read(bytes, name: path))?["payload"]?["tasks"]?.array,
            let own = tasks.first(where: { $0["id"]?.string == task.text })
        else { return true }
        return own["state"]?.string == "done" && own["missing"]?.object?.isEmpty != false
    }
}
