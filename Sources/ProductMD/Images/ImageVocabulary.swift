/// The words that productmd 1.51 accepts in images.json.
package enum ImageVocabulary {
    /// Formats by type. An empty list: productmd names no format for the type.
    package static let formatsByType: [String: [String]] = [
        "appx": ["appx"], "boot": ["iso"], "bootable-container": ["ociarchive"], "cd": ["iso"],
        "container": ["tar.xz", "oci", "ociarchive"], "docker": ["tar.gz", "tar.xz"], "dvd": ["iso"],
        "dvd-debuginfo": ["iso"], "dvd-ostree": ["iso"], "dvd-ostree-osbuild": ["iso"], "ec2": [],
        "fex": ["erofs.xz", "erofs.gz", "erofs", "squashfs.xz", "squashfs.gz", "squashfs"], "kvm": [], "live": [],
        "live-osbuild": ["iso"], "liveimg-squashfs": ["liveimg.squashfs"], "netinst": ["iso"],
        "ociarchive": ["ociarchive"], "p2v": [], "qcow": ["qcow"], "qcow2": ["qcow2"], "raw": ["raw"],
        "raw-xz": ["raw.xz"], "rescue": [], "rhevm-ova": ["rhevm.ova"], "tar-gz": ["tar.gz"],
        "vagrant-hyperv": ["vagrant-hyperv.box"], "vagrant-libvirt": ["vagrant-libvirt.box"],
        "vagrant-virtualbox": ["vagrant-virtualbox.box"], "vagrant-vmware-fusion": ["vagrant-vmware-fusion.box"],
        "vdi": ["vdi"], "vmdk": ["vmdk"], "vpc": ["vhd"], "vhd-compressed": ["vhd.gz", "vhd.xz", "vhdfixed.xz"],
        "vsphere-ova": ["vsphere.ova"], "wsl2": ["tar", "tar.gz", "wsl"],
    ]

    /// Every type.
    package static let types = Set(formatsByType.keys)

    /// Every format; they are file suffixes.
    package static let formats = Set(formatsByType.values.joined())

    /// The arches that images may be filed under: those of RPM that productmd lists, without the source arches.
    package static let arches: Set<String> = [
        "aarch64", "alpha", "alphaev4", "alphaev45", "alphaev5", "alphaev56", "alphaev6", "alphaev67",
        "alphaev68", "alphaev7", "alphapca56", "amd64", "arm64", "armhfp", "armv5tejl", "armv5tel",
        "armv5tl", "armv6hl", "armv6l", "armv7hl", "armv7hnl", "armv7l", "armv8hl", "armv8l", "athlon",
        "geode", "i386", "i486", "i586", "i686", "ia32e", "ia64", "loongarch64", "mips", "mips64",
        "mips64el", "mipsel", "ppc", "ppc64", "ppc64iseries", "ppc64le", "ppc64p7", "ppc64pseries",
        "riscv128", "riscv32", "riscv64", "s390", "s390x", "sh3", "sh4", "sh4a", "sparc", "sparc64",
        "sparc64v", "sparcv8", "sparcv9", "sparcv9v", "x86_64", "noarch",
    ]

    /// The arches of images that hold sources. No image is filed under them.
    package static let sourceArches: Set<String> = ["src", "nosrc"]
}
