import CLibCrypto
import Glibc

/// A client's certificate with its key, looked at before it is shown to anybody: what is wrong with the file can be
/// said better here than by a server that refuses it.
///
/// Holds libcrypto's objects for the length of ``inspect(_:)`` only.
struct CertificateFile: Sendable, Hashable {
    /// The subject's CN: the hub's user name.
    let commonName: String

    /// What is wrong with the file, for a person; without a full stop.
    struct Unusable: Error, Sendable, Hashable {
        let reason: String
    }

    /// Reads the file, and looks at what a server will look at.
    static func inspect(_ path: String) throws(Unusable) -> CertificateFile {
        let bytes = try read(path)
        defer { ERR_clear_error() }
        guard let certificate = object(bytes, { PEM_read_bio_X509($0, nil, noPassword, nil) }) else {
            throw Unusable(reason: "\(path) holds no certificate in PEM form")
        }
        defer { X509_free(certificate) }
        guard let key = object(bytes, { PEM_read_bio_PrivateKey($0, nil, noPassword, nil) }) else {
            throw Unusable(
                reason: "\(path) holds no private key that can be read without a password; certificate and key must"
                    + " stand in this one file")
        }
        defer { EVP_PKEY_free(key) }
        guard X509_check_private_key(certificate, key) == 1 else {
            throw Unusable(reason: "the private key in \(path) is not the certificate's")
        }
        let name = commonName(of: certificate)
        if X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0 {
            throw Unusable(
                reason: "the certificate \(path)\(name.map { " of \($0)" } ?? "") expired on "
                    + "\(date(X509_get0_notAfter(certificate))): get a new one")
        }
        if X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0 {
            throw Unusable(
                reason: "the certificate \(path) is not valid before \(date(X509_get0_notBefore(certificate))): look at"
                    + " this machine's clock")
        }
        return CertificateFile(commonName: name ?? "")
    }

    /// Reads one object of a PEM file; nil if there is none.
    private static func object(_ bytes: [UInt8], _ read: (OpaquePointer) -> OpaquePointer?) -> OpaquePointer? {
        bytes.withUnsafeBytes { buffer in
            guard let memory = BIO_new_mem_buf(buffer.baseAddress, Int32(buffer.count)) else { return nil }
            defer { BIO_free(memory) }
            return read(memory)
        }
    }

    /// Without it libcrypto asks on the terminal, and waits.
    private static let noPassword:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?)
            -> Int32 = { _, _, _, _ in -1 }

    private static func commonName(of certificate: OpaquePointer) -> String? {
        var text = [CChar](repeating: 0, count: 256)
        let length = X509_NAME_get_text_by_NID(
            X509_get_subject_name(certificate), NID_commonName, &text, Int32(text.count))
        guard length > 0 else { return nil }
        return ShownURL.printable(
            String(decoding: text.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    /// `2026-11-01 10:00:00 UTC`
    private static func date(_ time: UnsafePointer<ASN1_TIME>?) -> String {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else { return "an unknown day" }
        var text = [CChar](repeating: 0, count: 64)
        let length = strftime(&text, text.count, "%Y-%m-%d %H:%M:%S UTC", &parts)
        return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func read(_ path: String) throws(Unusable) -> [UInt8] {
        let limit = 1 << 20
        guard let file = fopen(path, "re") else {
            throw Unusable(reason: "cannot read the certificate \(path): \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else {
            throw Unusable(reason: "cannot read the certificate \(path): \(String(cString: strerror(errno)))")
        }
        guard count > 0 else { throw Unusable(reason: "the certificate \(path) is empty") }
        guard count <= limit else { throw Unusable(reason: "\(path) is too large for a certificate") }
        return Array(bytes[..<count])
    }
}
