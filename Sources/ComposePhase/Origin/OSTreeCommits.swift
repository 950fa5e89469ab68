import Koji
import ProductMD

/// Which ostree commit an image carries.
enum OSTreeCommits {
    /// The largest manifest that is looked into, in bytes; real ones have a few million.
    static let manifestLimit = 64 << 20

    /// What the commit of an image-builder manifest is; nil where it names none or several.
    ///
    /// - Parameters:
    ///   - bytes: an osbuild manifest; its source `org.osbuild.ostree` has commits as keys.
    ///   - url: of the request's repository: chooses among several.
    static func commit(inManifest bytes: [UInt8], name: String, url: String) throws(MetadataFailure) -> String? {
        // Most manifests have no such source, and need not be taken apart.
        guard bytes.firstRange(of: Array(#""org.osbuild.ostree""#.utf8)) != nil else { return nil }
        var limits = JSONLimits.standard
        limits.bytes = manifestLimit
        let manifest = try JSONReader.read(bytes, name: name, limits: limits)
        let items = manifest["sources"]?["org.osbuild.ostree"]?["items"]?.object ?? [:]
        let commits = items.filter { isCommit($0.key) }
        if commits.count == 1 { return commits.keys.first }
        let matching = commits.filter { $0.value["remote"]?["url"]?.string == url }
        return matching.count == 1 ? matching.keys.first : nil
    }

    /// The commit that a ref's file names; nil for another content.
    static func commit(inRef bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes.prefix(65), as: UTF8.self)
        let commit = text.hasSuffix("\n") ? String(text.dropLast()) : text
        return isCommit(commit) ? commit : nil
    }

    /// SHA-256 in hexadecimal, as ostree writes it.
    static func isCommit(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}
