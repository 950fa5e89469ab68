/// A type of archive that the hub takes into a build.
struct ArchiveType: Sendable, Hashable {
    let id: Int
    let name: String
    let extensions: String
    let description: String

    /// The types whose extensions image files may have. The ids are the recorded hub's where they were seen.
    static let known = [
        ArchiveType(id: 4, name: "tar", extensions: "tar tar.gz tar.bz2 tar.xz tgz", description: "Tar file"),
        ArchiveType(id: 10, name: "iso", extensions: "iso", description: "CD/DVD Image"),
        ArchiveType(id: 11, name: "raw", extensions: "raw", description: "Raw disk image"),
        ArchiveType(id: 13, name: "qcow2", extensions: "qcow2", description: "QCOW2 image"),
        ArchiveType(id: 14, name: "vmdk", extensions: "vmdk", description: "vSphere image"),
        ArchiveType(id: 15, name: "ova", extensions: "ova", description: "Open Virtualization Archive"),
        ArchiveType(id: 32, name: "box", extensions: "box", description: "Vagrant Box Image"),
        ArchiveType(id: 34, name: "vhd", extensions: "vhd", description: "Hyper-V image"),
        ArchiveType(id: 35, name: "vhdx", extensions: "vhdx", description: "Hyper-V Virtual Hard Disk v2 image"),
        ArchiveType(id: 45, name: "raw-xz", extensions: "raw.xz", description: "xz compressed raw disk image"),
        ArchiveType(id: 46, name: "json", extensions: "json", description: "JSON data"),
        ArchiveType(id: 52, name: "wsl", extensions: "wsl", description: "Windows Subsystem for Linux image"),
    ]

    private static let byExtension: [String: ArchiveType] = {
        var table: [String: ArchiveType] = [:]
        for type in known { for ending in type.extensions.split(separator: " ") { table[String(ending)] = type } }
        return table
    }()

    /// The type of a file by the longest ending that is known: `raw.xz` before `xz`.
    static func of(_ fileName: String) -> ArchiveType? {
        let parts = fileName.split(separator: ".")
        for start in parts.indices.dropFirst() {
            if let type = byExtension[parts[start...].joined(separator: ".")] { return type }
        }
        return nil
    }
}
