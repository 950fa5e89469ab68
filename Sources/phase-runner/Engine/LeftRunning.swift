import ComposePhase
import ProductMD

/// What a run that has ended could not cancel, by its result.json.
enum LeftRunning {
    /// A line for each; nil if there is no result that can be read.
    static func read(_ layout: ComposeLayout) -> [String]? {
        let path = layout.path(ComposeLayout.result)
        guard let bytes = (try? AtomicFile.read(path)) ?? nil,
            let tasks = (try? JSONReader.read(bytes, name: path))?["payload"]?["tasks"]?.array
        else { return nil }
        return tasks.compactMap { task in
            guard task["state"]?.string == "not canceled", let id = task["hub_task"]?.int else { return nil }
            return "NOT CANCELED: \(task["id"]?.string ?? "?"), task \(id): \(task["reason"]?.string ?? "?");"
                + " cancel it with: koji cancel \(id)"
        }
    }
}
