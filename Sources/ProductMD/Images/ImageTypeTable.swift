/// Tells an image's type and format in the metadata from its file name.
///
/// Source: the tables of Pungi's `imagebuilder` phase, in their order: the first suffix that fits wins, and no dot is
/// implied. The `kiwibuild` phase reads the same tables the other way round.
/// `vhd.xz` came with Pungi 4.14.0.
package enum ImageTypeTable {
    private static let table: [(suffix: String, type: String, format: String)] = [
        ("vagrant.libvirt.box", "vagrant-libvirt", "vagrant-libvirt.box"),
        ("vagrant.virtualbox.box", "vagrant-virtualbox", "vagrant-virtualbox.box"),
        ("oci.tar.xz", "container", "tar.xz"),
        ("wsl", "wsl2", "wsl"),
        (".iso", "boot", "iso"),
        ("tar.gz", "docker", "tar.gz"),
        ("tar.xz", "docker", "tar.xz"),
        ("liveimg.squashfs", "liveimg-squashfs", "liveimg.squashfs"),
        ("qcow", "qcow", "qcow"),
        ("qcow2", "qcow2", "qcow2"),
        ("raw", "raw", "raw"),
        ("raw.xz", "raw-xz", "raw.xz"),
        ("rhevm.ova", "rhevm-ova", "rhevm.ova"),
        ("vagrant-hyperv.box", "vagrant-hyperv", "vagrant-hyperv.box"),
        ("vagrant-libvirt.box", "vagrant-libvirt", "vagrant-libvirt.box"),
        ("vagrant-virtualbox.box", "vagrant-virtualbox", "vagrant-virtualbox.box"),
        ("vagrant-vmware-fusion.box", "vagrant-vmware-fusion", "vagrant-vmware-fusion.box"),
        ("vdi", "vdi", "vdi"),
        ("vmdk", "vmdk", "vmdk"),
        ("vhd.xz", "vhd-compressed", "vhd.xz"),
        ("vhd", "vpc", "vhd"),
        ("vsphere.ova", "vsphere-ova", "vsphere.ova"),
    ]

    /// Nil for a file that is no image, or one that productmd has no format for.
    package static func detect(fileName: String) -> (type: String, format: String)? {
        table.first { fileName.hasSuffix($0.suffix) }.map { ($0.type, $0.format) }
    }
}
