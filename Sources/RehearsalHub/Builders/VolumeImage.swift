/// The least that is still an ISO 9660 file system: a volume descriptor, its end, path tables and an empty root.
enum VolumeImage {
    private static let sector = 2048

    /// - Parameters:
    ///   - volumeID: at most 32 bytes; longer ones are cut.
    ///   - note: stands in the system area and as the volume's publisher.
    static func bytes(volumeID: String, note: String) -> [UInt8] {
        // Sectors: 0 to 15 system area, 16 descriptor, 17 end, 18 and 19 path tables, 20 the root directory.
        var image = [UInt8](repeating: 0, count: 21 * sector)
        // Pungi's test phase dooms a compose whose ISO for x86_64 has no boot sector. This one boots nothing.
        put(text: note, into: &image, at: 0, width: 510, padding: 0)
        put([0x55, 0xAA], into: &image, at: 510)
        descriptor(volumeID: volumeID, note: note, into: &image)
        image.replaceSubrange(17 * sector..<17 * sector + 7, with: [255] + Array("CD001".utf8) + [1])
        pathTable(into: &image, at: 18, root: little(20, 4))
        pathTable(into: &image, at: 19, root: big(20, 4))
        let dot = directoryRecord(name: 0)
        let dotDot = directoryRecord(name: 1)
        image.replaceSubrange(20 * sector..<20 * sector + dot.count + dotDot.count, with: dot + dotDot)
        return image
    }

    private static func descriptor(volumeID: String, note: String, into image: inout [UInt8]) {
        let start = 16 * sector
        image.replaceSubrange(start..<start + 7, with: [1] + Array("CD001".utf8) + [1])
        put(text: "LINUX", into: &image, at: start + 8, width: 32)
        put(text: volumeID, into: &image, at: start + 40, width: 32)
        put(both(21, 4), into: &image, at: start + 80)
        put(both(1, 2), into: &image, at: start + 120)
        put(both(1, 2), into: &image, at: start + 124)
        put(both(sector, 2), into: &image, at: start + 128)
        put(both(10, 4), into: &image, at: start + 132)
        put(little(18, 4), into: &image, at: start + 140)
        put(big(19, 4), into: &image, at: start + 148)
        put(directoryRecord(name: 0), into: &image, at: start + 156)
        for (offset, text) in [(190, ""), (318, note), (446, ""), (574, "PHASE-RUNNER REHEARSAL")] {
            put(text: text, into: &image, at: start + offset, width: 128)
        }
        put(text: "", into: &image, at: start + 702, width: 111)
        for offset in stride(from: 813, to: 881, by: 17) {
            put(Array("0000000000000000".utf8) + [0], into: &image, at: start + offset)
        }
        image[start + 881] = 1
    }

    private static func pathTable(into image: inout [UInt8], at number: Int, root: [UInt8]) {
        let parent = number == 18 ? little(1, 2) : big(1, 2)
        put([1, 0] + root + parent + [0, 0], into: &image, at: number * sector)
    }

    /// The record of the root directory under one of its two own names.
    private static func directoryRecord(name: UInt8) -> [UInt8] {
        [34, 0] + both(20, 4) + both(sector, 4) + [70, 1, 1, 0, 0, 0, 0, 2, 0, 0] + both(1, 2) + [1, name]
    }

    private static func put(_ bytes: [UInt8], into image: inout [UInt8], at start: Int) {
        image.replaceSubrange(start..<start + bytes.count, with: bytes)
    }

    private static func put(
        text: String, into image: inout [UInt8], at start: Int, width: Int, padding: UInt8 = 0x20
    ) {
        let bytes = Array(text.utf8.prefix(width))
        put(bytes + [UInt8](repeating: padding, count: width - bytes.count), into: &image, at: start)
    }

    private static func little(_ number: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    private static func big(_ number: Int, _ width: Int) -> [UInt8] { little(number, width).reversed() }

    private static func both(_ number: Int, _ width: Int) -> [UInt8] { little(number, width) + big(number, width) }
}
