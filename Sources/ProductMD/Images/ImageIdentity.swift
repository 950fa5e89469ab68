/// What tells one image of a compose from another for readers of images.json: no two images may share it.
package struct ImageIdentity: Sendable, Hashable, CustomStringConvertible {
    package var subvariant: String
    package var type: String
    package var format: String
    package var arch: String
    package var discNumber: Int
    package var isUnified: Bool
    package var additionalVariants: [String]

    package init(
        subvariant: String, type: String, format: String, arch: String, discNumber: Int = 1, isUnified: Bool = false,
        additionalVariants: [String] = []
    ) {
        self.subvariant = subvariant
        self.type = type
        self.format = format
        self.arch = arch
        self.discNumber = discNumber
        self.isUnified = isUnified
        self.additionalVariants = additionalVariants
    }

    package var description: String {
        "subvariant \(subvariant), type \(type), format \(format), arch \(arch), disc \(discNumber)"
    }
}
