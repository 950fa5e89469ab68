import PungiConfig

/// Places of a compose tree that are not where Pungi's own rules put them: a site may replace those rules
/// (`paths_module`), and Pungi's phase hands over what its path methods say.
package struct GivenPlaces: Sendable, Hashable {
    /// Which images a directory is for.
    package struct Images: Sendable, Hashable {
        package let variant: String
        package let arch: String
        package let isISO: Bool

        package init(variant: String, arch: String, isISO: Bool) {
            self.variant = variant
            self.arch = arch
            self.isISO = isISO
        }
    }

    /// Image directories as places below the top, where they differ from ``ComposeLayout/imageDirectory(of:arch:format:)``:
    /// `compose/` and what images.json says.
    package var images: [Images: String]
    /// Absolute directories of places that lie elsewhere.
    package var elsewhere: [String: String]

    package init(images: [Images: String] = [:], elsewhere: [String: String] = [:]) {
        self.images = images
        self.elsewhere = elsewhere
    }

    /// The directory of an image below the top.
    func imageDirectory(of variant: Variant, arch: String, format: String) -> String {
        images[Images(variant: variant.uid, arch: arch, isISO: format == "iso")]
            ?? ComposeLayout.imageDirectory(of: variant, arch: arch, format: format)
    }

    /// The absolute path of a place, if it or a directory that it is in lies elsewhere.
    func path(of place: String) -> String? {
        guard !elsewhere.isEmpty else { return nil }
        var directory = place[...]
        while true {
            if let path = elsewhere[String(directory)] { return path + place[directory.endIndex...] }
            guard let slash = directory.lastIndex(of: "/") else { return nil }
            directory = directory[..<slash]
        }
    }
}
