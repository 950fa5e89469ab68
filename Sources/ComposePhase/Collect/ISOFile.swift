import Glibc
import ProductMD

/// Reads the descriptors of an ISO file, and nothing else of it.
enum ISOFile {
    /// Nil for a file that is no ISO 9660 volume, whatever its name says.
    static func volume(_ path: String) throws(AtomicFile.Failure) -> ISOVolume? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw AtomicFile.Failure(path: path, operation: "read", code: errno) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: ISOVolume.sector * ISOVolume.mostSectors)
        var count = 0
        while count < bytes.count {
            let place = off_t(ISOVolume.firstSector * ISOVolume.sector + count)
            let read = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count, place)
            }
            if read < 0, errno == EINTR { continue }
            guard read >= 0 else { throw AtomicFile.Failure(path: path, operation: "read", code: errno) }
            if read == 0 { break }
            count += read
        }
        return ISOVolume(descriptors: Array(bytes[..<count]))
    }
}
