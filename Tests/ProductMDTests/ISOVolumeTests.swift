import Foundation
import ProductMD
import TestSupport
import Testing

@Suite("ISO volumes")
struct ISOVolumeTests {
    /// A descriptor of a type, with a label and application data.
    private static func descriptor(_ type: UInt8 = 1, label: String = "", application: String = "") -> [UInt8] {
        var bytes = [UInt8](repeating: 0x20, count: ISOVolume.sector)
        bytes[0] = type
        bytes.replaceSubrange(1..<6, with: Array("CD001".utf8))
        bytes[6] = 1
        bytes.replaceSubrange(40..<40 + label.utf8.count, with: Array(label.utf8))
        bytes.replaceSubrange(883..<883 + application.utf8.count, with: Array(application.utf8))
        return bytes
    }

    static let digest = "0123456789abcdef0123456789ABCDEF"

    static let rows: [(what: String, bytes: [UInt8], label: String?, digest: String?)] = [
        ("a label", descriptor(label: "Fedora-IoT-44"), "Fedora-IoT-44", nil),
        (
            "a label of full length", descriptor(label: String(repeating: "L", count: 32)),
            String(repeating: "L", count: 32), nil
        ),
        ("no label", descriptor(), nil, nil),
        ("a boot record first", descriptor(0) + descriptor(label: "A B"), "A B", nil),
        (
            "a checksum", descriptor(label: "X", application: "ISO MD5SUM = \(digest);SKIPSECTORS = 15;"), "X",
            digest.lowercased()
        ),
        (
            "a checksum behind other data", descriptor(application: "genisoimage  ISO MD5SUM = \(digest);"), nil,
            digest.lowercased()
        ),
        ("a checksum that is none", descriptor(application: "ISO MD5SUM = xyz"), nil, nil),
        (
            "a checksum cut off by the end",
            descriptor(application: String(repeating: "a", count: 490) + "ISO MD5SUM = 01"), nil, nil
        ),
        ("controls in the label", descriptor(label: "a\u{1b}[2J"), nil, nil),
    ]

    @Test("label and checksum are read", arguments: 0..<rows.count)
    func read(index: Int) throws {
        let row = Self.rows[index]
        let volume = try #require(ISOVolume(descriptors: row.bytes), "\(row.what)")
        #expect(volume.volumeID == row.label, "\(row.what)")
        #expect(volume.implantedMD5 == row.digest, "\(row.what)")
    }

    static let none: [[UInt8]] = [
        [], Array("CD001".utf8), [UInt8](repeating: 0, count: 4096), descriptor(255), descriptor(0) + descriptor(255),
        Array(descriptor(label: "short").dropLast()), (0..<40).flatMap { _ in descriptor(2) },
    ]

    @Test("what is no volume is none", arguments: 0..<none.count)
    func noVolume(index: Int) { #expect(ISOVolume(descriptors: Self.none[index]) == nil) }

    @Test("no bytes crash it (seeded)")
    func hostile() {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            var bytes = Self.descriptor(label: "Label", application: "ISO MD5SUM = \(Self.digest);")
            for _ in 0..<Int.random(in: 0...40, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            if Bool.random(using: &generator) { bytes.removeLast(Int.random(in: 0...bytes.count, using: &generator)) }
            _ = ISOVolume(descriptors: bytes)
        }
    }

    @Test("what the real tools make and implant is read", .needsPeers)
    func realTools() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("iso-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("content\n".utf8).write(to: folder.appendingPathComponent("file"))
        let image = folder.appendingPathComponent("a.iso").path
        func tool(_ program: String, _ arguments: [String]) throws -> String {
            let result = try PythonPeer.run(program: URL(fileURLWithPath: program), arguments, directory: folder)
            try #require(result.status == 0, "\(program): \(result.stderr)")
            return String(decoding: result.stdout, as: UTF8.self)
        }
        _ = try tool(
            "/usr/bin/xorriso", ["-as", "mkisofs", "-quiet", "-V", "Fedora-IoT-44-x86_64", "-o", image, "file"])
        _ = try tool("/usr/bin/implantisomd5", [image])
        // `checkisomd5 --md5sumonly` prints the digest that is in the file, among other lines.
        let said = try tool("/usr/bin/checkisomd5", ["--md5sumonly", image])
        let bytes = try Data(contentsOf: URL(fileURLWithPath: image)).dropFirst(
            ISOVolume.firstSector * ISOVolume.sector)
        let volume = try #require(ISOVolume(descriptors: Array(bytes.prefix(ISOVolume.sector * ISOVolume.mostSectors))))
        #expect(volume.volumeID == "Fedora-IoT-44-x86_64")
        let digest = try #require(volume.implantedMD5)
        #expect(said.contains(digest), "\(said)")
    }
}
