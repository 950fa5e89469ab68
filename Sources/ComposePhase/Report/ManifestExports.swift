package import ProductMD

/// What osbuild is to export of a manifest.
///
/// osbuild gives out what is named with `--export`, and a manifest does not keep what image-builder named. Pipelines
/// refer to those they are made of as `name:PIPELINE`, so the image is the one that no other refers to.
package struct ManifestExports: Sendable, Hashable {
    /// The pipeline to export; nil when this is no manifest of version 2.
    package var export: String?
    /// All pipelines that no other refers to; more than one leaves it to the order.
    package var ends: [String]

    package init(_ manifest: JSONValue) {
        var referred: Set<String> = []
        let pipelines = manifest["version"]?.string == "2" ? manifest["pipelines"]?.array ?? [] : []
        for pipeline in pipelines { Self.collect(pipeline, into: &referred) }
        let names = pipelines.compactMap { $0["name"]?.string }
        ends = names.filter { !referred.contains($0) }
        // The build root stands first, what is made of it follows.
        export = ends.last ?? names.last
    }

    private static func collect(_ value: JSONValue, into names: inout Set<String>) {
        switch value {
        case .string(let text): if text.hasPrefix("name:") { names.insert(String(text.dropFirst(5))) }
        case .array(let items): for item in items { collect(item, into: &names) }
        case .object(let members):
            for (key, item) in members {
                // References of an input may be the keys of an object.
                if key.hasPrefix("name:") { names.insert(String(key.dropFirst(5))) }
                collect(item, into: &names)
            }
        default: break
        }
    }
}
