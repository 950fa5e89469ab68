import ProductMD
import Testing

@Suite("Type and format from a file name")
struct ImageTypeTableTests {
    @Test(
        "the first suffix that fits wins",
        arguments: [
            ("Fedora-IoT-raw-44-1.x86_64.raw.xz", "raw-xz", "raw.xz"), ("a.iso", "boot", "iso"),
            ("a.oci.tar.xz", "container", "tar.xz"), ("a.tar.xz", "docker", "tar.xz"), ("a.tar.gz", "docker", "tar.gz"),
            ("a.vagrant.libvirt.box", "vagrant-libvirt", "vagrant-libvirt.box"),
            ("a.vagrant-libvirt.box", "vagrant-libvirt", "vagrant-libvirt.box"), ("a.qcow2", "qcow2", "qcow2"),
            ("a.qcow", "qcow", "qcow"), ("a.raw", "raw", "raw"), ("a.vhd", "vpc", "vhd"),
            ("a.vhd.xz", "vhd-compressed", "vhd.xz"), ("awsl", "wsl2", "wsl"), ("a.vmdk", "vmdk", "vmdk"),
        ])
    func detect(name: String, type: String, format: String) {
        let detected = ImageTypeTable.detect(fileName: name)
        #expect(detected?.type == type)
        #expect(detected?.format == format)
    }

    @Test(
        "what is no image is none",
        arguments: [
            "a.osbuild-manifest.json", "a.spdx.json", "a.log", "a.raw.zst", "a.ova", "a.img", "a.tar", "iso",
            "a.vhdfixed.xz",
            "a.vhd.gz", "a.img.xz", "a.erofs.xz", "RAW.XZ", "",
        ])
    func none(name: String) { #expect(ImageTypeTable.detect(fileName: name) == nil) }

    @Test("every detected pair is one that productmd knows")
    func pairs() {
        for name in ["a.raw.xz", "a.iso", "a.oci.tar.xz", "a.tar.gz", "a.wsl", "a.vhd.xz", "a.vdi"] {
            guard let detected = ImageTypeTable.detect(fileName: name) else {
                Issue.record("\(name) is not detected")
                continue
            }
            #expect(ImageVocabulary.formatsByType[detected.type]?.contains(detected.format) == true, "\(name)")
        }
    }
}
