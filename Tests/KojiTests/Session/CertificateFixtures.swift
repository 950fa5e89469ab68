import CLibCrypto
import Foundation

/// Certificate files, good and bad, made for one run of the tests: each is signed by itself.
final class CertificateFixtures: Sendable {
    let directory: String

    var good: String { path("good") }
    var expired: String { path("expired") }
    var early: String { path("early") }
    var withoutKey: String { path("without-key") }
    var locked: String { path("locked") }
    var otherKey: String { path("other-key") }
    var keyOnly: String { path("key-only") }
    var empty: String { path("empty") }

    init() {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("certificates-\(UUID())").path
        try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let key = Self.key()
        let other = Self.key()
        defer {
            EVP_PKEY_free(key)
            EVP_PKEY_free(other)
        }
        let now = Self.certificate(key, from: "20200101000000Z", until: "21200101000000Z")
        write("good", now + Self.pem(key))
        write("expired", Self.certificate(key, from: "20200101000000Z", until: "20200201000000Z") + Self.pem(key))
        write("early", Self.certificate(key, from: "21200101000000Z", until: "21210101000000Z") + Self.pem(key))
        write("without-key", now)
        write("locked", now + Self.pem(key, password: "locked"))
        write("other-key", now + Self.pem(other))
        write("key-only", Self.pem(key))
        write("empty", [])
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func path(_ name: String) -> String { "\(directory)/\(name).pem" }

    private func write(_ name: String, _ bytes: [UInt8]) {
        _ = FileManager.default.createFile(atPath: path(name), contents: Data(bytes))
    }

    private static func key() -> OpaquePointer? {
        let context = EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nil)
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        EVP_PKEY_keygen_init(context)
        EVP_PKEY_keygen(context, &key)
        return key
    }

    private static func certificate(_ key: OpaquePointer?, from start: String, until end: String) -> [UInt8] {
        let certificate = X509_new()
        defer { X509_free(certificate) }
        X509_set_version(certificate, 2)
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1)
        ASN1_TIME_set_string(X509_getm_notBefore(certificate), start)
        ASN1_TIME_set_string(X509_getm_notAfter(certificate), end)
        X509_set_pubkey(certificate, key)
        let name = X509_get_subject_name(certificate)
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, "alice", -1, -1, 0)
        X509_set_issuer_name(certificate, name)
        X509_sign(certificate, key, nil)
        return text { PEM_write_bio_X509($0, certificate) }
    }

    private static func pem(_ key: OpaquePointer?, password: String? = nil) -> [UInt8] {
        guard let password else { return text { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) } }
        var bytes = Array(password.utf8)
        return text { PEM_write_bio_PrivateKey($0, key, EVP_aes_256_cbc(), &bytes, Int32(bytes.count), nil, nil) }
    }

    private static func text(_ write: (OpaquePointer?) -> Int32) -> [UInt8] {
        let memory = BIO_new(BIO_s_mem())
        defer { BIO_free(memory) }
        _ = write(memory)
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = BIO_read(memory, &bytes, Int32(bytes.count))
        return Array(bytes[..<Int(max(0, count))])
    }
}
