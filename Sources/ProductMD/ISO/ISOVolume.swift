/// What the metadata say of an ISO file beside what they say of every image: its label, and the checksum that was put into it.
///
/// Source: ISO 9660 (ECMA-119), 8.4: the primary volume descriptor. The checksum is isomd5sum's, which productmd's
/// `implant_md5` holds: text in the part of the descriptor that is left to applications, as `implantisomd5` writes it.
package struct ISOVolume: Sendable, Hashable {
    /// Without the blanks behind it; nil for a volume without a label.
    package var volumeID: String?
    /// 32 hexadecimal digits.
    package var implantedMD5: String?

    /// Descriptors lie in sectors of this size, from the 16th on.
    package static let sector = 2048
    package static let firstSector = 16
    /// Descriptors are few; a list without an end is no volume.
    package static let mostSectors = 32

    /// Reads the primary volume descriptor.
    ///
    /// - Parameter sectors: the file's bytes from its 16th sector on, as many as there are, up to ``mostSectors``.
    /// - Returns: nil for what is no ISO 9660 volume.
    package init?(descriptors sectors: [UInt8]) {
        var start = 0
        while start + Self.sector <= sectors.count {
            let descriptor = sectors[start..<start + Self.sector]
            let bytes = Array(descriptor)
            guard bytes[1..<6].elementsEqual("CD001".utf8) else { return nil }
            switch bytes[0] {
            case 1:
                volumeID = Self.text(bytes[40..<72])
                implantedMD5 = Self.implanted(bytes[883..<1395])
                return
            // The end of the list.
            case 255: return nil
            default: start += Self.sector
            }
        }
        return nil
    }

    /// A field of d-characters, filled up with blanks. Labels of today hold others, too; what is no text is none.
    private static func text(_ field: ArraySlice<UInt8>) -> String? {
        let field = field.prefix { $0 != 0 }
        guard let text = String(validating: field, as: UTF8.self) else { return nil }
        let trimmed = text.unicodeScalars.reversed().drop { $0 == " " }.reversed()
        guard !trimmed.isEmpty, trimmed.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else { return nil }
        return String(String.UnicodeScalarView(trimmed))
    }

    /// `ISO MD5SUM = 0123456789abcdef0123456789abcdef;SKIPSECTORS = …`
    private static func implanted(_ field: ArraySlice<UInt8>) -> String? {
        let mark = Array("ISO MD5SUM = ".utf8)
        let bytes = Array(field)
        guard bytes.count >= mark.count + 32,
            let place = (0...bytes.count - mark.count - 32).first(where: {
                bytes[$0..<$0 + mark.count].elementsEqual(mark)
            })
        else { return nil }
        let digits = bytes[place + mark.count..<place + mark.count + 32]
        guard digits.allSatisfy(isDigit) else { return nil }
        return String(decoding: digits, as: UTF8.self).lowercased()
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
