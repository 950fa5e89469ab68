/// What image-builder calls its image types for Fedora, and the suffix of the file that each one makes.
///
/// The four that Fedora builds (`minimal-raw-xz`, `iot-raw-xz`, `iot-installer`, `iot-simplified-installer`) are known from
/// its composes; the others are the names in image-builder's documentation, with the suffix of their format.
package enum ImageTypeOutputs {
    /// The suffix of the image file, without its first dot; nil for a type that is not in the table.
    package static func suffix(of imageType: String) -> String? { suffixes[imageType] }

    /// All types of the table, sorted.
    package static let known = suffixes.keys.sorted()

    private static let suffixes: [String: String] = [
        "ami": "raw",
        "cloud-azure": "vhdfixed.xz",
        "cloud-ec2": "raw.xz",
        "cloud-gce": "tar.gz",
        "cloud-qcow2": "qcow2",
        "container": "tar.xz",
        "everything-network-installer": "iso",
        "generic-ami": "raw",
        "generic-gce": "tar.gz",
        "generic-oci": "qcow2",
        "generic-openstack": "qcow2",
        "generic-ova": "ova",
        "generic-qcow2": "qcow2",
        "generic-vagrant-libvirt": "vagrant-libvirt.box",
        "generic-vagrant-virtualbox": "vagrant-virtualbox.box",
        "generic-vhd": "vhd",
        "generic-vmdk": "vmdk",
        "image-installer": "iso",
        "iot-bootable-container": "tar",
        "iot-commit": "tar",
        "iot-container": "tar",
        "iot-installer": "iso",
        "iot-qcow2": "qcow2",
        "iot-qcow2-image": "qcow2",
        "iot-raw-image": "raw.xz",
        "iot-raw-xz": "raw.xz",
        "iot-simplified-installer": "iso",
        "live-installer": "iso",
        "minimal-installer": "iso",
        "minimal-raw": "raw.xz",
        "minimal-raw-xz": "raw.xz",
        "minimal-raw-zst": "raw.zst",
        "oci": "qcow2",
        "openstack": "qcow2",
        "ova": "ova",
        "pxe-tar-xz": "tar.xz",
        "qcow2": "qcow2",
        "server-ami": "raw",
        "server-network-installer": "iso",
        "server-oci": "qcow2",
        "server-openstack": "qcow2",
        "server-ova": "ova",
        "server-qcow2": "qcow2",
        "server-vagrant-libvirt": "vagrant-libvirt.box",
        "server-vagrant-virtualbox": "vagrant-virtualbox.box",
        "server-vhd": "vhd",
        "server-vmdk": "vmdk",
        "vagrant-libvirt": "vagrant-libvirt.box",
        "vagrant-virtualbox": "vagrant-virtualbox.box",
        "vhd": "vhd",
        "vmdk": "vmdk",
        "workstation-live-installer": "iso",
        "wsl": "wsl",
    ]
}
