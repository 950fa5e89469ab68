import PungiConfig

/// Where a variant's own package repository lies in the compose tree.
struct VariantRepository {
    let variants: VariantSet
    /// The absolute compose directory.
    let composeDirectory: String
    /// Where they lie by uid, if Pungi says so.
    var given: [String: String] = [:]

    /// The repository of a variant for the builder's arch (`$arch` is left for the builder to fill in), or nil when
    /// there is no such variant.
    ///
    /// As Pungi's paths: an addon's lies inside its parent's, all others in a directory of their own.
    func path(of uid: String) -> String? {
        guard let variant = variants[uid] else { return nil }
        if let path = given[uid] { return path }
        if variant.type == .addon, let parent = variant.parentUID {
            return "\(composeDirectory)/compose/\(parent)/$arch/os/addons/\(variant.id)"
        }
        return "\(composeDirectory)/compose/\(uid)/$arch/os"
    }
}
